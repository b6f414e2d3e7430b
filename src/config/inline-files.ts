import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { base64Url } from './identity-schemas.ts'
import { type Problem, pointerOf } from './problem.ts'
import { readSource, type SourceText } from './source-text.ts'

/** Where a configuration names files by their address; `*` is any key or item. */
const PLACES: readonly (readonly string[])[] = [
  ['identity', 'schemas', '*', 'url'],
  ['courier', 'templates', '*', '*', 'email', 'subject'],
  ['courier', 'templates', '*', '*', 'email', 'body', '*'],
]

/**
 * A configuration with the contents of the files that it names in their place, as `base64://`, so that nothing needs to
 * be read later. Files that cannot be read are added to `problems`.
 */
export function inlineFiles(config: JsonObject, source: SourceText, problems: Problem[]): JsonObject {
  const inlined = PLACES.reduce<JsonObject>((value, place) => {
    const changed = at(value, place, [], (url, pointer) => contents(url, pointer, source, problems))
    return isJsonObject(changed) ? changed : value
  }, config)
  const namespaces = inlined['namespaces']
  if (typeof namespaces !== 'string') return inlined
  return { ...inlined, namespaces: namespacesIn(pathOf(namespaces, source.file), source, problems) }
}

type Change = (url: string, pointer: string) => string

/** `value` with every string that stands at `place` changed. */
function at(value: Json, place: readonly string[], path: readonly (string | number)[], change: Change): Json {
  const [key, ...rest] = place
  if (key === undefined) return typeof value === 'string' ? change(value, pointerOf(path)) : value
  if (Array.isArray(value)) return value.map((item: Json, index) => at(item, rest, [...path, index], change))
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).map(([name, child]) => {
    const here = child !== undefined && (key === '*' || key === name)
    return [name, here ? at(child, rest, [...path, name], change) : child]
  })
  return Object.fromEntries(entries)
}

function contents(url: string, pointer: string, source: SourceText, problems: Problem[]): string {
  // only a schema may be named by a plain path: in a template that is the text itself
  const plainPath = !/^[a-z0-9]+:\/\//i.test(url) && pointer.startsWith('/identity/')
  if (!plainPath && !/^file:\/\//i.test(url)) return url
  const path = pathOf(url, source.file)
  try {
    return base64Url(readFileSync(path, 'utf8'))
  } catch {
    const hint = 'Addresses of files are relative to the file that names them.'
    problems.push(...source.locate([{ pointer, message: `${path} cannot be read.`, hint }]))
    return url
  }
}

/** Keto takes its namespaces from a file, or from a folder with one file each. */
function namespacesIn(path: string, source: SourceText, problems: Problem[]): Json[] {
  try {
    const names = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]
    const files = names.sort().map(readSource)
    problems.push(...files.flatMap((file) => [...file.problems]))
    return files.flatMap(({ value }): Json[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]))
  } catch {
    const hint = 'Name a file or a folder of namespaces, or list them: [{"id": 0, "name": "files"}].'
    problems.push(...source.locate([{ pointer: '/namespaces', message: `${path} cannot be read.`, hint }]))
    return []
  }
}

/** `file:///etc/x` is absolute; `file://./x`, `file://x` and plain paths are relative to the file that names them. */
function pathOf(url: string, from: string): string {
  if (/^file:\/\/\//i.test(url)) return fileURLToPath(url)
  return resolve(dirname(from), url.replace(/^file:\/\//i, ''))
}
