import { patchConfig } from '../../config/check-config.ts'
import type { OryError } from '../../errors.ts'
import { forwardError } from '../../flows/error-ui.ts'
import { newTotpUrl } from '../../flows/methods/totp.ts'
import type { Call } from '../../http/call.ts'
import type { Reply } from '../../http/reply.ts'
import { newIdentity, saveIdentity, validateIdentity } from '../../identities/identity.ts'
import { InvalidError } from '../../identities/json-schema/validation-error.ts'
import type { JsonObject } from '../../json.ts'
import { type ActiveSession, authenticated, findSession, newSession } from '../../sessions/session.ts'
import { sessionCookie } from '../../sessions/session-cookie.ts'
import type { Flow, Identity, Session } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { WITH_ERROR_UI } from './operation-ids.ts'
import { withHeaders } from './request-change.ts'
import type { RequestChange, SwitchContext } from './switch.ts'

/*
 * Ways to arrange a world that several switches share. Each does nothing where there is nothing to arrange: the server then
 * answers as it does without the switch.
 */

/** A minute: so long ago is long enough. */
export const MINUTE = 60_000

// --- flows -----------------------------------------------------------------------------------------------------------------

/** The flow that a call names: `id` where one is fetched, `flow` where one is submitted. */
export function flowOf({ world, query }: Call): Flow | undefined {
  const id = query.get('flow') ?? query.get('id')
  return id === null ? undefined : world.flows.get(id.toLowerCase())
}

/** Lets the flow expire a minute ago. */
export function expireFlow(call: Call): undefined {
  const flow = flowOf(call)
  if (flow) call.world.flows.save({ ...flow, expires_at: call.world.now() - MINUTE })
  return undefined
}

// --- people and sessions ---------------------------------------------------------------------------------------------------

/** The first active identity but one; made if there is none. */
export function somebody(world: World, but?: string): Identity {
  for (const identity of world.identities.values()) {
    if (identity.state === 'active' && identity.id !== but) return identity
  }
  const made = newIdentity(world, { traits: { email: `somebody-${world.chance.code()}@example.org` } })
  try {
    return saveIdentity(world, validateIdentity(world, made))
  } catch (error) {
    // a schema that wants other traits than an e-mail
    if (!(error instanceof InvalidError)) throw error
    return saveIdentity(world, made)
  }
}

/** The request with a session, of somebody who signed in with a password; unchanged where it has one. */
export const signedIn = (call: Call): RequestChange => sessionFor(call).change

/** The session of the request, or a new one and the request with it. */
export function sessionFor(call: Call): { readonly session: Session; readonly change: RequestChange } {
  const active = findSession(call)
  if (active) return { session: active.session, change: {} }
  const session = signIn(call.world, somebody(call.world))
  return { session, change: withHeaders(call, { 'x-session-token': session.token }) }
}

/** A browser for which a session was made is signed in by it from now on: else its next step would be refused. */
export function keepSignedIn(reply: Reply, { call, operationId }: SwitchContext): Reply {
  const isBrowser = operationId.endsWith('ForBrowsers') || flowOf(call)?.type === 'browser'
  const active = isBrowser ? findSession(call) : undefined
  if (active?.via !== 'token') return reply
  return { ...reply, cookies: [...(reply.cookies ?? []), sessionCookie(call, active.session)] }
}

/** Signs somebody in with a password. */
export function signIn(world: World, identity: Identity): Session {
  const session = authenticated(world, newSession(world, identity), { method: 'password', aal: 'aal1' })
  world.sessions.save(session)
  return session
}

/** The request without whatever could prove who sent it. */
export function signedOut(call: Call): RequestChange {
  const cookies = new Map(call.cookies)
  cookies.delete(call.world.settings.session.cookie.name)
  const proofs = { 'x-session-token': undefined, 'x-session-cookie': undefined, authorization: undefined }
  return { ...withHeaders(call, proofs), cookies }
}

/** Does something with the session of the request, if it has one in force. */
export function onSession(call: Call, change: (active: ActiveSession, world: World) => void): undefined {
  const active = findSession(call)
  if (active) change(active, call.world)
  return undefined
}

/** The session is as after a first factor, its owner has a second one, and the project asks for the highest. */
export function lowerAal(call: Call): RequestChange | undefined {
  const active = findSession(call)
  if (!active) return undefined
  weaken(call.world, active.session)
  giveTotp(call.world, active.identity)
  const required_aal = 'highest_available'
  return configured(call, {
    session: { whoami: { required_aal } },
    selfservice: { flows: { settings: { required_aal } } },
  })
}

/** The session is as it was before a second factor was used. */
export function weaken(world: World, session: Session): void {
  const methods = session.authentication_methods.filter((m) => m.aal === 'aal1')
  world.sessions.save({ ...session, authenticator_assurance_level: 'aal1', authentication_methods: methods })
}

/** An authenticator app, for one who has none. */
export function giveTotp(world: World, identity: Identity): void {
  if (identity.credentials.totp !== undefined) return
  const now = world.now()
  const totp_url = newTotpUrl(world.chance.bytes(20), 'ory-mock', identity.id)
  const totp = { identifiers: [identity.id], config: { totp_url }, version: 0, created_at: now, updated_at: now }
  world.identities.save({ ...identity, credentials: { ...identity.credentials, totp } })
}

// --- the project -----------------------------------------------------------------------------------------------------------

/** The project configured otherwise, for this call alone. @param patch keys of kratos.yml, as a merge patch */
export function configured({ world }: Call, patch: JsonObject): RequestChange {
  const { settings } = patchConfig(world.config, patch)
  // the very schemas, which are compiled already
  return { settings: 'identity' in patch ? settings : { ...settings, identity: world.settings.identity } }
}

// --- answers ---------------------------------------------------------------------------------------------------------------

/** Answers an error as the operation itself does: browsers are sent to the error page where it sends them there. @throws OryError */
export function refuse({ call, operationId }: SwitchContext, error: OryError): Reply {
  if (!WITH_ERROR_UI.has(operationId) || flowOf(call)?.type === 'api') throw error
  return forwardError(call, error)
}
