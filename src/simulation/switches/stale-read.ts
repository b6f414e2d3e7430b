import type { Reply } from '../../http/reply.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { Namespaces, type RelationTuple } from '../../permissions/tuple.ts'
import { readPatch, readTuple } from '../../permissions/tuple-body.ts'
import type { Millis } from '../../state/clock.ts'
import { type TupleRow, Tuples } from '../../state/tuples.ts'
import { millis } from './parameters.ts'
import type { RequestChange, SwitchContext } from './switch.ts'

/*
 * Permissions that are seen only some time after they were written.
 */

/** A tuple that was written, and when. */
interface Written {
  readonly at: Millis
  readonly row: TupleRow
}

/** After a write that went well: keeps in mind what it added. */
export function rememberWritten(reply: Reply, context: SwitchContext): Reply {
  if (reply.status === 201 || reply.status === 204) {
    const { world } = context.call
    const namespaces = new Namespaces(world.settings.namespaces)
    const added = addedBy(context).map((tuple): Written => ({ at: world.now(), row: namespaces.rowOf(tuple) }))
    context.remember([...recent(context), ...added] as unknown as Json)
  }
  return reply
}

function addedBy({ call, operationId }: SwitchContext): readonly RelationTuple[] {
  if (operationId === 'createRelationTuple') return [readTuple(call.body.text)]
  if (operationId !== 'patchRelationTuples') return []
  return readPatch(call.body.text).flatMap(({ action, relation_tuple }) =>
    action === 'insert' ? [relation_tuple] : [],
  )
}

/** Before a check: the relation tuples without those that are too new. */
export function laggingReplica(context: SwitchContext): RequestChange | undefined {
  const unseen = recent(context)
  if (context.operationId === 'createRelationTuple' || context.operationId === 'patchRelationTuples') return undefined
  if (unseen.length === 0) return undefined
  const tuples = new Tuples()
  tuples.restore(context.call.world.tuples.snapshot())
  for (const { row } of unseen) tuples.delete(row)
  return { tuples }
}

function recent({ memory, call, ...context }: SwitchContext): readonly Written[] {
  const since = call.world.now() - millis(context, 'for')
  return Array.isArray(memory) ? memory.filter(isWritten).filter(({ at }) => at > since) : []
}

const isWritten = (value: Json): value is Json & Written => isJsonObject(value) && typeof value['at'] === 'number'
