import { unmarshalGoJson } from '../http/go-json.ts'
import { goQuote } from '../http/go-text.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { equals } from './json-schema/json-values.ts'

/*
 * JSON Patch (RFC 6902) as the real servers' library reads it, with its texts (admin-keto-projects §1.7): `replace` of an
 * absent key adds it, negative indices count from the end, a null is as good as missing for what lies below it. Libraries
 * for JavaScript do none of this, and refuse or skip keys such as `__proto__`, which are data here.
 */

/** A patch that cannot be read or applied; `message` says why. */
export class PatchError extends Error {}

type Tree = { [key: string]: Json } | Json[]

interface Operation {
  readonly op: string
  readonly path: string
  readonly source: JsonObject
}

/**
 * Reads a patch from a body.
 * @param denied paths that no operation may name
 * @throws PatchError, GoJsonError
 */
export function decodePatch(text: string, denied: readonly string[]): readonly Operation[] {
  const json = unmarshalGoJson(text)
  if (json === null) return []
  if (!Array.isArray(json))
    throw new PatchError(`json: cannot unmarshal ${goType(json)} into Go value of type jsonpatch.Patch`)
  const sources = json.map((each: Json) => {
    if (isJsonObject(each)) return each
    if (each === null) return {}
    throw new PatchError(`json: cannot unmarshal ${goType(each)} into Go value of type jsonpatch.Operation`)
  })
  return sources.map((source) => {
    const path = pathOf(source)
    if (denied.includes(path)) throw new PatchError(`patch includes denied path: ${path}`)
    const op = member(source, 'op')
    return { op: typeof op === 'string' ? op : 'unknown', path, source }
  })
}

/**
 * The document with all operations applied in order; the given one stays as it is.
 * @throws PatchError
 */
export function applyPatch(document: JsonObject, patch: readonly Operation[]): JsonObject {
  const copy: { [key: string]: Json } = structuredClone(document) as { [key: string]: Json }
  for (const operation of patch) apply(copy, operation)
  return copy
}

function apply(document: Tree, { op, path, source }: Operation): void {
  const run = OPERATIONS.get(op)
  if (run === undefined) throw new PatchError(`Unexpected kind: ${op}`)
  run(document, path, source)
}

const OPERATIONS: ReadonlyMap<string, (document: Tree, path: string, source: JsonObject) => void> = new Map([
  ['add', addAt],
  ['remove', removeAt],
  ['replace', replaceAt],
  ['move', move],
  ['copy', copyTo],
  ['test', test],
])

function addAt(document: Tree, path: string, source: JsonObject): void {
  const place = find(document, path, `add operation does not apply: doc is missing path: "${path}"`)
  add(place, member(source, 'value') ?? null, `error in add for path: '${path}'`)
}

function removeAt(document: Tree, path: string): void {
  const place = find(document, path, `remove operation does not apply: doc is missing path: "${path}"`)
  remove(place, `error in remove for path: '${path}'`)
}

interface Place {
  readonly container: Tree
  readonly key: string
}

/** The container that a pointer's last key lies in. */
function find(document: Tree, path: string, otherwise: string): Place {
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const key = keys.pop()
  let at: Json | undefined = document
  for (const each of keys) at = isTree(at) ? read(at, each) : undefined
  if (key === undefined || !isTree(at)) throw missing(otherwise)
  return { container: at, key }
}

function replaceAt(document: Tree, path: string, source: JsonObject): void {
  const { container, key } = find(document, path, `replace operation does not apply: doc is missing path: ${path}`)
  const value = member(source, 'value') ?? null
  if (!Array.isArray(container)) define(container, key, value)
  else if (indexOf(container, key) === undefined) {
    throw missing(`replace operation does not apply: doc is missing key: ${path}`)
  } else container[Number(key)] = value
}

function move(document: Tree, path: string, patch: JsonObject): void {
  const from = fromOf(patch, 'move')
  const source = find(document, from, `move operation does not apply: doc is missing from path: ${from}`)
  const value = valueAt(source, `error in move for path: '${source.key}'`)
  remove(source, `error in move for path: '${source.key}'`)
  const target = find(document, path, `move operation does not apply: doc is missing destination path: ${path}`)
  add(target, value, `error in move for path: '${path}'`)
}

