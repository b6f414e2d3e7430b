import { badRequestMessage, OryError, subjectAmbiguous, subjectIncomplete, subjectKeyDropped } from '../errors.ts'
import type { RelationQuery, RelationTuple, Subject } from './tuple.ts'

const SET_KEYS = ['subject_set.namespace', 'subject_set.object', 'subject_set.relation'] as const

/**
 * What a query string asks for (admin-keto-projects §5.3). Of the subject's keys the presence counts: `subject_id=` asks
 * for the empty id. Part of a subject set beside a subject id is ignored.
 * @throws OryError 400 for the old key `subject`, for two subjects, for half a subject set
 */
export function readRelationQuery(query: URLSearchParams): RelationQuery {
  const read = (key: string) => query.get(key) ?? ''
  if (query.has('subject')) throw subjectKeyDropped()
  const subject = readSubject(query)
  return { namespace: read('namespace'), object: read('object'), relation: read('relation'), subject }
}

function readSubject(query: URLSearchParams): Subject | undefined {
  const id = query.get('subject_id')
  const [namespace, object, relation] = SET_KEYS.map((key) => query.get(key) ?? undefined)
  const set = namespace !== undefined && object !== undefined && relation !== undefined
  if (id !== null && set) throw subjectAmbiguous()
  if (id !== null) return id
  if (set) return { namespace, object, relation }
  if (namespace !== undefined || object !== undefined || relation !== undefined) throw subjectIncomplete()
  return undefined
}

/** The query string that finds the tuple again, as Go's `url.Values.Encode` writes it: keys in order. */
export function writeRelationQuery({ namespace, object, relation, subject }: RelationTuple): string {
  const subjectPairs: [string, string][] =
    typeof subject === 'string'
      ? [['subject_id', subject]]
      : [
          ['subject_set.namespace', subject.namespace],
          ['subject_set.object', subject.object],
          ['subject_set.relation', subject.relation],
        ]
  const pairs = [['namespace', namespace], ['object', object], ['relation', relation], ...subjectPairs]
  return pairs.map(([key, value = '']) => `${key}=${queryEscape(value)}`).join('&')
}

/** `url.QueryEscape`: everything but letters, digits and `-_.~` is escaped, a space becomes `+`. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

/**
 * Runs what reads a request, and words its refusals as lists and writes do: the message alone survives (§5.3).
 * @throws OryError 400
 */
export function withMessageOnly<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof OryError) throw badRequestMessage(error.error.message)
    throw error
  }
}
