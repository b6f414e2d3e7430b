import { badRequest, methodDisabled, notFound, type OryError, plainError, sessionInactive } from '../../errors.ts'
import type { Call, Operation } from '../../http/call.ts'
import { isJsonRequest } from '../../http/negotiate.ts'
import { type Reply, redirect } from '../../http/reply.ts'
import { ExchangeFailed, exchangeCode } from '../../oidc/exchange.ts'
import { findSession } from '../../sessions/session.ts'
import type { Flow, LoginFlow, RegistrationFlow, SettingsFlow } from '../../state/records.ts'
import { type Continuity, withContinuity } from '../continuity.ts'
import { withErrorUi } from '../error-ui.ts'
import { isExpired } from '../flow.ts'
import { expiredLogin, refuseLogin } from '../login-refusal.ts'
import { expiredRegistration, refuseRegistration } from '../registration-refusal.ts'
import { defaultTarget } from '../return-to.ts'
import { completeSettings } from '../settings-complete.ts'
import { answerReauthentication, ReauthenticationNeeded } from '../settings-privilege.ts'
import { expiredSettings, initiatedBySomeoneElse, pauseSettings, refuseSettings } from '../settings-refusal.ts'
import type { SettingsAttempt } from '../settings-strategy.ts'
import { isOidcEnabled, type PausedSignIn, requireProvider, resumeSignIn } from './oidc.ts'
import { endLogin, endRegistration, type ProviderSignIn } from './oidc-complete.ts'
import { requireConsent } from './oidc-credential.ts'
import { refusedAtProvider } from './oidc-registration.ts'
import { linkedTo } from './oidc-settings.ts'

/*
 * Where a provider sends browsers back to (kratos-login-registration-sessions §6).
 */

/** GET /self-service/methods/oidc/callback/{provider} */
function receiveSelfServiceOidcCallback(call: Call, continuity: Continuity): Reply {
  if (!isOidcEnabled(call)) throw methodDisabled()
  const paused = requirePaused(call, continuity)
  const flow: Flow | undefined = call.world.flows.get(paused.flow_id)
  switch (flow?.kind) {
    case 'login':
      return resumeLogin(call, flow, paused)
    case 'registration':
      return resumeRegistration(call, flow, paused)
    case 'settings':
      return resumeSettings(call, continuity, flow, paused)
    default:
      throw notFound()
  }
}

/** What waited for this very browser and this very sign-in. */
function requirePaused(call: Call, continuity: Continuity): PausedSignIn {
  const state = call.query.get('state') ?? ''
  if (state === '') throw incomplete('the OpenID Provider did not return the state query parameter.')
  const paused = resumeSignIn(continuity)
  if (!paused) throw notResumable()
  if (state !== paused.state) {
    throw incomplete('the query state parameter does not match the state parameter from the session cookie.')
  }
  return paused
}

const incomplete = (why: string): OryError => badRequest(`Unable to complete OpenID Connect flow because ${why}`)

const notResumable = (): OryError =>
  badRequest(
    "The browser does not contain the necessary cookie to resume the session. This is a security violation and was blocked. Please clear your browser's cookies and cache and try again!",
    {
      debug: 'key ory_kratos_oidc_auth_code_session does not exist in cookie: ory_kratos_continuity',
      message: 'no resumable session found',
    },
  )

function resumeLogin(call: Call, flow: LoginFlow, paused: PausedSignIn): Reply {
  let signIn: ProviderSignIn
  try {
    if (isExpired(call.world, flow)) return expiredLogin(call, flow)
    const code = requireCode(call)
    if (findSession(call) && !flow.refresh) return redirect(303, defaultTarget(call), call.method)
    signIn = exchange(call, code, paused, 500)
  } catch (thrown) {
    return refuseLogin(call, flow, thrown)
  }
  return endLogin(call, flow, signIn)
}

function resumeRegistration(call: Call, flow: RegistrationFlow, paused: PausedSignIn): Reply {
  let signIn: ProviderSignIn
  try {
    if (isExpired(call.world, flow)) return expiredRegistration(call, flow)
    const code = requireCode(call)
    if (findSession(call)) return redirect(303, defaultTarget(call), call.method)
    signIn = exchange(call, code, paused, 500)
  } catch (thrown) {
    return refuseRegistration(call, flow, refusedAtProvider(call, flow, call.params['provider'] ?? '', thrown))
  }
  return endRegistration(call, flow, signIn)
}

/** The provider is linked to whoever began the flow, if it is they who come back, and lately signed in. */
function resumeSettings(call: Call, continuity: Continuity, flow: SettingsFlow, paused: PausedSignIn): Reply {
  const active = findSession(call)
  if (!active) {
    if (isJsonRequest(call)) throw sessionInactive()
    return redirect(303, `${call.urls.public}/self-service/login/browser`, call.method)
  }
  const attempt: SettingsAttempt = { call, continuity, flow, active }
  if (isExpired(call.world, flow)) return expiredSettings(attempt)
  let signIn: ProviderSignIn
  try {
    if (flow.identity_id !== active.identity.id) throw initiatedBySomeoneElse()
    signIn = exchange(call, requireCode(call), paused, 400)
  } catch (thrown) {
    return refuseSettings(attempt, thrown, 'append')
  }
  return link(attempt, signIn)
}

function link(attempt: SettingsAttempt, { provider, tokens }: ProviderSignIn): Reply {
  try {
    return completeSettings(attempt, 'oidc', linkedTo(attempt, provider, tokens))
  } catch (thrown) {
    if (!(thrown instanceof ReauthenticationNeeded)) return refuseSettings(attempt, thrown, 'replace')
    pauseSettings(attempt, 'oidc', { link: provider.id })
    return answerReauthentication(attempt.call, attempt.flow)
  }
}

/** @throws OryError 400 with what the provider said instead */
function requireCode({ query }: Call): string {
  const error = query.get('error') ?? ''
  if (error !== '') {
    throw incomplete(`the OpenID Provider returned error "${error}": ${query.get('error_description') ?? ''}`)
  }
  const code = query.get('code') || query.get('authCode') || ''
  if (code === '') throw incomplete('the OpenID Provider did not return the code query parameter.')
  return code
}

/** @param status of the answer to a code that is not good (any longer); its body says 500 */
function exchange(call: Call, code: string, { traits }: PausedSignIn, status: number): ProviderSignIn {
  const provider = requireProvider(call, call.params['provider'] ?? '')
  try {
    const tokens = exchangeCode(call.world, provider, code)
    requireConsent(provider, tokens)
    return { provider, tokens, typed: traits }
  } catch (error) {
    throw error instanceof ExchangeFailed ? plainError(error.message, status) : error
  }
}

/** POST, as some providers send it: to the same address by GET, with all fields in the query. */
function forwardSelfServiceOidcCallback(call: Call): Reply {
  const query = new URLSearchParams(call.rawQuery)
  if (/^application\/x-www-form-urlencoded\b/i.test(call.body.contentType ?? '')) {
    for (const [key, value] of new URLSearchParams(call.body.text)) query.set(key, value)
  }
  query.sort()
  return redirect(302, `${call.urls.public}${call.path}?${query}`, call.method)
}

export const oidcCallbackOperations: Readonly<Record<string, Operation>> = {
  receiveSelfServiceOidcCallback: withErrorUi(withContinuity(receiveSelfServiceOidcCallback)),
  forwardSelfServiceOidcCallback,
}
