import type { Json } from '../json.ts'

/*
 * The parts of an OpenAPI 3.0 document that this project reads. Everything is read-only: a document in use is frozen.
 */

export interface OpenApiDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, ResponseObject>>
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, Json>>>>
  }
}

export type PathItem = Readonly<Record<string, OperationObject>>

export interface OperationObject {
  readonly operationId: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: RequestBodyObject
  readonly responses: Readonly<Record<string, ResponseObject | Reference>>
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  /** Ours: the `operationId` of the documented operation that also answers this additional route. */
  readonly 'x-same-as'?: string
  /** Ours: a route that real servers have and the published document lacks. */
  readonly 'x-additional'?: boolean
}

export interface Reference {
  readonly $ref: string
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header' | 'cookie'
  readonly required?: boolean
  readonly schema: Schema
}

export interface RequestBodyObject {
  readonly required?: boolean
  readonly content: Readonly<Record<string, MediaType>>
}

export interface MediaType {
  readonly schema: Schema
}

export interface ResponseObject {
  readonly description?: string
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: Schema }>>
  readonly content?: Readonly<Record<string, MediaType>>
}

export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly nullable?: boolean
  readonly enum?: readonly Json[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly discriminator?: { readonly propertyName: string; readonly mapping?: Readonly<Record<string, string>> }
  readonly readOnly?: boolean
}

/** The methods that a path item can name, lower-case as there. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const

const SCHEMAS = '#/components/schemas/'
const RESPONSES = '#/components/responses/'

/** The component that a `$ref` names. @throws when it names none of this kind */
export function schemaName(ref: string): string {
  if (!ref.startsWith(SCHEMAS)) throw new Error(`"${ref}" is no reference to a schema: it must begin with ${SCHEMAS}`)
  return ref.slice(SCHEMAS.length)
}

/** The response itself, whether it stands in place or is named by a reference. */
export function responseOf(document: OpenApiDocument, response: ResponseObject | Reference): ResponseObject {
  if (!('$ref' in response)) return response
  const found = document.components.responses[response.$ref.slice(RESPONSES.length)]
  if (found === undefined) throw new Error(`"${response.$ref}" names no response of the document`)
  return found
}

/** Every operation of a document with its path and its method in lower case. */
export function* operationsIn(document: OpenApiDocument): Generator<[path: string, method: string, OperationObject]> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method]
      if (operation !== undefined) yield [path, method, operation]
    }
  }
}
