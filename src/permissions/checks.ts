import { plainError, subjectMissing } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { GoJsonError } from '../http/go-json.ts'
import { ok, type Reply } from '../http/reply.ts'
import { subjectIsAllowed } from './check-engine.ts'
import { maxDepth } from './depth.ts'
import { readRelationQuery } from './relation-query.ts'
import type { RelationTuple } from './tuple.ts'
import { readTuple } from './tuple-body.ts'

/*
 * The four forms of a check (admin-keto-projects §5.8): by query or by body, with the answer in the status (403 when
 * denied) or in the body alone.
 */

/** `GET /relation-tuples/check/openapi` */
export function getCheck(call: Call): Reply {
  return ok({ allowed: check(call, readFromQuery) })
}

/** `POST /relation-tuples/check/openapi` */
export function postCheck(call: Call): Reply {
  return ok({ allowed: check(call, readFromBody) })
}

/** `GET /relation-tuples/check` */
export function getCheckMirrorStatus(call: Call): Reply {
  return mirrored(check(call, readFromQuery))
}

/** `POST /relation-tuples/check` */
export function postCheckMirrorStatus(call: Call): Reply {
  return mirrored(check(call, readFromBody))
}

function check(call: Call, read: (call: Call) => RelationTuple): boolean {
  const depth = maxDepth(call.query, call.world)
  return subjectIsAllowed(call.world, read(call), depth)
}

function mirrored(allowed: boolean): Reply {
  return { status: allowed ? 200 : 403, body: { allowed } }
}

function readFromQuery({ query }: Call): RelationTuple {
  const { subject, ...rest } = readRelationQuery(query)
  if (subject === undefined) throw subjectMissing()
  return { ...rest, subject }
}

function readFromBody({ body }: Call): RelationTuple {
  try {
    return readTuple(body.text)
  } catch (error) {
    // a body that cannot be decoded is an error of the server here, unlike in writes
    if (error instanceof GoJsonError) throw plainError(error.message)
    throw error
  }
}
