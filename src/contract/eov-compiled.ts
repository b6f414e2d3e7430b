import type { Json } from '../json.ts'
import type { OperationInfo } from './document.ts'
import type { EovRequest } from './eov.ts'
import type { OpenApiDocument } from './openapi.ts'
import { operationObject } from './prune.ts'

/*
 * What express-openapi-validator compiled for the requests of an operation. Before it asks its own validators, it prepares
 * itself and the request anew each time (content type, styles of the parameters, unknown ones), which takes four times as
 * long as they do. Where there is nothing to prepare, they are asked at once, and all that they refuse goes the whole way.
 */

/** Characters of an address that it refuses, or reads parameters by, before its validators see them. */
export const RESERVED = /[^\w.~%&=?/-]/

type Compiled = ((data: unknown) => boolean) & { readonly schema?: unknown }

/** Where it keeps what it compiled; its types hide it. */
interface Kept {
  readonly ajv: { readonly getSchema: (key: string) => Compiled | undefined }
  readonly ajvBody: { readonly getSchema: (key: string) => Compiled | undefined }
}

/** One content type's. */
interface CompiledRequest {
  /** Judges query, headers and path. */
  readonly general: Compiled
  readonly body: Compiled
  /** Where the body is a union with a tag. */
  readonly union: Union | undefined
}

interface Union {
  readonly property: string
  readonly validators: Readonly<Record<string, Compiled>>
}

export class CompiledRequests {
  readonly #kept: Kept
  readonly #key: string
  readonly #byType = new Map<string, CompiledRequest>()

  /** @param key what it begins its own keys with: method and route */
  constructor(validator: object, key: string) {
    const { ajv, ajvBody } = validator as Partial<Kept>
    if (typeof ajv?.getSchema !== 'function' || typeof ajvBody?.getSchema !== 'function')
      throw new Error('this express-openapi-validator is another: install the version ~5.6')
    this.#kept = { ajv, ajvBody }
    this.#key = key
  }

  /** True when a request is certainly valid; the first of each content type is not, for nothing is compiled yet. */
  accepts({ headers, query, params, body }: EovRequest): boolean {
    const type = String(headers['content-type'] ?? NO_TYPE)
    const compiled = this.#byType.get(type) ?? this.#find(type)
    if (compiled === undefined) return false
    // they write numbers and booleans in place of texts
    const data = { query: { ...query }, headers, params, cookies: undefined, body }
    if (!compiled.general(data)) return false
    return compiled.union === undefined ? compiled.body(data) : branchAccepts(compiled.union, body)
  }

  #find(type: string): CompiledRequest | undefined {
    // it reads the fields of a multipart body by itself
    if (type === 'multipart/form-data') return undefined
    const key = `${this.#key}-${type}`
    const [general, body] = [this.#kept.ajv.getSchema(key), this.#kept.ajvBody.getSchema(key)]
    if (general === undefined || body === undefined) return undefined
    const found = { general, body, union: unionOf(body.schema) }
    this.#byType.set(type, found)
    return found
  }
}

const NO_TYPE = 'not_provided'

function branchAccepts({ property, validators }: Union, body: Json | undefined): boolean {
  const tag = (body as Readonly<Record<string, Json>> | undefined)?.[property]
  const validator = typeof tag === 'string' && Object.hasOwn(validators, tag) ? validators[tag] : undefined
  return validator?.(body) ?? false
}

function unionOf(schema: unknown): Union | undefined {
  const { properties } = schema as { readonly properties?: { readonly body?: { readonly _discriminator?: Union } } }
  return properties?.body?._discriminator
}

/** Whether no parameter is a list or an object, which come in several styles. */
export function hasScalarsOnly(document: OpenApiDocument, operation: OperationInfo): boolean {
  const { parameters = [] } = operationObject(document, operation)
  return parameters.every(({ schema: { type } }) => type !== 'array' && type !== 'object' && type !== undefined)
}
