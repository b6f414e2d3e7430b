import type { OidcProvider } from '../../config/settings.ts'
import type { Call } from '../../http/call.ts'
import type { Reply } from '../../http/reply.ts'
import { findByIdentifier, newIdentity, validateIdentity } from '../../identities/identity.ts'
import type { Json } from '../../json.ts'
import type { Tokens } from '../../oidc/exchange.ts'
import { findSession } from '../../sessions/session.ts'
import type { Identity, LoginFlow, RegistrationFlow } from '../../state/records.ts'
import { completeLogin } from '../login-complete.ts'
import { beginLogin } from '../login-flow.ts'
import { refuseLogin } from '../login-refusal.ts'
import { completeRegistration } from '../registration-complete.ts'
import { beginRegistration } from '../registration-flow.ts'
import { refuseRegistration } from '../registration-refusal.ts'
import { traitsOf } from './oidc.ts'
import { linkOf, oidcIdentifier } from './oidc-credential.ts'
import { refusedAtProvider } from './oidc-registration.ts'

/*
 * What becomes of a sign-in at a provider: whom the project knows is signed in, whom it does not is signed up, whichever
 * of the two the flow was begun for (kratos-login-registration-sessions §6).
 */

/** Who signed in, and where. */
export interface ProviderSignIn {
  readonly provider: OidcProvider
  readonly tokens: Tokens
  /** What was typed before the sign-in. */
  readonly typed: Json
}

/** Ends a login flow: by a session, or by a registration of one whom nobody knows yet. */
export function endLogin(call: Call, flow: LoginFlow, signIn: ProviderSignIn): Reply {
  const identity = known(call, signIn)
  if (!identity) return signUpInstead(call, flow, signIn)
  try {
    const method = { method: 'oidc', aal: 'aal1' } as const
    return completeLogin(call, flow, { identity, method }, findSession(call))
  } catch (thrown) {
    return refuseLogin(call, flow, thrown)
  }
}

function signUpInstead(call: Call, flow: LoginFlow, signIn: ProviderSignIn): Reply {
  let next: RegistrationFlow
  try {
    next = continued(beginRegistration(call, 'browser'), flow)
  } catch (thrown) {
    return refuseLogin(call, flow, thrown)
  }
  return endRegistration(call, next, signIn)
}

/** Ends a registration flow: by an identity, or by a login of one who has signed up before. */
export function endRegistration(call: Call, flow: RegistrationFlow, signIn: ProviderSignIn): Reply {
  if (!known(call, signIn)) return signUp(call, flow, signIn)
  const context = { type: 'browser', refresh: false, requested_aal: 'aal1', active: undefined } as const
  return endLogin(call, continued(beginLogin(call, context), flow), signIn)
}

function known(call: Call, { provider, tokens }: ProviderSignIn): Identity | undefined {
  return findByIdentifier(call.world, 'oidc', oidcIdentifier(provider, tokens))
}

/** A new flow that leads where the one before it was to lead; the real servers know that only as long as they answer. */
function continued<F extends LoginFlow | RegistrationFlow>(next: F, { return_to }: LoginFlow | RegistrationFlow): F {
  return return_to === undefined ? next : { ...next, return_to }
}

function signUp(call: Call, flow: RegistrationFlow, { provider, tokens, typed }: ProviderSignIn): Reply {
  const { world } = call
  const traits = traitsOf(call, tokens.claims, typed)
  try {
    const now = world.now()
    const oidc = {
      identifiers: [oidcIdentifier(provider, tokens)],
      config: { providers: [linkOf(provider, tokens)] },
      version: 0,
      created_at: now,
      updated_at: now,
    }
    const identity = validateIdentity(world, newIdentity(world, { traits, credentials: { oidc } }))
    return completeRegistration(call, flow, { identity, method: 'oidc' })
  } catch (thrown) {
    return refuseRegistration(call, flow, refusedAtProvider(call, flow, provider.id, thrown, traits))
  }
}
