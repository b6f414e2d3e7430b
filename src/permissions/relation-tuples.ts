import { badRequestMessage, OryError, plainError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { NumberError, parseInt64 } from '../http/go-strconv.ts'
import { created, noContent, ok, type Reply } from '../http/reply.ts'
import { readRelationQuery, withMessageOnly, writeRelationQuery } from './relation-query.ts'
import { listTuples, Namespaces, type Page, tupleBody } from './tuple.ts'
import { type PatchDelta, readPatch, readTuple, refusing } from './tuple-body.ts'

/** `PUT /admin/relation-tuples` (admin-keto-projects §5.4). The same tuple written twice is there twice. */
export function createRelationTuple({ body, world }: Call): Reply {
  const tuple = withMessageOnly(() => refusing(() => readTuple(body.text)))
  world.tuples.add(new Namespaces(world.settings.namespaces).rowOf(tuple))
  return created(tupleBody(tuple), `/relation-tuples?${writeRelationQuery(tuple)}`)
}

/** `PATCH /admin/relation-tuples` (§5.5): all or nothing; first everything is inserted, then everything deleted. */
export function patchRelationTuples({ body, world }: Call): Reply {
  const deltas = withMessageOnly(() => readPatch(body.text))
  const namespaces = new Namespaces(world.settings.namespaces)
  const rowsOf = (action: PatchDelta['action']) =>
    deltas.filter((delta) => delta.action === action).map((delta) => namespaces.rowOf(delta.relation_tuple))
  // both before the first change: an unknown namespace leaves everything as it was
  const [inserts, deletes] = [rowsOf('insert'), rowsOf('delete')]
  for (const row of inserts) world.tuples.add(row)
  for (const row of deletes) world.tuples.delete(row)
  return noContent()
}

/** `DELETE /admin/relation-tuples` (§5.6): all that match; without parameters all there are. */
export function deleteRelationTuples({ query, world }: Call): Reply {
  const wanted = withMessageOnly(() => readRelationQuery(query))
  try {
    world.tuples.delete(new Namespaces(world.settings.namespaces).filterOf(wanted))
  } catch (error) {
    // an unknown namespace is not told apart from a failing database
    if (error instanceof OryError) throw plainError(error.error.message)
    throw error
  }
  return noContent()
}

/** `GET /relation-tuples` (§5.7). */
export function getRelationTuples({ query, world }: Call): Reply {
  const wanted = withMessageOnly(() => readRelationQuery(query))
  const size = readPageSize(query.get('page_size') ?? '')
  const token = readPageToken(query.get('page_token') ?? '')
  const page: Page = { page: Math.max(1, token), size }
  const { tuples, more } = listTuples(world, wanted, page)
  return ok({ relation_tuples: tuples.map(tupleBody), next_page_token: more ? String(token + 1) : '' })
}

/** 100 without a size or with 0, 20 for what is negative; there is no maximum. */
function readPageSize(text: string): number {
  if (text === '') return 100
  try {
    const size = Number(parseInt64(text))
    return size < 0 ? 20 : size || 100
  } catch (error) {
    if (error instanceof NumberError) throw badRequestMessage(error.message)
    throw error
  }
}

/** A page number, of 32 bits and without a sign; 0 is the first page too. */
function readPageToken(text: string): number {
  if (text === '') return 1
  const page = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (page < 2 ** 32) return page
  throw plainError('malformed page token')
}
