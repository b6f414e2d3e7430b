import type { Call } from '../../../http/call.ts'
import { findByIdentifier } from '../../../identities/identity.ts'
import { authenticated, findSession, newSession, revoke } from '../../../sessions/session.ts'
import type { Session } from '../../../state/records.ts'
import { configured, lowerAal, MINUTE, onSession, signedOut } from '../arrange.ts'
import { IDENTITY_SESSIONS, MY_SESSIONS } from '../operation-ids.ts'
import { duration, millis } from '../parameters.ts'
import { fieldOf, withCookies, withHeaders, withParams, withQuery } from '../request-change.ts'
import type { Arrangement, RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

const SETTINGS = [
  'initializeSelfServiceSettingsFlowForBrowsers',
  'initializeSelfServiceSettingsFlowWithoutBrowser',
  'getSelfServiceSettingsFlow',
  'submitSelfServiceSettingsFlow',
] as const

const GUARDED = [...MY_SESSIONS, ...SETTINGS, 'createSelfServiceLogoutFlowUrlForBrowsers'] as const

/** Nobody can tell these apart by their answer: they differ in how the world is. */
const anonymous = (title: string, how: string, before: (context: SwitchContext) => Arrangement) => ({
  title,
  operations: GUARDED,
  how,
  status: 401,
  sees: '401: session_inactive where settings or a logout begin, without an id everywhere else; a browser is sent from settings to the login.',
  effect: { before },
})

/** Changes the session of the request for good. */
const changed = (change: (session: Session, context: SwitchContext) => Partial<Session>) => (context: SwitchContext) =>
  onSession(context.call, ({ session }, world) => world.sessions.save({ ...session, ...change(session, context) }))

function tamper(call: Call): RequestChange {
  const name = call.world.settings.session.cookie.name
  const header = call.headers['x-session-cookie'] === undefined ? {} : { 'x-session-cookie': 'dGFtcGVyZWQ' }
  return {
    ...withHeaders(call, header),
    ...(call.cookies.has(name) ? withCookies(call, { [name]: 'dGFtcGVyZWQ' }) : {}),
  }
}

/** Deactivates who signs in, by a form or by a link in a mail. */
function deactivate(call: Call): undefined {
  const { world } = call
  const token = call.query.get('token')
  const typed = fieldOf(call, 'identifier') || fieldOf(call, 'password_identifier')
  const identity =
    token === null
      ? (findByIdentifier(world, 'password', typed) ?? findByIdentifier(world, 'webauthn', typed))
      : world.identities.get(world.linkTokens.find('token', token)?.identity_id ?? '')
  if (identity) world.identities.save({ ...identity, state: 'inactive', state_changed_at: world.now() })
  return undefined
}

function isOldSession(session: Session, { call }: SwitchContext): Partial<Session> {
  const { privileged_session_max_age } = call.world.settings.selfservice.flows.settings
  const oldest = call.world.now() - privileged_session_max_age - MINUTE
  return { authenticated_at: Math.min(session.authenticated_at, oldest) }
}

/** Sessions until the identity has so many: every third is revoked, every fifth has expired. */
function crowd({ call, operationId, parameters }: SwitchContext): undefined {
  const { world } = call
  const id = operationId === 'listSessions' ? findSession(call)?.identity.id : call.params['id']
  const identity = world.identities.get(id ?? '')
  if (!identity) return undefined
  const missing = Number(parameters['count']) - world.sessions.group('identity', identity.id).length
  for (let i = 0; i < missing; i++) {
    const session = authenticated(world, newSession(world, identity), { method: 'password', aal: 'aal1' })
    const expires_at = i % 5 === 4 ? world.now() - MINUTE : session.expires_at
    world.sessions.save({ ...session, active: i % 3 !== 2, expires_at })
  }
  return undefined
}

function withOwnSession(call: Call): RequestChange | undefined {
  const active = findSession(call)
  return active && withParams(call, { id: active.session.id })
}

/** The session is far from its end, and may be extended only shortly before. */
function young(call: Call): RequestChange {
  const { world } = call
  const session = world.sessions.get(call.params['id'] ?? '')
  const far = world.now() + world.settings.session.lifespan
  if (session) world.sessions.save({ ...session, expires_at: Math.max(session.expires_at, far) })
  return configured(call, { session: { earliest_possible_extend: '1s' } })
}

/** ecosystem §4.2. */
export const sessions = {
  'no-session': anonymous('The request has no session', 'An anonymous visitor.', ({ call }) => signedOut(call)),
  'session-expired': anonymous(
    'The session has expired',
    'Its lifespan has passed.',
    changed((_, { call }) => ({ expires_at: call.world.now() - MINUTE })),
  ),
  'session-revoked': anonymous('The session was revoked', 'Signed out on another device.', ({ call }) =>
    onSession(call, ({ session }, world) => revoke(world, session)),
  ),
  'session-inactive': anonymous('All sessions of the person were ended', 'An administrator ends them.', ({ call }) =>
    onSession(call, ({ identity }, world) => {
      for (const session of world.sessions.group('identity', identity.id)) revoke(world, session)
    }),
  ),
  'session-cookie-tampered': anonymous(
    'The session cookie cannot be read',
    'The secrets of the server were changed. Native apps, which have tokens, are not met.',
    ({ call }) => tamper(call),
  ),
  'session-token-unknown': anonymous(
    'The session is not known any longer',
    'A native app kept its token while the database was reset. The session is deleted.',
    ({ call }) => onSession(call, ({ session }, world) => void world.sessions.delete(session.id)),
  ),
  'identity-disabled-live-session': anonymous(
    'The account is deactivated while its session lives',
    'Somebody is blocked. The identity stays inactive.',
    ({ call }) =>
      onSession(call, ({ identity }, world) =>
        world.identities.save({ ...identity, state: 'inactive', state_changed_at: world.now() }),
      ),
  ),
  'identity-disabled-on-login': {
    title: 'Who signs in is deactivated',
    operations: ['submitSelfServiceLoginFlow', 'openSelfServiceRecoveryLink'],
    how: 'Somebody who was blocked signs in, or recovers the account. The identity stays inactive.',
    status: 401,
    sees: '401 "identity is disabled" with the id of the identity.',
    effect: { before: ({ call }) => deactivate(call) },
  },
  'aal2-required': {
    title: 'The session needs a second factor',
    operations: ['toSession', ...SETTINGS],
    how: 'Somebody who has an authenticator app signed in with the password alone. They get an app if they have none.',
    status: 403,
    sees: '403 session_aal2_required with redirect_browser_to.',
    effect: { before: ({ call }) => lowerAal(call) },
  },
  'session-refresh-required': {
    title: 'The sign-in is too long ago for this change',
    operations: ['submitSelfServiceSettingsFlow'],
    how: 'The password is changed in an old session.',
    status: 403,
    sees: '403 session_refresh_required with redirect_browser_to; a browser is sent there. Changes of unprotected traits are not met.',
    effect: { before: changed(isOldSession) },
  },
  'redirect-loop-aal2': {
    title: 'Signed in too weakly for whoami, and too much for a login',
    operations: ['toSession', 'initializeSelfServiceLoginFlowForBrowsers'],
    how: 'An app sends whom whoami refuses to the login without aal=aal2, and the login sends them back.',
    sees: '403 session_aal2_required from whoami; from the login without aal 400 session_already_available, or the way back.',
    effect: { before: ({ call }) => lowerAal(call) },
  },
  'session-near-expiry': {
    title: 'The session is about to expire',
    operations: ['toSession'],
    how: 'An app that renews its session in time.',
    sees: '200; expires_at is seconds away.',
    parameters: { in: duration('10s', 'how soon it expires') },
    effect: { before: changed((_, context) => ({ expires_at: context.call.world.now() + millis(context, 'in') })) },
  },
  'session-cookie-reissued': {
    title: 'The session cookie is set again',
    operations: ['toSession'],
    how: 'The session was extended. It lives a minute longer with every call.',
    sees: '200 with Set-Cookie. Native apps are not met.',
    effect: { before: changed((session) => ({ expires_at: session.expires_at + MINUTE })) },
  },
  'session-without-identity-traits': {
    title: 'The identity has no traits',
    operations: ['toSession'],
    how: 'The identity schema was changed. The traits stay away.',
    sees: '200; identity.traits is empty.',
    effect: {
      before: ({ call }) =>
        onSession(call, ({ identity }, world) => world.identities.save({ ...identity, traits: {} })),
    },
  },
  'session-aal0': {
    title: 'The session has the level aal0',
    operations: ['toSession'],
    how: 'A value that the document allows and nobody expects.',
    sees: '200; authenticator_assurance_level is aal0, and authentication_methods is empty.',
    effect: {
      before: (context) => {
        changed(() => ({ authenticator_assurance_level: 'aal0', authentication_methods: [] }))(context)
        return configured(context.call, { session: { whoami: { required_aal: 'aal1' } } })
      },
    },
  },
  'revoke-current-session': {
    title: 'The current session is to be revoked',
    operations: ['revokeSession'],
    how: 'A button "log out this device".',
    status: 400,
    sees: '400 "cannot revoke current session".',
    effect: { before: ({ call }) => withOwnSession(call) },
  },
  'revoke-malformed-id': {
    title: 'The id of the session or identity is no UUID',
    operations: ['revokeSession', ...IDENTITY_SESSIONS],
    how: 'An address built by hand.',
    status: 400,
    sees: '400 with the text of the UUID parser; debug is "could not parse UUID".',
    effect: { before: ({ call }) => withParams(call, { id: 'not-a-uuid' }) },
  },
  'revoke-unknown-session': {
    title: 'The session to revoke is unknown',
    operations: ['revokeSession'],
    how: 'A double click.',
    sees: '204, as if it had been there.',
    effect: { before: ({ call }) => withParams(call, { id: call.world.chance.uuid() }) },
  },
  'extend-too-early': {
    title: 'It is too early to extend the session',
    operations: ['adminExtendSession'],
    how: 'A job that keeps sessions alive, with session.earliest_possible_extend.',
    sees: '200 with expires_at unchanged.',
    effect: { before: ({ call }) => young(call) },
  },
  'extend-not-found': {
    title: 'The session to extend is unknown',
    operations: ['adminExtendSession'],
    how: 'It was deleted meanwhile.',
    status: 404,
    sees: '404.',
    effect: { before: ({ call }) => withParams(call, { id: call.world.chance.uuid() }) },
  },
  'extend-malformed-id': {
    title: 'The id of the session to extend is no UUID',
    operations: ['adminExtendSession'],
    how: 'An address built by hand.',
    status: 400,
    sees: '400 with the text of the UUID parser; debug is "could not parse UUID".',
    effect: { before: ({ call }) => withParams(call, { id: 'not-a-uuid' }) },
  },
  'many-sessions': {
    title: 'There are many sessions',
    operations: ['listSessions', 'adminListIdentitySessions'],
    how: 'Years of sign-ins on many devices. The sessions stay.',
    sees: '200; several pages, active ones and others.',
    parameters: { count: { type: 'number', default: 600, help: 'how many the identity has then' } },
    effect: { before: (context) => crowd(context) },
  },
  'bad-active-filter': {
    title: 'The filter active is no boolean',
    operations: ['adminListIdentitySessions'],
    how: 'A form sends "maybe", or "on".',
    status: 400,
    sees: '400 "could not parse parameter active".',
    effect: { before: ({ call }) => withQuery(call, { active: 'maybe' }) },
  },
} as const satisfies Record<string, SwitchDefinition>
