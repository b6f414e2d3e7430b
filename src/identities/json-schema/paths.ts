import type { Json } from '../../json.ts'
import type { Schema } from './schema.ts'

/** What a schema says of one property, by its dotted name: how form fields are read and which nodes a form shows. */
export interface SchemaPath {
  /** `traits.name.first` */
  readonly name: string
  readonly type: PathType
  /** `json` for what a form cannot hold in one field: objects, and arrays of them. */
  readonly hint: 'json' | 'scalar' | 'list'
  readonly required: boolean
  readonly format: string | undefined
  readonly pattern: string | undefined
  readonly title: string | undefined
}

/** How a text is read into the property; `undefined` where the schema leaves it open. */
export type PathType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'array'
  | 'strings'
  | 'numbers'
  | 'booleans'
  | 'other'
  | undefined

const MAX_RECURSION = 5
const paths = new WeakMap<Schema, readonly SchemaPath[]>()

/** The properties of a schema and of everything below it, sorted by name; computed once per schema. */
export function listPaths(schema: Schema): readonly SchemaPath[] {
  const known = paths.get(schema)
  if (known) return known
  const byName = new Map<string, { path: SchemaPath; default: Json | undefined }>()
  visit(schema, undefined, [], new Map(), 0, (path, preset) => {
    const before = byName.get(path.name)
    // of several descriptions of one property the last without a default before it counts
    if (before === undefined || before.default === undefined) byName.set(path.name, { path, default: preset })
  })
  const sorted = [...byName.values()].map((each) => each.path).sort((a, b) => (a.name < b.name ? -1 : 1))
  paths.set(schema, sorted)
  return sorted
}

type Found = (path: SchemaPath, preset: Json | undefined) => void

function visit(
  schema: Schema,
  parent: Schema | undefined,
  names: readonly string[],
  above: ReadonlyMap<Schema, true>,
  recursion: number,
  found: Found,
): void {
  const [type, hint] = typeOf(schema)
  const name = names.at(-1)
  if (name !== undefined && (type !== undefined || schema.default !== undefined)) {
    found(
      {
        name: names.join('.'),
        type,
        hint,
        required: parent?.required.includes(name) ?? false,
        format: schema.format,
        pattern: schema.pattern?.source,
        title: schema.title === '' ? undefined : schema.title,
      },
      schema.default,
    )
  }
  let depth = recursion
  if (above.has(schema)) {
    if (depth > MAX_RECURSION) return
    depth++
  }
  const below = new Map(above).set(schema, true)
  for (const each of partsOf(schema)) visit(each, schema, names, below, depth, found)
  for (const [key, each] of schema.properties) visit(each, schema, [...names, key], below, depth, found)
}

function partsOf(schema: Schema): Schema[] {
  const single = [schema.ref, schema.not, schema.if, schema.then, schema.else].filter((each) => each !== undefined)
  return [...single, ...schema.allOf, ...schema.anyOf, ...schema.oneOf]
}

function typeOf(schema: Schema): [PathType, SchemaPath['hint']] {
  const [constant] = schema.constant
  if (constant !== undefined) return typeOfConstant(constant)
  // two types, such as string or null, are left open
  if (schema.types.length !== 1) return schema.types.length > 2 ? [undefined, 'json'] : [undefined, 'scalar']
  switch (schema.types[0]) {
    case 'boolean':
      return ['boolean', 'scalar']
    case 'number':
    case 'integer':
      return ['number', 'scalar']
    case 'string':
      return ['string', 'scalar']
    case 'object':
      return ['object', 'json']
    case 'array':
      return typeOfArray(schema)
    default:
      return [undefined, 'scalar']
  }
}

function typeOfConstant(constant: Json): [PathType, SchemaPath['hint']] {
  const type = typeof constant
  if (type === 'string' || type === 'number' || type === 'boolean') return [type, 'scalar']
  return [constant === null ? undefined : 'other', 'json']
}

const LISTS: ReadonlyMap<string, PathType> = new Map([
  ['boolean', 'booleans'],
  ['number', 'numbers'],
  ['integer', 'numbers'],
  ['string', 'strings'],
])

function typeOfArray(schema: Schema): [PathType, SchemaPath['hint']] {
  if (schema.items === undefined) return ['array', 'scalar']
  const items = isTuple(schema.items) ? schema.items : [schema.items]
  const types = new Set(items.flatMap((item) => [...item.types, ...(item.ref?.types ?? [])]))
  const [only] = types
  if (types.size !== 1 || only === undefined) return ['array', 'scalar']
  const list = LISTS.get(only)
  return list === undefined ? ['array', 'json'] : [list, 'list']
}

function isTuple(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items)
}

/**
 * The leaves of an identity schema in the order in which they are written: the order of a form's fields. References are
 * not followed, and what is not an object is a leaf (kratos-login-registration-sessions §1.11).
 */
export function keysInOrder(schema: Schema): readonly string[] {
  const known = orders.get(schema)
  if (known) return known
  const keys: string[] = []
  collectKeys(schema, [], keys)
  orders.set(schema, keys)
  return keys
}

const orders = new WeakMap<Schema, readonly string[]>()

function collectKeys(schema: Schema, names: readonly string[], keys: string[]): void {
  if (schema.types.length !== 1 || schema.types[0] !== 'object') {
    keys.push(names.join('.'))
    return
  }
  for (const [key, each] of schema.properties) collectKeys(each, [...names, key.replaceAll('.', '\\.')], keys)
}
