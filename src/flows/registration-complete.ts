import { OryError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { saveIdentity } from '../identities/identity.ts'
import { identityBody } from '../identities/identity-body.ts'
import { authenticated, newSession, sessionBody } from '../sessions/session.ts'
import { sessionCookie } from '../sessions/session-cookie.ts'
import type { Identity, RegistrationFlow, Session } from '../state/records.ts'
import { regenerateCsrf } from './csrf.ts'
import { FormError } from './form-errors.ts'
import { askWebHooks, hooksAfter } from './hooks.ts'
import { verifyPendingAddresses } from './link-sender.ts'
import { messages } from './messages.ts'
import type { SignedUp } from './registration-strategy.ts'
import { checkedReturnTo, configuredTarget } from './return-to.ts'

/**
 * What follows when someone has signed up: the identity, the hooks and the answer
 * (kratos-login-registration-sessions §3.4).
 * @throws FormError 4000007 when somebody has the identifier already, or with what a web hook says
 */
export function completeRegistration(call: Call, flow: RegistrationFlow, { identity, method }: SignedUp): Reply {
  const { world } = call
  const { after } = world.settings.selfservice.flows.registration
  const target =
    flow.type === 'browser' && !isJsonRequest(call)
      ? (checkedReturnTo(call, flow.return_to) ?? configuredTarget(call, after, method))
      : ''
  askWebHooks(after, method, flow)
  const saved = verifyPendingAddresses(call, saveNew(call, identity), flow)
  if (!hooksAfter(after, method).has('session')) return answer(call, flow, saved, undefined, target)
  const session = authenticated(world, newSession(world, saved), { method, aal: 'aal1' })
  world.sessions.save(session)
  return answer(call, flow, saved, session, target)
}

function saveNew(call: Call, identity: Identity): Identity {
  try {
    return saveIdentity(call.world, identity)
  } catch (error) {
    if (error instanceof OryError && error.status === 409) throw new FormError(messages.accountExists())
    throw error
  }
}

function answer(
  call: Call,
  flow: RegistrationFlow,
  identity: Identity,
  session: Session | undefined,
  target: string,
): Reply {
  const body = {
    ...(session && flow.type === 'api' ? { session_token: session.token } : {}),
    ...(session ? { session: sessionBody(call, session, identity) } : {}),
    identity: identityBody(call, identity),
  }
  if (flow.type === 'api') return ok(body)
  if (session) regenerateCsrf(call)
  const cookies = session ? [sessionCookie(call, session)] : []
  return isJsonRequest(call) ? ok(body, { cookies }) : redirect(303, target, call.method, { cookies })
}
