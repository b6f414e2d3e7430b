import { JSONPatch, JSONPatchError, type JSONValue, type OpObject } from 'json-p3'
import { keysOf } from '../config/problem.ts'
import { badRequest } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * Applies a JSON Patch (RFC 6902) to a document, which is not changed. As on the real servers, `replace` also sets a key
 * that is missing in an object that exists.
 * @throws OryError 400 when the patch is none, or does not apply
 */
export function patchDocument(document: JsonObject, patch: Json): JsonObject {
  if (!Array.isArray(patch)) throw badRequest('A JSON Patch is an array of operations.')
  let patched = structuredClone(document) as JSONValue
  for (const [i, operation] of patch.entries()) {
    try {
      patched = new JSONPatch([operationOf(operation, patched)]).apply(patched)
    } catch (error) {
      if (!(error instanceof JSONPatchError)) throw error
      throw badRequest(
        `Operation ${i} of the JSON Patch does not apply: ${error.message.replace(/ \(\w+:\d+\)$/, '')}.`,
      )
    }
  }
  if (!isJsonObject(patched)) throw badRequest('The JSON Patch leaves no project.')
  return patched
}

function operationOf(operation: Json, document: JSONValue): OpObject {
  if (!isJsonObject(operation)) throw new JSONPatchError('an operation is an object')
  const { op, path, from } = operation
  if (typeof op !== 'string' || typeof path !== 'string') throw new JSONPatchError('an operation has an op and a path')
  for (const pointer of [path, from]) {
    // no key of a configuration, and the library would not take it for data
    if (typeof pointer === 'string' && keysOf(pointer).includes('__proto__'))
      throw new JSONPatchError('no such property')
  }
  const set = op === 'replace' && isMissing(document as Json, path) ? 'add' : op
  return { ...operation, op: set, path } as unknown as OpObject
}

/** Whether the path names a key that an object lacks. */
function isMissing(document: Json, path: string): boolean {
  const keys = keysOf(path)
  const last = keys.pop()
  let value: Json | undefined = document
  for (const key of keys) {
    if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key]
    else if (Array.isArray(value)) value = (value as readonly Json[])[Number(key)]
    else return false
  }
  return last !== undefined && isJsonObject(value) && !Object.hasOwn(value, last)
}