function copyTo(document: Tree, path: string, patch: JsonObject): void {
  const from = fromOf(patch, 'copy')
  const source = find(document, from, `copy operation does not apply: doc is missing from path: ${from}`)
  const value = structuredClone(valueAt(source, `error in copy for from: '${from}'`))
  const target = find(document, path, `copy operation does not apply: doc is missing destination path: ${path}`)
  add(target, value, 'error while adding value during copy')
}

function test(document: Tree, path: string, source: JsonObject): void {
  const place = find(document, path, `test operation does not apply: is missing path: ${path}`)
  const value = valueAt(place, `error in test for path: '${path}'`)
  if (!equals(value, member(source, 'value') ?? null)) {
    throw new PatchError(`testing value ${path} failed: test failed`)
  }
}

function add({ container, key }: Place, value: Json, problem: string): void {
  if (!Array.isArray(container)) {
    define(container, key, value)
    return
  }
  if (key === '-') {
    container.push(value)
    return
  }
  if (!INTEGER.test(key)) {
    throw new PatchError(`${problem}: value was not a proper array index: '${key}': ${notANumber(key)}`)
  }
  const size = container.length + 1
  const index = Number(key)
  if (index >= size || index < -size) throw invalidIndex(problem, key)
  container.splice(index < 0 ? index + size : index, 0, value)
}

function remove({ container, key }: Place, problem: string): void {
  if (!Array.isArray(container)) {
    if (!Object.hasOwn(container, key)) throw missing(`${problem}: Unable to remove nonexistent key: ${key}`)
    delete container[key]
    return
  }
  if (!INTEGER.test(key)) throw new PatchError(`${problem}: ${notANumber(key)}`)
  const index = Number(key)
  if (index >= container.length || index < -container.length) throw invalidIndex(problem, key)
  container.splice(index < 0 ? index + container.length : index, 1)
}

/** The value at a place; an absent member is null. */
function valueAt({ container, key }: Place, problem: string): Json {
  if (!Array.isArray(container)) return read(container, key) ?? null
  if (!INTEGER.test(key)) throw new PatchError(`${problem}: ${notANumber(key)}`)
  if (indexOf(container, key) === undefined) throw invalidIndex(problem, key)
  return container[Number(key)] ?? null
}

function read(container: Tree, key: string): Json | undefined {
  if (Array.isArray(container)) return indexOf(container, key) === undefined ? undefined : container[Number(key)]
  return Object.hasOwn(container, key) ? container[key] : undefined
}

const INTEGER = /^[+-]?\d+$/

function indexOf(list: readonly Json[], key: string): number | undefined {
  const index = INTEGER.test(key) ? Number(key) : -1
  return index >= 0 && index < list.length ? index : undefined
}

function define(object: { [key: string]: Json }, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

function pathOf(source: JsonObject): string {
  const path = member(source, 'path')
  if (typeof path === 'string') return path
  throw new PatchError(
    path === undefined || path === null
      ? 'error parsing patch operations: operation missing path field: missing value'
      : `error parsing patch operations: json: cannot unmarshal ${goType(path)} into Go value of type string`,
  )
}

function fromOf(source: JsonObject, op: string): string {
  const from = member(source, 'from')
  if (typeof from === 'string') return from
  const problem =
    from === undefined || from === null
      ? 'operation, missing from field: missing value'
      : `json: cannot unmarshal ${goType(from)} into Go value of type string`
  throw new PatchError(`${op} operation failed to decode from: ${problem}`)
}

function member(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function isTree(value: Json | undefined): value is Tree {
  return Array.isArray(value) || isJsonObject(value)
}

function goType(value: Json): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

const missing = (text: string) => new PatchError(`${text}: missing value`)

const notANumber = (key: string) => `strconv.Atoi: parsing ${goQuote(key)}: invalid syntax`

function invalidIndex(problem: string, key: string): PatchError {
  return new PatchError(`${problem}: Unable to access invalid index: ${Number(key)}: invalid index referenced`)
}
