import { badRequestMessage } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { noContent, ok, type Reply } from '../http/reply.ts'
import { parseUuid } from '../http/uuid.ts'
import { sessionPage } from './paging.ts'
import { requireAal, requireSession, revoke, revokeOthers, sessionBody } from './session.ts'
import { readSessionCookie, sessionCookie } from './session-cookie.ts'

/** GET /sessions/whoami, and by any other method (kratos-login-registration-sessions §5.3). */
export function toSession(call: Call): Reply {
  const active = requireSession(call)
  requireAal(call, active, call.world.settings.session.whoami.required_aal)
  const { session, identity, via } = active
  const headers = { 'X-Kratos-Authenticated-Identity-Id': identity.id }
  const body = sessionBody(call, session, identity)
  // an extended session outlives its cookie: the cookie is written again
  const stale = via === 'cookie' && (readSessionCookie(call)?.expiresAt ?? 0) < session.expires_at
  return ok(body, stale ? { headers, cookies: [sessionCookie(call, session)] } : { headers })
}

/** GET /sessions: the other sessions of the same identity, expired ones included (§5.4). */
function listSessions(call: Call): Reply {
  const { session: current, identity } = requireSession(call)
  const others = call.world.sessions.group('identity', identity.id).filter((s) => s.active && s.id !== current.id)
  return ok(sessionPage(call, others).map((s) => sessionBody(call, s, identity)))
}

/** DELETE /sessions: ends all others (§5.5). */
function revokeSessions(call: Call): Reply {
  const { session, identity } = requireSession(call)
  return ok({ count: revokeOthers(call.world, identity.id, session.id) })
}

/** DELETE /sessions/{id} (§5.6). Foreign and unknown sessions are 204 too, and stay as they are. */
function revokeSession(call: Call): Reply {
  const { session: current, identity } = requireSession(call)
  const id = parseUuid(call.params['id'] ?? '')
  if (id === current.id) throw badRequestMessage('cannot revoke current session', 'use the logout flow instead')
  const session = call.world.sessions.get(id)
  if (session?.identity_id === identity.id) revoke(call.world, session)
  // the real server names a type for the body that it does not send
  return noContent({ headers: { 'Content-Type': 'application/json' } })
}

export const mySessionOperations: Readonly<Record<string, Operation>> = {
  toSession,
  listSessions,
  revokeSessions,
  revokeSession,
}
