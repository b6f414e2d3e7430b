import type { Call } from '../http/call.ts'
import { ok, type Reply } from '../http/reply.ts'
import { maxDepth } from './depth.ts'
import { buildTree } from './expand-engine.ts'

/** `GET /relation-tuples/expand` (admin-keto-projects §5.9); `null` when there is nothing. */
export function getExpand({ query, world }: Call): Reply {
  const read = (key: string) => query.get(key) ?? ''
  const set = { namespace: read('namespace'), object: read('object'), relation: read('relation') }
  return ok(buildTree(world, set, maxDepth(query, world)) ?? null)
}
