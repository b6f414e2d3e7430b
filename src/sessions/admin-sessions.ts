import { badRequestMessage, notFound } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { noContent, ok, type Reply } from '../http/reply.ts'
import { parseUuid } from '../http/uuid.ts'
import { sessionPage } from './paging.ts'
import { sessionBody } from './session.ts'

/** PATCH /admin/sessions/{id}/extend: also revives an expired session (kratos-login-registration-sessions §5.7). */
function adminExtendSession(call: Call): Reply {
  const { world } = call
  const session = world.sessions.get(parseUuid(call.params['id'] ?? ''))
  const identity = session && world.identities.get(session.identity_id)
  if (!session || !identity) throw notFound()
  const { lifespan, earliest_possible_extend } = world.settings.session
  const now = world.now()
  if (now < session.expires_at - earliest_possible_extend) return ok(sessionBody(call, session, identity))
  const extended = { ...session, expires_at: now + lifespan }
  world.sessions.save(extended)
  return ok(sessionBody(call, extended, identity))
}

/** GET /admin/identities/{id}/sessions: `[]` for an unknown identity too (§5.8). */
function adminListIdentitySessions(call: Call): Reply {
  const { world } = call
  const id = parseUuid(call.params['id'] ?? '')
  const wanted = readActive(call.query.get('active'))
  const identity = world.identities.get(id)
  if (!identity) return ok([])
  const sessions = world.sessions.group('identity', id).filter((s) => wanted === undefined || s.active === wanted)
  return ok(sessionPage(call, sessions).map((s) => sessionBody(call, s, identity)))
}

/** DELETE /admin/identities/{id}/sessions: the rows go, they are not only ended (§5.8). */
function adminDeleteIdentitySessions(call: Call): Reply {
  const sessions = call.world.sessions.group('identity', parseUuid(call.params['id'] ?? ''))
  if (sessions.length === 0) throw notFound()
  for (const { id } of sessions) call.world.sessions.delete(id)
  return noContent()
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/** The boolean of a query as Go's strconv reads it; absent and empty mean no filter. */
function readActive(text: string | null): boolean | undefined {
  if (text === null || text === '') return undefined
  if (TRUE.has(text)) return true
  if (FALSE.has(text)) return false
  throw badRequestMessage('could not parse parameter active')
}

export const adminSessionOperations: Readonly<Record<string, Operation>> = {
  adminExtendSession,
  adminListIdentitySessions,
  adminDeleteIdentitySessions,
}
