import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { GoJsonError } from './go-json.ts'
import { goQuote } from './go-text.ts'
import { parseGoTime } from './go-time.ts'
import { decodeUuid } from './uuid.ts'

/*
 * What Go's encoding/json makes of a JSON value that is decoded into a struct: which values it takes, which keys it
 * ignores, and what it says about the others.
 */

/** The types of struct fields that the operations decode into. `raw` takes anything. */
export type GoType =
  | { readonly kind: 'string' | 'bool' | 'int' /** Go's name where it is not the kind's. */; readonly named?: string }
  | { readonly kind: 'raw' }
  | { readonly kind: 'time' }
  | { readonly kind: 'uuid' }
  /** Decodes by itself; what it throws ends the decoding. */
  | { readonly kind: 'custom'; readonly decode: (value: Json) => unknown }
  | { readonly kind: 'list'; readonly of: GoType; readonly named: string }
  | GoStruct

export interface GoStruct {
  readonly kind: 'struct'
  /** Go's package, which stands before the name where the type itself is what does not fit. */
  readonly package?: string
  /** Go's name of the type; `''` for an anonymous one. */
  readonly name: string
  readonly fields: Readonly<Record<string, GoType>>
}

export const goString: GoType = { kind: 'string' }
export const goBool: GoType = { kind: 'bool' }
export const goInt: GoType = { kind: 'int' }
export const goRaw: GoType = { kind: 'raw' }
export const goTime: GoType = { kind: 'time' }
/** A UUID; what is none ends the decoding with the parser's own text. */
export const goUuid: GoType = { kind: 'uuid' }

export function goStruct(name: string, fields: Readonly<Record<string, GoType>>, inPackage?: string): GoStruct {
  return { kind: 'struct', name, fields, ...(inPackage === undefined ? {} : { package: inPackage }) }
}

const NAMES = { string: 'string', bool: 'bool', int: 'int' } as const
const JS_TYPES = { string: 'string', bool: 'boolean', int: 'number' } as const

/**
 * Decodes a value into a struct. Answers the fields that fitted, under the struct's own names; what does not fit is left
 * out and the first such thing is the error, as Go does it.
 * @param options.strict refuse keys that the struct does not have (`json: unknown field "x"`)
 */
export function decodeGoStruct(
  value: Json,
  type: GoStruct,
  options: { readonly strict?: boolean } = {},
): { readonly fields: JsonObject; readonly error?: GoJsonError } {
  const decoder = new Decoder(options.strict ?? false)
  try {
    const fields = decoder.decode(value, type, '', '')
    const out = isJsonObject(fields) ? fields : {}
    return decoder.error === undefined ? { fields: out } : { fields: out, error: decoder.error }
  } catch (error) {
    if (error instanceof GoJsonError) return { fields: {}, error }
    throw error
  }
}

class Decoder {
  error: GoJsonError | undefined
  readonly #strict: boolean

  constructor(strict: boolean) {
    this.#strict = strict
  }

  /** The value as the field takes it, or `undefined` when it stays at its zero value. */
  decode(value: Json, type: GoType, owner: string, path: string): Json | undefined {
    switch (type.kind) {
      case 'raw':
        return value
      case 'custom':
        type.decode(value)
        return value
      case 'uuid':
        return this.#uuid(value, owner, path)
      case 'time':
        return this.#time(value)
      case 'struct':
        return this.#struct(value, type, owner, path)
      case 'list':
        return this.#list(value, type, owner, path)
      default:
        if (value === null) return undefined
        if (typeof value === JS_TYPES[type.kind] && (type.kind !== 'int' || Number.isInteger(value))) return value
        return this.#mismatch(value, type.named ?? NAMES[type.kind], owner, path)
    }
  }

  #struct(value: Json, type: GoStruct, owner: string, path: string): Json | undefined {
    if (value === null) return undefined
    if (!isJsonObject(value)) {
      return this.#mismatch(value, type.package === undefined ? type.name : `${type.package}.${type.name}`, owner, path)
    }
    const out: { [name: string]: Json } = {}
    for (const key of Object.keys(value)) {
      const name = fieldOf(type, key)
      const fieldType = name === undefined ? undefined : type.fields[name]
      if (name === undefined || fieldType === undefined) {
        if (this.#strict) this.#keep(new GoJsonError(`json: unknown field ${goQuote(key)}`))
        continue
      }
      const decoded = this.decode(value[key] ?? null, fieldType, type.name, path === '' ? name : `${path}.${name}`)
      if (decoded !== undefined) out[name] = decoded
    }
    return out
  }

  #list(value: Json, type: { readonly of: GoType; readonly named: string }, owner: string, path: string) {
    if (value === null) return undefined
    if (!Array.isArray(value)) return this.#mismatch(value, type.named, owner, path)
    return value.map((item: Json) => this.decode(item, type.of, owner, path) ?? {})
  }

  #uuid(value: Json, owner: string, path: string): Json | undefined {
    if (value === null) return undefined
    return typeof value === 'string' ? decodeUuid(value) : this.#mismatch(value, 'uuid.UUID', owner, path)
  }

  #time(value: Json): Json | undefined {
    if (value === null) return undefined
    if (typeof value !== 'string') throw new GoJsonError('Time.UnmarshalJSON: input is not a JSON string')
    parseGoTime(value)
    return value
  }

  #mismatch(value: Json, type: string, owner: string, path: string): undefined {
    const got = describe(value, type)
    const where = path === '' ? `Go value of type ${type}` : `Go struct field ${owner}.${path} of type ${type}`
    this.#keep(new GoJsonError(`json: cannot unmarshal ${got} into ${where}`))
    return undefined
  }

  #keep(error: GoJsonError): void {
    this.error ??= error
  }
}

/** The name of the field that a key means: the one of that name, else the one that differs in case alone. */
function fieldOf(type: GoStruct, key: string): string | undefined {
  if (Object.hasOwn(type.fields, key)) return key
  const folded = key.toLowerCase()
  return Object.keys(type.fields).find((name) => name.toLowerCase() === folded)
}

function describe(value: Json, type: string): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return type === 'int' ? `number ${value}` : 'number'
  return typeof value
}
