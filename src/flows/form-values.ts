import { goDecimal } from '../http/go-text.ts'
import type { SchemaPath } from '../identities/json-schema/paths.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** The values of a form, or of a JSON object that is read like one. */
export type FormValues = ReadonlyMap<string, readonly string[]>

/** Leaves a field out. */
const ABSENT = Symbol('absent')

/**
 * Reads the fields of a form into a nested object, as the schema describes them (kratos-login-registration-sessions §1.3):
 * fields it does not know are dropped, empty strings count as absent, of a boolean the last value counts, and every object
 * of the schema that got no value is there, empty. A text given for an object stays one, which the schema then refuses.
 */
export function readFormValues(values: FormValues, paths: readonly SchemaPath[]): JsonObject {
  const known = byName(paths)
  const out: Tree = {}
  for (const [name, texts] of values) {
    const path = known.get(name)
    const value = path === undefined ? ABSENT : readField(path, texts)
    if (value !== ABSENT) setAt(out, name, value)
  }
  for (const path of paths) {
    if (path.hint === 'json' && !hasAt(out, path.name)) setAt(out, path.name, {})
  }
  return out
}

/** The paths of a schema are listed once; so is their index. */
const indexes = new WeakMap<readonly SchemaPath[], ReadonlyMap<string, SchemaPath>>()

function byName(paths: readonly SchemaPath[]): ReadonlyMap<string, SchemaPath> {
  const known = indexes.get(paths) ?? new Map(paths.map((path) => [path.name, path]))
  indexes.set(paths, known)
  return known
}

function readField(path: SchemaPath, texts: readonly string[]): Json | typeof ABSENT {
  const [first = ''] = texts
  switch (path.type) {
    case 'string':
      return first === '' ? ABSENT : first
    case 'number':
      return first === '' ? absentUnless(path, 0) : readNumber(first)
    case 'boolean': {
      const last = texts.at(-1) ?? ''
      return last === '' ? absentUnless(path, false) : readBoolean(last)
    }
    case 'object':
      return first === '' && !path.required ? ABSENT : first
    case 'numbers':
      return texts.map(readNumber)
    case 'booleans':
      return texts.map(readBoolean)
    case 'strings':
    case 'array':
      return texts
    default:
      return ABSENT
  }
}

const absentUnless = (path: SchemaPath, value: Json): Json | typeof ABSENT => (path.required ? value : ABSENT)

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** What is no number stays a text, which the schema then refuses. */
function readNumber(text: string): Json {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : text
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

function readBoolean(text: string): Json {
  if (TRUE.has(text)) return true
  return FALSE.has(text) ? false : text
}

/** A scalar of a flat JSON body as the text that a form would have carried. */
export function scalarText(value: null | boolean | number | string): string {
  if (value === null) return ''
  return typeof value === 'number' ? goDecimal(value) : String(value)
}

type Tree = { [key: string]: Json }

/** Sets a dotted name; what stands in the way and is no object is replaced. */
function setAt(root: Tree, name: string, value: Json): void {
  const keys = name.split('.')
  const last = keys.pop() ?? ''
  let at = root
  for (const key of keys) {
    const inner = Object.hasOwn(at, key) ? at[key] : undefined
    const next: Tree = isJsonObject(inner) ? (inner as Tree) : {}
    if (next !== inner) define(at, key, next)
    at = next
  }
  define(at, last, value)
}

function hasAt(root: Tree, name: string): boolean {
  let at: Json | undefined = root
  for (const key of name.split('.')) {
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return false
    at = at[key]
  }
  return true
}

/** Plain assignment would take `__proto__` for something else than a key. */
function define(object: Tree, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
