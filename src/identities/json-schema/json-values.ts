import { goQuote } from '../../http/go-text.ts'
import { isJsonObject, type Json } from '../../json.ts'

export function jsonType(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A number that Go writes without point or exponent. */
export function isGoInteger(value: number): boolean {
  return /^-?\d+$/.test(String(value))
}

/** Equal as JSON values: objects whatever the order of their keys. */
export function equals(a: Json, b: Json): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    const other = b as readonly Json[]
    return a.length === other.length && a.every((item: Json, i) => equals(item, other[i] ?? null))
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  return keys.every((key) => Object.hasOwn(b, key) && equals(a[key] ?? null, b[key] ?? null))
}

/** `value must be "x"`; numbers are quoted too, because Go holds them as texts. */
export function constantText(constant: Json): string {
  return typeof constant === 'object' && constant !== null ? 'const failed' : `value must be ${literal(constant)}`
}

/** `value must be one of "a", "b"` */
export function enumText(items: readonly Json[]): string {
  if (items.some((item) => typeof item === 'object' && item !== null)) return 'enum failed'
  const [only] = items
  if (items.length === 1 && only !== undefined) return `value must be ${literal(only)}`
  return `value must be one of ${items.map(literal).join(', ')}`
}

/** A value as Go's `%q` prints it. */
export function printed(value: Json): string {
  if (value === null) return '%!q(<nil>)'
  if (typeof value === 'string' || typeof value === 'number') return goQuote(String(value))
  if (typeof value === 'boolean') return `%!q(bool=${value})`
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([key, item]) => `${goQuote(key)}:${printed(item ?? null)}`).join(' ')}]`
}

function literal(value: Json): string {
  if (value === null) return '<nil>'
  return typeof value === 'boolean' ? String(value) : goQuote(String(value))
}
