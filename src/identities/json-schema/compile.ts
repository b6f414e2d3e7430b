import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { Keywords } from './keywords.ts'
import type { Schema } from './schema.ts'
import { SchemaError } from './schema-error.ts'

/** A compiled schema depends on nothing but its document, which never changes: so it may be kept as long as that lives. */
const compiled = new WeakMap<JsonObject, Document>()

/**
 * Compiles a JSON Schema, or the part of it that a JSON pointer names.
 * @param ptr `#` or `#/…`
 * @throws SchemaError
 */
export function compileSchema(document: JsonObject, ptr = '#'): Schema {
  let known = compiled.get(document)
  if (!known) {
    known = new Document(document)
    compiled.set(document, known)
  }
  return known.at(ptr)
}

/**
 * A schema whose property `name` refers to another, already compiled schema: how a body's schema takes in that of the
 * traits.
 */
export function withReference(schema: Schema, name: string, target: Schema): Schema {
  const reference: Schema = { ...empty(schema.document, ''), ref: target }
  return { ...schema, properties: new Map(schema.properties).set(name, reference) }
}

type Draft = 4 | 6 | 7

/** One schema document and what has been compiled of it. */
class Document {
  readonly #document: JsonObject
  readonly #draft: Draft
  readonly #byPtr = new Map<string, Schema>()
  #ids: ReadonlyMap<string, JsonObject> | undefined

  constructor(document: JsonObject) {
    this.#document = document
    this.#draft = draftOf(document)
  }

  at(ptr: string): Schema {
    const key = ptr === '#/' ? '#' : ptr
    const known = this.#byPtr.get(key)
    if (known) return known
    return this.#compileAt(key, resolvePointer(this.#document, key))
  }

  #compileAt(key: string, json: Json | undefined): Schema {
    // known before it is filled in, so that a schema can refer to itself
    const schema: Mutable<Schema> = empty(this.#document, key)
    this.#byPtr.set(key, schema)
    this.#fill(schema, json, key)
    return schema
  }

  #child = (json: Json | undefined, where: string): Schema => {
    const schema: Mutable<Schema> = empty(this.#document, '')
    this.#fill(schema, json, where)
    return schema
  }

