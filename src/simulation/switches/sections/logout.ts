import { forbidden } from '../../../errors.ts'
import type { Call } from '../../../http/call.ts'
import { findSession, revoke } from '../../../sessions/session.ts'
import { onSession, sessionFor, signedOut, signIn, somebody } from '../arrange.ts'
import { fieldOf, withQuery } from '../request-change.ts'
import type { Arrangement, RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.7, first part: logout and the store of errors.
 */

const LOGOUT = ['submitSelfServiceLogoutFlow'] as const
const ERROR_PAGE = 'a browser is sent to the error page.'

/** The session of the request is to end by the link of somebody else, who is signed in too. */
function foreignLink(call: Call): RequestChange {
  const { session, change } = sessionFor(call)
  const { logout_token } = signIn(call.world, somebody(call.world, session.identity_id))
  return { ...change, ...withQuery(call, { token: logout_token }) }
}

/** The link is that of the session, which has ended. */
function endedBefore(call: Call): RequestChange {
  const { world } = call
  const own = findSession(call)?.session
  onSession(call, ({ session }) => revoke(world, session))
  return withQuery(call, { token: call.query.get('token') || own?.logout_token || world.chance.token() })
}

function rightLink(call: Call): RequestChange {
  const { session, change } = sessionFor(call)
  return { ...change, ...withQuery(call, { token: session.logout_token }) }
}

function forgetSession(call: Call): undefined {
  const { sessions } = call.world
  const session = sessions.find('token', fieldOf(call, 'session_token'))
  if (session) sessions.delete(session.id)
  return undefined
}

/** The error is forgotten; what is always there is asked for by another id. */
function forgetError(call: Call): RequestChange {
  const id = call.query.get('error') || call.query.get('id') || ''
  call.world.errors.delete(id)
  return withQuery(call, { error: undefined, id: id === 'stub:500' ? call.world.chance.uuid() : id })
}

const refusedLogout = (
  status: number,
  title: string,
  how: string,
  sees: string,
  before: (context: SwitchContext) => Arrangement,
) => ({ title, operations: LOGOUT, how, status, sees: `${sees}; ${ERROR_PAGE}`, effect: { before } })

export const logout = {
  'logout-token-missing': refusedLogout(
    400,
    'The logout has no token',
    'A link to /self-service/logout that is written by hand.',
    '400 "Please include a token in the URL query."',
    ({ call }) => withQuery(call, { token: undefined }),
  ),
  'logout-token-mismatch': refusedLogout(
    403,
    'The logout token is that of another session',
    'The link of another person, or from before the last sign-in. Somebody else is signed in, too, and stays so; a request without a session gets one.',
    '403 without an id: the token does not match the session cookie',
    ({ call }) => foreignLink(call),
  ),
  'logout-without-session': {
    title: 'Nobody is signed in who could sign out',
    operations: ['createSelfServiceLogoutFlowUrlForBrowsers'],
    how: 'A page asks for the logout link before it knows who is signed in. The request has no session.',
    status: 401,
    sees: '401 session_inactive.',
    effect: { before: ({ call }) => signedOut(call) },
  },
  'logout-go-without-session': refusedLogout(
    401,
    'The session has ended before the logout',
    'The back button, or a second click on the link. The session is revoked.',
    '401 session_inactive',
    ({ call }) => endedBefore(call),
  ),
  'logout-api-unknown-token': {
    title: 'The session to end is unknown',
    operations: ['submitSelfServiceLogoutFlowWithoutBrowser'],
    how: 'A native app kept its token while the database was reset. The session is deleted.',
    status: 403,
    sees: '403: the token could not be found, is invalid, or otherwise malformed. The document has 400 for it.',
    effect: { before: ({ call }) => forgetSession(call) },
  },
  'logout-json': {
    title: 'The logout goes well, and a JSON client is sent nowhere',
    operations: LOGOUT,
    how: 'A single-page app signs out by fetch. The token is the right one, whatever was sent; a request without a session gets one.',
    status: 204,
    sees: '204 without a body; a browser gets 303.',
    effect: { before: ({ call }) => rightLink(call) },
  },
  'error-stub-500': {
    title: 'The error to show is a sample',
    operations: ['getSelfServiceError'],
    how: 'An error page is built: the id is stub:500, whatever was asked for.',
    sees: '200 with the error 500 "This is a stub error." and a new id.',
    effect: { before: ({ call }) => withQuery(call, { error: undefined, id: 'stub:500' }) },
  },
  'error-not-found': {
    title: 'The error to show is gone',
    operations: ['getSelfServiceError'],
    how: 'A bookmark of the error page. The error is deleted.',
    status: 404,
    sees: '404 "Unable to locate the resource".',
    effect: { before: ({ call }) => forgetError(call) },
  },
  'error-forbidden': {
    title: 'The error to show is not for this browser',
    operations: ['getSelfServiceError'],
    how: 'The document has this answer; the servers of the time never give it.',
    status: 403,
    sees: '403 without an id.',
    effect: {
      before: () => {
        throw forbidden('The error belongs to another browser.')
      },
    },
  },
} as const satisfies Record<string, SwitchDefinition>
