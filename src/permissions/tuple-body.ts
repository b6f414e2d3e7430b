import { badRequestMessage, subjectAmbiguous, subjectMissing } from '../errors.ts'
import { decodeGoJson, GoJsonError } from '../http/go-json.ts'
import { decodeGoStruct, type GoStruct, goRaw, goString, goStruct } from '../http/go-struct.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { RelationTuple, Subject, SubjectSet } from './tuple.ts'

/** One change of `PATCH /admin/relation-tuples`. */
export interface PatchDelta {
  readonly action: 'insert' | 'delete'
  readonly relation_tuple: RelationTuple
}

const PACKAGE = 'relationtuple'

const SUBJECT_SET: GoStruct = goStruct(
  'SubjectSet',
  { namespace: goString, object: goString, relation: goString },
  PACKAGE,
)

const RELATION_QUERY: GoStruct = goStruct(
  'RelationQuery',
  { namespace: goString, object: goString, relation: goString, subject_id: goString, subject_set: SUBJECT_SET },
  PACKAGE,
)

const PATCH_DELTA: GoStruct = goStruct(
  'PatchDelta',
  { action: { kind: 'string', named: 'relationtuple.patchAction' }, relation_tuple: goRaw },
  PACKAGE,
)

/**
 * Reads a tuple from a body (admin-keto-projects §5.1): unknown keys are ignored, missing texts are empty, exactly one
 * subject must be there.
 * @throws GoJsonError when the body is no JSON, or not of the right types; `message` is Go's text
 * @throws OryError 400 without a subject or with two
 */
export function readTuple(text: string): RelationTuple {
  return decodeTuple(decodeGoJson(text))
}

/**
 * Reads the changes of a patch (§5.5); `null` is the empty list.
 * @throws OryError 400 for whatever is wrong with them
 */
export function readPatch(text: string): readonly PatchDelta[] {
  const document = refusing(() => decodeGoJson(text))
  if (document === null) return []
  if (!Array.isArray(document)) {
    const got = isJsonObject(document) ? 'object' : typeof document === 'boolean' ? 'bool' : typeof document
    throw badRequestMessage(`json: cannot unmarshal ${got} into Go value of type []*relationtuple.PatchDelta`)
  }
  // a tuple that is refused ends the decoding at once; what merely has the wrong type is told at its end
  const deltas = document.map((delta: Json) => decodeDelta(delta))
  const error = deltas.find((delta) => delta.error)?.error
  if (error) throw badRequestMessage(error.message)
  return deltas.map(checkDelta)
}

/**
 * Runs what reads a body, and answers a body that is no JSON or not of the right types with 400.
 * @throws OryError
 */
export function refusing<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoJsonError) throw badRequestMessage(error.message)
    throw error
  }
}

interface DecodedDelta {
  readonly action: Json | undefined
  readonly tuple: RelationTuple | undefined
  readonly error: GoJsonError | undefined
}

function decodeDelta(delta: Json): DecodedDelta {
  const { fields, error } = decodeGoStruct(delta, PATCH_DELTA)
  const tuple = fields['relation_tuple'] ?? null
  return { action: fields['action'], tuple: tuple === null ? undefined : refusing(() => decodeTuple(tuple)), error }
}

function checkDelta({ action, tuple }: DecodedDelta): PatchDelta {
  // the real servers break the connection for `[null]`; here it is a tuple that is missing
  if (tuple === undefined) throw badRequestMessage('relation_tuple is missing')
  if (action !== 'insert' && action !== 'delete') throw badRequestMessage(`unknown action ${action ?? ''}`)
  return { action, relation_tuple: tuple }
}

function decodeTuple(value: Json): RelationTuple {
  const { fields, error } = decodeGoStruct(value, RELATION_QUERY)
  if (error) throw error
  return { ...setOf(fields), subject: subjectOf(fields) }
}

function subjectOf({ subject_id: id, subject_set: set }: JsonObject): Subject {
  if (id !== undefined && set !== undefined) throw subjectAmbiguous()
  if (typeof id === 'string') return wellFormed(id)
  if (isJsonObject(set)) return setOf(set)
  throw subjectMissing()
}

function setOf({ namespace, object, relation }: JsonObject): SubjectSet {
  return { namespace: textOf(namespace), object: textOf(object), relation: textOf(relation) }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? wellFormed(value) : ''
}

/** Half a surrogate pair is no character: Go reads it as U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
