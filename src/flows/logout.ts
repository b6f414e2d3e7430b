import { badRequest, forbidden, OryError, sessionInactive } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { decodeJsonBody } from '../http/decode-json.ts'
import { goString, goStruct } from '../http/go-struct.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { noContent, ok, type Reply, redirect, type SetCookie } from '../http/reply.ts'
import { type ActiveSession, bearerToken, findSession, revoke } from '../sessions/session.ts'
import { endedSessionCookie, readSessionCookie } from '../sessions/session-cookie.ts'
import { regenerateCsrf } from './csrf.ts'
import { withErrorUi } from './error-ui.ts'
import { configuredTarget, readReturnTo } from './return-to.ts'

/** GET /self-service/logout/browser (kratos-login-registration-sessions §4.1). */
function createSelfServiceLogoutFlowUrlForBrowsers(call: Call): Reply {
  const { logout_token } = requireActive(call).session
  return ok({ logout_url: `${call.urls.public}/self-service/logout?token=${logout_token}`, logout_token })
}

function requireActive(call: Call): ActiveSession {
  const active = findSession(call)
  if (!active) throw sessionInactive()
  return active
}

/**
 * GET /self-service/logout?token= (§4.2). What ends is the session of the cookie, or of the bearer token; one that came as
 * `X-Session-Token` goes on although the answer says otherwise, as on the real servers.
 */
function submitSelfServiceLogoutFlow(call: Call): Reply {
  const token = call.query.get('token')
  if (!token) throw badRequest('Please include a token in the URL query.')
  const active = requireActive(call)
  if (active.session.logout_token !== token) {
    throw forbidden('Unable to log out because the logout token in the URL query does not match the session cookie.')
  }
  regenerateCsrf(call)
  const cookies = end(call)
  try {
    // the session has ended even when the browser may not be sent where it wants to go
    const { after } = call.world.settings.selfservice.flows.logout
    const target = readReturnTo(call) ?? configuredTarget(call, after, '')
    return isJsonRequest(call) ? noContent({ cookies }) : redirect(303, target, call.method, { cookies })
  } catch (error) {
    throw error instanceof OryError ? error.withCookies(cookies) : error
  }
}

/** Ends what the request proved itself with: the bearer's session, or the cookie's and the cookie. */
function end(call: Call): readonly SetCookie[] {
  const bearer = bearerToken(call)
  const token = bearer ?? readSessionCookie(call)?.token
  const session = token === undefined ? undefined : call.world.sessions.find('token', token)
  if (session) revoke(call.world, session)
  return bearer === undefined && session ? [endedSessionCookie(call)] : []
}

const LOGOUT_BODY = goStruct('submitSelfServiceLogoutFlowWithoutBrowserBody', { session_token: goString })

/** DELETE /self-service/logout/api (§4.3). A session that has ended already is ended again. */
function submitSelfServiceLogoutFlowWithoutBrowser(call: Call): Reply {
  const { session_token } = decodeJsonBody(call, LOGOUT_BODY, ['DELETE'])
  const session = call.world.sessions.find('token', String(session_token ?? ''))
  if (!session) {
    throw forbidden('The provided Ory Session Token could not be found, is invalid, or otherwise malformed.')
  }
  revoke(call.world, session)
  return noContent()
}

export const logoutOperations: Readonly<Record<string, Operation>> = {
  createSelfServiceLogoutFlowUrlForBrowsers,
  submitSelfServiceLogoutFlow: withErrorUi(submitSelfServiceLogoutFlow),
  submitSelfServiceLogoutFlowWithoutBrowser,
}
