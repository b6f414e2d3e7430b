/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. Keys such as `__proto__` are data: read them with `Object.hasOwn`, never by inheritance. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** True for `{…}`, false for arrays, null and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
