import { internal, notFound } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { ok, type Reply } from '../http/reply.ts'
import { instant } from '../state/clock.ts'

/** GET /self-service/errors?id= (or `error=`, which wins); `stub:500` is always there. */
function getSelfServiceError(call: Call): Reply {
  const id = call.query.get('error') || call.query.get('id') || ''
  if (id === 'stub:500') {
    const zero = '0001-01-01T00:00:00Z'
    const error = internal('This is a stub error.').error
    return ok({ id: call.world.chance.uuid(), error, created_at: zero, updated_at: zero })
  }
  const found = call.world.errors.get(id)
  if (!found) throw notFound()
  return ok({
    id: found.id,
    error: found.error,
    created_at: instant(found.created_at),
    updated_at: instant(found.updated_at),
  })
}

export const errorOperations: Readonly<Record<string, Operation>> = { getSelfServiceError }
