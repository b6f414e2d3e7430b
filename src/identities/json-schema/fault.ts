import type { ValidationError } from './validation-error.ts'

/** An error while the tree grows: pointers are relative to the value and the schema under way. */
export interface Fault {
  readonly message: string
  readonly at: string
  readonly keyword: string
  readonly missing?: readonly string[]
  readonly causes: readonly Fault[]
  /** Set below a `$ref`: the schema pointer starts there, not at the schema under way. */
  readonly ptr?: string
}

export const fault = (keyword: string, message: string, causes: readonly Fault[] = []): Fault => ({
  message,
  at: '',
  keyword,
  causes: causes.map((cause) => within(cause, '', keyword)),
})

/** The same error, seen from one level higher. */
export function within(inner: Fault, at: string, keyword: string): Fault {
  return {
    ...inner,
    at: join(at, inner.at),
    keyword: inner.ptr === undefined ? join(keyword, inner.keyword) : inner.keyword,
    ...(inner.missing === undefined ? {} : { missing: inner.missing.map((each) => join(at, each)) }),
    causes: inner.causes.map((cause) => within(cause, at, keyword)),
  }
}

/** The same error, its schema pointers now counted from the schema that a `$ref` leads to. */
export function anchored(inner: Fault, ptr: string): Fault {
  if (inner.ptr !== undefined) return inner
  return { ...inner, ptr, causes: inner.causes.map((cause) => anchored(cause, ptr)) }
}

export function finish(inner: Fault, instance: string, schema: string): ValidationError {
  return {
    message: inner.message,
    instancePtr: join(instance, inner.at),
    schemaPtr: join(inner.ptr ?? schema, inner.keyword),
    ...(inner.missing === undefined ? {} : { missing: inner.missing.map((each) => join(instance, each)) }),
    causes: inner.causes.map((cause) => finish(cause, instance, schema)),
  }
}

const join = (a: string, b: string) => (a === '' ? b : b === '' ? a : `${a}/${b}`)

/** A key as a token of a JSON pointer within an address. */
export function token(key: string): string {
  if (PLAIN.test(key)) return key
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
    .replace(/%(?:24|26|2B|3A|3D|40)/g, decodeURIComponent)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

const PLAIN = /^[A-Za-z0-9_.-]*$/
