import type { OperationInfo } from './document.ts'
import {
  type OpenApiDocument,
  type OperationObject,
  type Parameter,
  type ResponseObject,
  responseOf,
  type Schema,
  schemaName,
} from './openapi.ts'

/*
 * Small documents for express-openapi-validator. It compiles whatever it is given whole, once to resolve references and
 * again for each operation, so that a document of one operation without prose and references makes its first request
 * and reply cost 1 to 7 ms instead of 13 to 90. What is judged stays the same.
 */

const JSON_TYPE = 'application/json'

/** The document of one operation's requests. Unions keep their discriminator, which it honours in request bodies. */
export function requestDocument(document: OpenApiDocument, operation: OperationInfo): OpenApiDocument {
  const { operationId, parameters, requestBody } = operationObject(document, operation)
  const inliner = new Inliner(document, true)
  const judged = parameters?.filter(isBreakable).map((one) => ({ ...one, schema: inliner.schema(one.schema) }))
  return inliner.documentOf(operation, {
    operationId,
    responses: {},
    ...(judged && { parameters: judged }),
    ...(requestBody && { requestBody: { ...requestBody, content: inliner.content(requestBody.content) } }),
  })
}

/** The document of one operation's JSON replies with one status; `undefined` when the operation does not name it. */
export function replyDocument(
  document: OpenApiDocument,
  operation: OperationInfo,
  status: number,
): OpenApiDocument | undefined {
  const { operationId, responses } = operationObject(document, operation)
  const named = responses[String(status)] ?? responses['default']
  if (named === undefined) return undefined
  const inliner = new Inliner(document, false)
  const json = responseOf(document, named).content?.[JSON_TYPE]
  const response = { description: '', ...(json && { content: inliner.content({ [JSON_TYPE]: json }) }) }
  return inliner.documentOf(operation, { operationId, responses: { [status]: response } })
}

/** False for what nobody can get wrong: a header or cookie that may be absent and hold any text. */
export function isBreakable({ in: place, required, schema }: Parameter): boolean {
  const { type, ...limits } = withoutProse(schema)
  return (
    place === 'query' || place === 'path' || required === true || type !== 'string' || Object.keys(limits).length > 0
  )
}

/** @throws when the document has no such operation */
export function operationObject(document: OpenApiDocument, { method, path }: OperationInfo): OperationObject {
  const found = document.paths[path]?.[method.toLowerCase()]
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`)
  return found
}

/** Copies schemas without prose, with what they refer to in place of the reference. */
class Inliner {
  readonly #document: OpenApiDocument
  readonly #discriminators: boolean
  readonly #kept = new Map<string, Schema>()
  /** Each inlined once, as one object: a union that stands under two media types has to be the same one for both. */
  readonly #inlined = new Map<string, Schema>()
  readonly #open = new Set<string>()

  /** @param discriminators keep them, and their branches as references; else a union is read by the pinned tags */
  constructor(document: OpenApiDocument, discriminators: boolean) {
    this.#document = document
    this.#discriminators = discriminators
  }

  content(content: NonNullable<ResponseObject['content']>): NonNullable<ResponseObject['content']> {
    return mapValues(content, (media) => ({ schema: this.schema(media.schema) }))
  }

  schema(schema: Schema): Schema {
    if (schema.$ref !== undefined) return this.#refer(schema.$ref)
    const { properties, items, oneOf, anyOf, allOf, additionalProperties, discriminator, ...rest } = schema
    const each = (schemas: readonly Schema[]) => schemas.map((one) => this.schema(one))
    return {
      ...withoutProse(rest),
      ...(properties && { properties: mapValues(properties, (one) => this.schema(one)) }),
      ...(items && { items: this.schema(items) }),
      ...(discriminator ? this.#union(discriminator, oneOf ?? []) : oneOf && { oneOf: each(oneOf) }),
      ...(anyOf && { anyOf: each(anyOf) }),
      ...(allOf && { allOf: each(allOf) }),
      ...(additionalProperties !== undefined && {
        additionalProperties:
          typeof additionalProperties === 'object' ? this.schema(additionalProperties) : additionalProperties,
      }),
    }
  }

  /** The tags exclude each other, so that the first branch that fits is the only one, and the cheapest to find. */
  #union(discriminator: NonNullable<Schema['discriminator']>, branches: readonly Schema[]): Schema {
    if (!this.#discriminators) return { anyOf: branches.map((branch) => this.schema(branch)) }
    for (const { $ref = '' } of branches) this.#keep(schemaName($ref))
    return { discriminator, oneOf: branches }
  }

  #refer(ref: string): Schema {
    const name = schemaName(ref)
    if (this.#open.has(name) || this.#kept.has(name)) {
      this.#keep(name)
      return { $ref: ref }
    }
    this.#open.add(name)
    const schema = this.#inlined.get(name) ?? this.schema(this.#find(name))
    this.#open.delete(name)
    this.#inlined.set(name, schema)
    return schema
  }

  #keep(name: string): void {
    if (this.#kept.has(name)) return
    this.#kept.set(name, {})
    this.#kept.set(name, this.schema(this.#find(name)))
  }

  #find(name: string): Schema {
    const schema = this.#document.components.schemas[name]
    if (schema === undefined) throw new Error(`the document has no schema "${name}"`)
    return schema
  }

  documentOf({ operationId, method, path }: OperationInfo, kept: OperationObject): OpenApiDocument {
    return {
      openapi: this.#document.openapi,
      info: { title: operationId, version: '' },
      paths: { [path]: { [method.toLowerCase()]: kept } },
      components: { schemas: Object.fromEntries(this.#kept), responses: {}, securitySchemes: {} },
    }
  }
}

function withoutProse(schema: Schema): Schema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => !/^(description|title|example|externalDocs|x-.*)$/.test(key)),
  )
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}
