import type { RequiredAal } from '../config/settings.ts'
import { sessionAal2Required, sessionMissing } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { availableAal } from '../identities/factors.ts'
import { identityBody } from '../identities/identity-body.ts'
import { instant, type Millis } from '../state/clock.ts'
import type { AuthenticationMethod, AuthenticatorAssuranceLevel, Identity, Session } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { sessionTokenOfCookie } from './session-cookie.ts'

/** A session in force, and whose it is. */
export interface ActiveSession {
  readonly session: Session
  readonly identity: Identity
  /** How the request proved it: decides what a logout ends. */
  readonly via: 'token' | 'cookie' | 'bearer'
}

/**
 * The session of a request, if it is in force: `X-Session-Token`, else `X-Session-Cookie` or the cookie, else a bearer
 * token (kratos-login-registration-sessions §5.1). Expired, revoked, of a deactivated identity: no session.
 */
export function findSession(call: Call): ActiveSession | undefined {
  const header = call.headers['x-session-token']
  if (typeof header === 'string' && header !== '') return inForce(call.world, header, 'token')
  const cookie = sessionTokenOfCookie(call)
  if (cookie !== undefined) return inForce(call.world, cookie, 'cookie')
  const bearer = bearerToken(call)
  return bearer === undefined ? undefined : inForce(call.world, bearer, 'bearer')
}

/** The token of `Authorization: Bearer`, the scheme in any case. */
export function bearerToken(call: Call): string | undefined {
  return /^bearer ([^ ]+)$/i.exec(call.headers.authorization ?? '')?.[1]
}

/** @throws OryError 401 when the request has no session in force */
export function requireSession(call: Call): ActiveSession {
  const found = findSession(call)
  if (!found) throw sessionMissing()
  return found
}

function inForce(world: World, token: string, via: ActiveSession['via']): ActiveSession | undefined {
  const session = world.sessions.find('token', token)
  if (!session?.active || session.expires_at <= world.now()) return undefined
  const identity = world.identities.get(session.identity_id)
  return identity?.state === 'active' ? { session, identity, via } : undefined
}

// --- assurance -----------------------------------------------------------------------------------------------------------

const LEVELS = ['aal0', 'aal1', 'aal2']

export function isBelow(level: AuthenticatorAssuranceLevel, wanted: AuthenticatorAssuranceLevel): boolean {
  return LEVELS.indexOf(level) < LEVELS.indexOf(wanted)
}

/** The level that completed methods add up to; two second factors without a first are still aal1 (§2.6). */
export function levelOf(methods: readonly AuthenticationMethod[]): AuthenticatorAssuranceLevel {
  if (methods.length === 0) return 'aal0'
  const first = methods.some((m) => m.aal === 'aal1')
  const second = methods.some((m) => m.aal === 'aal2')
  return first && second ? 'aal2' : 'aal1'
}

/** Whether a session is as strong as `required_aal` asks of this identity. */
export function fulfils(session: Session, identity: Identity, required: RequiredAal): boolean {
  return required === 'aal1' || !isBelow(session.authenticator_assurance_level, availableAal(identity))
}

/** @throws OryError 403 session_aal2_required */
export function requireAal(call: Call, { session, identity }: ActiveSession, required: RequiredAal): void {
  if (!fulfils(session, identity, required)) {
    throw sessionAal2Required(`${call.urls.public}/self-service/login/browser?aal=aal2`)
  }
}

// --- life ----------------------------------------------------------------------------------------------------------------

/** A new session that nothing has proved yet; it is not saved. */
export function newSession(world: World, identity: Identity): Session {
  const now = world.now()
  return {
    id: world.chance.uuid(),
    identity_id: identity.id,
    token: world.chance.token(),
    logout_token: world.chance.token(),
    active: true,
    expires_at: now + world.settings.session.lifespan,
    authenticated_at: now,
    authenticator_assurance_level: 'aal0',
    authentication_methods: [],
    issued_at: now,
  }
}

/** The session with one more completed method, and all its times begun anew, as every login does. */
export function authenticated(
  world: World,
  session: Session,
  method: Omit<AuthenticationMethod, 'completed_at'>,
): Session {
  const now = world.now()
  return {
    ...withMethod(session, method, now),
    active: true,
    expires_at: now + world.settings.session.lifespan,
    authenticated_at: now,
    issued_at: now,
  }
}

/** The session with one more completed method; its times stay. Setting up a factor in settings does this. */
export function withMethod(
  session: Session,
  { method, aal }: Omit<AuthenticationMethod, 'completed_at'>,
  now: Millis,
): Session {
  const methods = [...session.authentication_methods, { method, aal, completed_at: now }]
  return { ...session, authentication_methods: methods, authenticator_assurance_level: levelOf(methods) }
}

/** Ends sessions by their flag; answers how many rows that matched, ended ones included, as the real servers count. */
export function revokeOthers(world: World, identityId: string, exceptId: string): number {
  const others = world.sessions.group('identity', identityId).filter((s) => s.id !== exceptId)
  for (const session of others) revoke(world, session)
  return others.length
}

export function revoke(world: World, session: Session): void {
  if (session.active) world.sessions.save({ ...session, active: false })
}

// --- wire ----------------------------------------------------------------------------------------------------------------

/**
 * A session as the API writes it (§2.8).
 * @param identity `null` where a second factor is still missing
 */
export function sessionBody(call: Pick<Call, 'urls'>, session: Session, identity: Identity | null) {
  return {
    id: session.id,
    active: session.active,
    expires_at: instant(session.expires_at),
    authenticated_at: instant(session.authenticated_at),
    authenticator_assurance_level: session.authenticator_assurance_level,
    authentication_methods: session.authentication_methods.map((m) => ({
      method: m.method,
      aal: m.aal,
      completed_at: instant(m.completed_at),
    })),
    issued_at: instant(session.issued_at),
    identity: identity && identityBody(call, identity),
  }
}