  #fill(schema: Mutable<Schema>, json: Json | undefined, where: string): void {
    if (typeof json === 'boolean') {
      schema.always = json
      return
    }
    if (!isJsonObject(json)) throw new SchemaError(`${where} is not a schema: it must be an object or a boolean`)
    const read = new Keywords(json, where, this.#child)
    const ref = read.text('$ref')
    if (ref !== undefined) {
      schema.ref = this.#resolve(ref, where)
      return
    }
    fillGeneral(schema, read)
    fillObject(schema, read)
    fillArray(schema, read)
    fillStringAndNumber(schema, read)
    if (this.#draft >= 6) fillDraft6(schema, read)
    if (this.#draft >= 7) fillDraft7(schema, read)
  }

  #resolve(ref: string, where: string): Schema {
    if (ref === '#' || ref.startsWith('#/')) return this.at(ref)
    const target = this.#byId(ref)
    if (target === undefined) {
      throw new SchemaError(
        `${where}/$ref: ${JSON.stringify(ref)} cannot be resolved: refer to a part of the same file`,
      )
    }
    return this.#byPtr.get(ref) ?? this.#compileAt(ref, target)
  }

  /** Finds what a reference by `$id`, absolute or relative to the document's, means. */
  #byId(ref: string): Json | undefined {
    const base = this.#document[this.#draft === 4 ? 'id' : '$id']
    const own = typeof base === 'string' ? base.replace(/#.*$/, '') : ''
    const [address = '', fragment = ''] = absolute(own, ref).split('#', 2)
    if (address === own) return resolvePointer(this.#document, `#${fragment}`)
    this.#ids ??= collectIds(this.#document, this.#draft === 4 ? 'id' : '$id', own, new Map())
    const found = this.#ids.get(address)
    return found === undefined ? undefined : resolvePointer(found, `#${fragment}`)
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

function empty(document: JsonObject, ptr: string): Mutable<Schema> {
  return {
    ptr,
    document,
    types: [],
    constant: [],
    allOf: [],
    anyOf: [],
    oneOf: [],
    required: [],
    properties: new Map(),
    patternProperties: [],
    dependencies: new Map(),
    uniqueItems: false,
  }
}

function fillGeneral(schema: Mutable<Schema>, read: Keywords): void {
  const type = read.text('type')
  schema.types = type === undefined ? read.texts('type') : [type]
  assign(schema, 'enum', read.list('enum'))
  assign(schema, 'format', read.text('format'))
  assign(schema, 'not', read.schema('not'))
  schema.allOf = read.schemas('allOf')
  schema.anyOf = read.schemas('anyOf')
  schema.oneOf = read.schemas('oneOf')
  assign(schema, 'title', read.text('title'))
  assign(schema, 'default', read.raw('default'))
  assign(schema, 'extension', read.object('ory.sh/kratos'))
}

function fillObject(schema: Mutable<Schema>, read: Keywords): void {
  assign(schema, 'minProperties', read.number('minProperties'))
  assign(schema, 'maxProperties', read.number('maxProperties'))
  schema.required = read.texts('required')
  schema.properties = new Map(read.schemaMap('properties'))
  schema.patternProperties = read
    .schemaMap('patternProperties')
    .map(([source, each]) => ({ source, regex: read.regex(source, 'patternProperties'), schema: each }))
  const additional = read.raw('additionalProperties')
  if (additional === false) schema.additionalProperties = false
  else if (isJsonObject(additional)) assign(schema, 'additionalProperties', read.schema('additionalProperties'))
  schema.dependencies = new Map(
    Object.entries(read.object('dependencies') ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : read.compile(value, `dependencies/${name}`),
    ]),
  )
}

function fillArray(schema: Mutable<Schema>, read: Keywords): void {
  assign(schema, 'minItems', read.number('minItems'))
  assign(schema, 'maxItems', read.number('maxItems'))
  schema.uniqueItems = read.raw('uniqueItems') === true
  if (read.list('items') === undefined) {
    assign(schema, 'items', read.schema('items'))
    return
  }
  schema.items = read.schemas('items')
  const additional = read.raw('additionalItems')
  schema.additionalItems = isJsonObject(additional)
    ? read.compile(additional, 'additionalItems')
    : (additional ?? true) === true
}

function fillStringAndNumber(schema: Mutable<Schema>, read: Keywords): void {
  assign(schema, 'minLength', read.number('minLength'))
  assign(schema, 'maxLength', read.number('maxLength'))
  const pattern = read.text('pattern')
  if (pattern !== undefined) schema.pattern = { source: pattern, regex: read.regex(pattern, 'pattern') }
  fillBound(schema, read, 'minimum', 'exclusiveMinimum')
  fillBound(schema, read, 'maximum', 'exclusiveMaximum')
  assign(schema, 'multipleOf', read.number('multipleOf'))
}

/** In draft-04 the exclusive keyword is a boolean that changes what the other one means. */
function fillBound<A extends 'minimum' | 'maximum', B extends 'exclusiveMinimum' | 'exclusiveMaximum'>(
  schema: Mutable<Schema>,
  read: Keywords,
  bound: A,
  exclusive: B,
): void {
  const swapped = read.raw(exclusive) === true
  assign(schema, swapped ? exclusive : bound, read.number(bound))
  if (!swapped) assign(schema, exclusive, read.number(exclusive))
}

function fillDraft6(schema: Mutable<Schema>, read: Keywords): void {
  const constant = read.raw('const')
  if (constant !== undefined) schema.constant = [constant]
  assign(schema, 'propertyNames', read.schema('propertyNames'))
  assign(schema, 'contains', read.schema('contains'))
}

function fillDraft7(schema: Mutable<Schema>, read: Keywords): void {
  const condition = read.schema('if')
  const [then, otherwise] = [read.schema('then'), read.schema('else')]
  if (condition !== undefined && (then !== undefined || otherwise !== undefined)) {
    schema.if = condition
    assign(schema, 'then', then)
    assign(schema, 'else', otherwise)
  }
  assign(schema, 'contentEncoding', read.text('contentEncoding'))
  assign(schema, 'contentMediaType', read.text('contentMediaType'))
}

function assign<K extends keyof Schema>(schema: Mutable<Schema>, key: K, value: Schema[K] | undefined): void {
  if (value !== undefined) schema[key] = value
}

function draftOf(document: JsonObject): Draft {
  const address = document['$schema']
  if (typeof address !== 'string') return 7
  if (address.includes('draft-04')) return 4
  return address.includes('draft-06') ? 6 : 7
}

/** @throws SchemaError when the document has nothing there */
function resolvePointer(document: Json, ptr: string): Json {
  let at: Json | undefined = document
  for (const token of ptr.split('/').slice(1)) {
    const key = unescapeToken(token)
    at =
      isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : Array.isArray(at) ? (at as Json[])[Number(key)] : undefined
    if (at === undefined) throw new SchemaError(`${JSON.stringify(ptr)} names nothing in the schema`)
  }
  return at
}

function unescapeToken(token: string): string {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return token
  }
}

function absolute(base: string, ref: string): string {
  try {
    return new URL(ref, base === '' ? undefined : base).href
  } catch {
    return ref
  }
}

function collectIds(json: Json, keyword: string, base: string, ids: Map<string, JsonObject>): Map<string, JsonObject> {
  if (Array.isArray(json)) for (const item of json) collectIds(item, keyword, base, ids)
  if (!isJsonObject(json)) return ids
  const id = json[keyword]
  const own = typeof id === 'string' ? absolute(base, id).replace(/#$/, '') : base
  if (typeof id === 'string') ids.set(own, json)
  for (const value of Object.values(json)) if (value !== undefined) collectIds(value, keyword, own, ids)
  return ids
}
