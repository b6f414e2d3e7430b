import { OryError } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { GoJsonError } from '../../http/go-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { readRelationQuery } from '../../permissions/relation-query.ts'
import type { RelationTuple, SubjectSet } from '../../permissions/tuple.ts'
import { readTuple } from '../../permissions/tuple-body.ts'
import { withJson, withQuery } from './request-change.ts'
import type { RequestChange } from './switch.ts'

/*
 * Requests about relation tuples as the client shall have sent them: in a query, in a body, in a patch.
 */

/** Other parts of a tuple; `undefined` takes one out, what is absent stays. */
export type TupleChange = Partial<Record<'namespace' | 'object' | 'relation', string>> & {
  readonly subject_id?: string | undefined
  readonly subject_set?: Partial<SubjectSet> | undefined
}

const SET_KEYS = ['namespace', 'object', 'relation'] as const

/** The tuple that a request names, otherwise: in its query or its body; in a patch all tuples. */
export function withTuple(call: Call, change: TupleChange): RequestChange {
  if (call.method === 'GET' || call.method === 'DELETE') return withQuery(call, inQuery(change))
  return withJson(call, (body) =>
    Array.isArray(body)
      ? body.map((delta: Json) => inDelta(delta, change))
      : isJsonObject(body)
        ? { ...body, ...change }
        : body,
  )
}

const inDelta = (delta: Json, change: TupleChange): Json =>
  isJsonObject(delta) && isJsonObject(delta['relation_tuple'])
    ? { ...delta, relation_tuple: { ...delta['relation_tuple'], ...change } }
    : delta

function inQuery(change: TupleChange): Record<string, string | undefined> {
  const { subject_set, ...rest } = change
  if (!('subject_set' in change)) return rest
  return { ...rest, ...Object.fromEntries(SET_KEYS.map((key) => [`subject_set.${key}`, subject_set?.[key]])) }
}

/** The question of a check; undefined where the server refuses it. */
export function questionOf(call: Call): RelationTuple | undefined {
  try {
    if (call.method === 'POST') return readTuple(call.body.text)
    const { subject, ...rest } = readRelationQuery(call.query)
    return subject === undefined ? undefined : { ...rest, subject }
  } catch (error) {
    if (error instanceof OryError || error instanceof GoJsonError) return undefined
    throw error
  }
}

/** The first change of a patch, otherwise; a patch without any gets one. */
export function withFirstDelta(call: Call, change: (delta: JsonObject) => JsonObject): RequestChange {
  return withJson(call, (body) => {
    const [first, ...rest] = Array.isArray(body) ? (body as readonly Json[]) : []
    return [change(isJsonObject(first) ? first : {}), ...rest]
  })
}
