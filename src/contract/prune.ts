import type { OperationInfo } from './document.ts'
import {
  type OpenApiDocument,
  type OperationObject,
  type ResponseObject,
  responseOf,
  type Schema,
  schemaName,
} from './openapi.ts'

/*
 * Small documents for express-openapi-validator: it compiles what it is given whole, again for each operation, so that
 * a document of one operation, without prose, makes the first request of an operation an order of magnitude cheaper
 * (dependencies §5.1). What is judged stays the same.
 */

/** The document of one operation's request: its parameters, its body, and the schemas that they reach. */
export function requestDocument(document: OpenApiDocument, operation: OperationInfo): OpenApiDocument {
  const source = operationObject(document, operation)
  const slim = new Slimmer(document)
  const kept: OperationObject = {
    operationId: source.operationId,
    responses: {},
    ...(source.parameters === undefined
      ? {}
      : {
          parameters: source.parameters.map((parameter) => ({ ...parameter, schema: slim.schema(parameter.schema) })),
        }),
    ...(source.requestBody === undefined
      ? {}
      : { requestBody: { ...source.requestBody, content: slim.content(source.requestBody.content) } }),
  }
  return slim.documentOf(operation, kept)
}

/** The document of one operation's replies: its responses, and the schemas that they reach. */
export function responseDocument(document: OpenApiDocument, operation: OperationInfo): OpenApiDocument {
  const slim = new Slimmer(document)
  const responses: Record<string, ResponseObject> = {}
  for (const [status, response] of Object.entries(operationObject(document, operation).responses)) {
    const { content } = responseOf(document, response)
    responses[status] =
      content === undefined ? { description: '' } : { description: '', content: slim.content(content) }
  }
  return slim.documentOf(operation, { operationId: operation.operationId, responses })
}

export function operationObject(document: OpenApiDocument, operation: OperationInfo): OperationObject {
  const found = document.paths[operation.path]?.[operation.method.toLowerCase()]
  if (found === undefined) throw new Error(`${operation.method} ${operation.path} is not in the document`)
  return found
}

/** Copies schemas without prose and remembers which others they name. */
class Slimmer {
  readonly #document: OpenApiDocument
  readonly #named = new Set<string>()

  constructor(document: OpenApiDocument) {
    this.#document = document
  }

  content(content: NonNullable<ResponseObject['content']>): NonNullable<ResponseObject['content']> {
    return mapValues(content, (media) => ({ schema: this.schema(media.schema) }))
  }

  schema(schema: Schema): Schema {
    if (schema.$ref !== undefined) {
      this.#named.add(schemaName(schema.$ref))
      return { $ref: schema.$ref }
    }
    const { properties, items, oneOf, anyOf, allOf, additionalProperties, ...rest } = schema
    return {
      ...withoutProse(rest),
      ...(properties === undefined ? {} : { properties: mapValues(properties, (value) => this.schema(value)) }),
      ...(items === undefined ? {} : { items: this.schema(items) }),
      ...(oneOf === undefined ? {} : { oneOf: oneOf.map((value) => this.schema(value)) }),
      ...(anyOf === undefined ? {} : { anyOf: anyOf.map((value) => this.schema(value)) }),
      ...(allOf === undefined ? {} : { allOf: allOf.map((value) => this.schema(value)) }),
      ...(additionalProperties === undefined
        ? {}
        : {
            additionalProperties:
              typeof additionalProperties === 'object' ? this.schema(additionalProperties) : additionalProperties,
          }),
    }
  }

  documentOf(operation: OperationInfo, kept: OperationObject): OpenApiDocument {
    const copies = new Map<string, Schema>()
    for (const name of this.#named) {
      const schema = this.#document.components.schemas[name]
      if (schema === undefined) throw new Error(`the document has no schema "${name}"`)
      copies.set(name, this.schema(schema))
    }
    // In the order of the document, where unions come last.
    const names = Object.keys(this.#document.components.schemas).filter((name) => copies.has(name))
    return {
      openapi: this.#document.openapi,
      info: { title: operation.operationId, version: '' },
      paths: { [operation.path]: { [operation.method.toLowerCase()]: kept } },
      components: {
        schemas: Object.fromEntries(names.map((name) => [name, copies.get(name) ?? {}])),
        responses: {},
        securitySchemes: {},
      },
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
