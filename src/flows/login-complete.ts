import { identityDisabled, internal } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect, type SetCookie } from '../http/reply.ts'
import { type ActiveSession, authenticated, fulfils, newSession, revoke, sessionBody } from '../sessions/session.ts'
import { sessionCookie } from '../sessions/session-cookie.ts'
import type { Identity, LoginFlow, Session } from '../state/records.ts'
import { regenerateCsrf } from './csrf.ts'
import { FormError } from './form-errors.ts'
import { askWebHooks, hooksAfter } from './hooks.ts'
import type { LoggedIn } from './login-strategy.ts'
import { messages } from './messages.ts'
import { checkedReturnTo, configuredTarget } from './return-to.ts'

/**
 * What follows when a login has proved who someone is: the session, the hooks and the answer
 * (kratos-login-registration-sessions §2.6, §2.7).
 * @param active the session that the request came with
 */
export function completeLogin(
  call: Call,
  flow: LoginFlow,
  { identity, method }: LoggedIn,
  active: ActiveSession | undefined,
): Reply {
  const { world } = call
  if (identity.state !== 'active') throw identityDisabled(identity.id)
  const { after } = world.settings.selfservice.flows.login
  const hooks = hooksAfter(after, flow.active ?? '')
  if (hooks.has('require_verified_address') && method.method === 'password') requireVerifiedAddress(identity)
  askWebHooks(after, flow.active ?? '', flow)
  const target = flow.type === 'browser' && !isJsonRequest(call) ? browserTarget(call, flow) : ''
  const session = authenticated(
    world,
    continued(active, identity, method.method) ?? newSession(world, identity),
    method,
  )
  if (hooks.has('revoke_active_sessions')) revokeAllBut(call, session)
  world.sessions.save(session)
  return answer(call, flow, session, identity, active, target)
}

/** A second step or a refresh by the same person continues their session; a social sign-in always makes a new one. */
function continued(active: ActiveSession | undefined, identity: Identity, method: string): Session | undefined {
  return active?.identity.id === identity.id && method !== 'oidc' ? active.session : undefined
}

function requireVerifiedAddress(identity: Identity): void {
  if (identity.verifiable_addresses.length === 0) {
    throw internal(
      'A misconfiguration prevents login. Expected to find a verification address but this identity does not have one assigned.',
    )
  }
  if (!identity.verifiable_addresses.some((a) => a.verified)) throw new FormError(messages.notActiveYet())
}

function revokeAllBut(call: Call, kept: Session): void {
  for (const session of call.world.sessions.group('identity', kept.identity_id)) {
    if (session.id !== kept.id) revoke(call.world, session)
  }
}

function browserTarget(call: Call, { return_to, active = '' }: LoginFlow): string {
  return (
    checkedReturnTo(call, return_to) ??
    configuredTarget(call, call.world.settings.selfservice.flows.login.after, active)
  )
}

function answer(
  call: Call,
  flow: LoginFlow,
  session: Session,
  identity: Identity,
  active: ActiveSession | undefined,
  target: string,
): Reply {
  const enough = fulfils(session, identity, call.world.settings.session.whoami.required_aal)
  const body = sessionBody(call, session, enough ? identity : null)
  if (flow.type === 'api') return ok({ session_token: session.token, session: body })
  const cookies = issueCookies(call, session, active)
  if (isJsonRequest(call)) return ok({ session: body }, { cookies })
  return redirect(303, enough ? target : secondFactor(call, flow), call.method, { cookies })
}

/** The session cookie; with another principal than the request had, the anti-CSRF token changes too. */
export function issueCookies(call: Call, session: Session, active: ActiveSession | undefined): readonly SetCookie[] {
  if (active?.identity.id !== session.identity_id) regenerateCsrf(call)
  return [sessionCookie(call, session)]
}

function secondFactor(call: Call, flow: LoginFlow): string {
  const returnTo = flow.return_to === undefined ? '' : `&return_to=${encodeURIComponent(flow.return_to)}`
  return `${call.urls.public}/self-service/login/browser?aal=aal2${returnTo}`
}
