import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { isDateTime, isInt64, isUuid4 } from './formats.ts'
import { type OpenApiDocument, type Schema, schemaName } from './openapi.ts'
import { type ViolatedPart, type Violation, violation } from './violation.ts'

/** Judges a value; an empty list when it is valid. Pointers are those of the value. */
export type ValueValidator = (value: unknown) => readonly Violation[]

/**
 * Validators for the schemas of a document, each compiled when it is first asked for and only once. They read OpenAPI as
 * it means: `nullable`, formats asserted, unions by the mapping of their discriminator.
 */
export class SchemaRegistry {
  readonly #document: OpenApiDocument
  readonly #ajv: Ajv
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #added = new Set<string>()

  constructor(document: OpenApiDocument) {
    this.#document = document
    this.#ajv = new Ajv({
      strict: false,
      validateSchema: false,
      meta: false,
      allErrors: true,
      discriminator: true,
      code: { optimize: false },
    })
    this.#ajv.addFormat('uuid4', isUuid4)
    this.#ajv.addFormat('date-time', isDateTime)
    this.#ajv.addFormat('int64', { type: 'number', validate: isInt64 })
  }

  /** @param part what the value is, for the violations */
  validator(schema: Schema, part: ViolatedPart): ValueValidator {
    let compiled: ValidateFunction | undefined
    return (value) => {
      compiled ??= this.#compile(schema)
      return compiled(value) ? NONE : violationsOf(compiled.errors ?? [], part)
    }
  }

  /** Equal schemas share a validator: the 230 documented replies have but some 30 distinct ones. */
  #compile(schema: Schema): ValidateFunction {
    const key = JSON.stringify(schema)
    let compiled = this.#validators.get(key)
    if (compiled === undefined) {
      compiled = this.#ajv.compile(this.#convert(schema))
      this.#validators.set(key, compiled)
    }
    return compiled
  }

  #convert(schema: Schema): object {
    if (schema.$ref !== undefined) return { $ref: this.#name(schema.$ref) }
    if (schema.discriminator !== undefined) return this.#union(schema)
    const { properties, items, oneOf, anyOf, allOf, additionalProperties, nullable, type, ...rest } = schema
    const each = (schemas: readonly Schema[]) => schemas.map((one) => this.#convert(one))
    return {
      ...rest,
      ...(type === undefined ? {} : { type: nullable === true ? [type, 'null'] : type }),
      ...(properties && { properties: this.#convertAll(properties) }),
      ...(items && { items: this.#convert(items) }),
      ...(oneOf && { oneOf: each(oneOf) }),
      ...(anyOf && { anyOf: each(anyOf) }),
      ...(allOf && { allOf: each(allOf) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === 'object' ? this.#convert(additionalProperties) : additionalProperties,
      }),
    }
  }

  #convertAll(schemas: Readonly<Record<string, Schema>>): Record<string, object> {
    return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, this.#convert(schema)]))
  }

  /**
   * A union with a discriminator: the tag alone decides which branch counts. Ajv's own keyword wants no mapping; it reads
   * the tags in the branches, where the corrections pinned them.
   */
  #union({ discriminator, oneOf = [] }: Schema): object {
    const tag = discriminator?.propertyName ?? ''
    return {
      type: 'object',
      required: [tag],
      discriminator: { propertyName: tag },
      oneOf: oneOf.map((branch) => this.#convert(branch)),
    }
  }

  /** The name of a component, which is given to Ajv with it the first time. */
  #name(ref: string): string {
    const name = schemaName(ref)
    if (!this.#added.has(name)) {
      this.#added.add(name)
      const schema = this.#document.components.schemas[name]
      if (schema === undefined) throw new Error(`the document has no schema "${name}"`)
      this.#ajv.addSchema(this.#convert(schema), name)
    }
    return name
  }
}

const NONE: readonly Violation[] = []

function violationsOf(errors: readonly ErrorObject[], part: ViolatedPart): readonly Violation[] {
  return errors.map(({ instancePath, message = 'is invalid', params }) =>
    violation(part, instancePath, explain(message, params)),
  )
}

function explain(message: string, params: ErrorObject['params']): string {
  if (Array.isArray(params['allowedValues'])) return `${message}: ${params['allowedValues'].join(', ')}`
  if (typeof params['additionalProperty'] === 'string') return `${message}: ${params['additionalProperty']}`
  return message
}
