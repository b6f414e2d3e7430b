import { methodDisabled, notFound, OryError, sessionAlreadyAvailable } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { lenientUuid } from '../http/uuid.ts'
import type { JsonObject } from '../json.ts'
import { findSession } from '../sessions/session.ts'
import { decodeBody, textOf } from './body.ts'
import { type Continuity, withContinuity } from './continuity.ts'
import { withErrorUi } from './error-ui.ts'
import { findFlow, isExpired } from './flow.ts'
import { FormError } from './form-errors.ts'
import { expiredLinkFlow, type LinkFlow, retryExpiredLink, retryLinkFlow } from './link-flow.ts'
import { fetchLinkFlow, initLinkForBrowsers, initLinkForNativeApps } from './link-init.ts'
import { sendRecoveryLink } from './link-sender.ts'
import { answerLinkFlow, LinkRefused, refuseLinkFlow, submittedLinkFlow, withEmail } from './link-submit.ts'
import { useLinkToken } from './link-token.ts'
import { messages } from './messages.ts'
import { recoveryBody } from './method-bodies.ts'
import { checkCsrf } from './protect.ts'
import { recover } from './recovery-complete.ts'
import { signedInTarget } from './return-to.ts'

/** GET /self-service/recovery/api (kratos-settings-recovery-verification-mfa §2.1). */
function initializeForNativeApps(call: Call): Reply {
  if (findSession(call)) throw sessionAlreadyAvailable('recovery')
  return initLinkForNativeApps(call, 'recovery')
}

/** GET /self-service/recovery/browser. */
function initializeForBrowsers(call: Call): Reply {
  return findSession(call) ? alreadySignedIn(call) : initLinkForBrowsers(call, 'recovery')
}

/** Whoever is signed in has nothing to recover; a browser is sent on. */
function alreadySignedIn(call: Call): Reply {
  if (isJsonRequest(call)) throw sessionAlreadyAvailable('recovery')
  return redirect(302, signedInTarget(call), call.method)
}

/** POST /self-service/recovery?flow=, and GET, which links in mails do (§2.2). */
function submitSelfServiceRecoveryFlow(call: Call, continuity: Continuity): Reply {
  const flow = submittedLinkFlow(call, 'recovery')
  try {
    return isExpired(call.world, flow) ? expiredLinkFlow(call, flow) : submit(call, continuity, flow)
  } catch (thrown) {
    // no fault of the form, although it is a 400
    if (thrown instanceof OryError && thrown.error.id === 'session_already_available') throw thrown
    return refuseLinkFlow(call, flow, thrown)
  }
}

function submit(call: Call, continuity: Continuity, flow: LinkFlow): Reply {
  const { values, error } = decodeBody(call, recoveryBody)
  if (error) throw error
  const { link } = call.world.settings.selfservice.methods
  const token = textOf(values, 'token')
  if (token !== '') {
    if (!link.enabled) throw methodDisabled()
    return openLink(call, continuity, token)
  }
  if (findSession(call)) return alreadySignedIn(call)
  if (textOf(values, 'method') !== 'link') {
    throw new LinkRefused(new FormError(messages.noRecoveryStrategy()), flow, 'default')
  }
  if (!link.enabled) throw methodDisabled()
  // nested JSON is read without the query: unless it repeats the id, the real servers find no flow
  const own: LinkFlow | undefined = findFlow(call.world, 'recovery', lenientUuid(textOf(values, 'flow')) ?? null)
  if (!own) throw notFound()
  if (isExpired(call.world, own)) return expiredLinkFlow(call, flow)
  if (own.state === 'passed_challenge') return retryLinkFlow(call, 'recovery', own.type, messages.recoveryRetry())
  if (own.state === 'failed') return retryLinkFlow(call, 'recovery', own.type, messages.recoveryFailed())
  sendLink(call, own, values)
  return answerLinkFlow(call, submittedLinkFlow(call, 'recovery'), 200)
}

/** What was typed is shown only once it was of use. */
function sendLink(call: Call, flow: LinkFlow, values: JsonObject): void {
  const email = textOf(values, 'email')
  if (email === '') throw new FormError(messages.missing('email'), 'email')
  checkCsrf(call, flow, textOf(values, 'csrf_token'))
  sendRecoveryLink(call, flow, email)
  const shown = withEmail(call, flow, email)
  const ui = { ...shown.ui, messages: [messages.recoveryEmailSent()] }
  call.world.flows.save({ ...shown, active: 'link', state: 'sent_email', ui })
}

/** A link that was mailed, or that an administrator made: it signs in, in whatever browser it is opened (§2.3). */
function openLink(call: Call, continuity: Continuity, text: string): Reply {
  const token = useLinkToken(call.world, 'recovery', text)
  const identity = token && call.world.identities.get(token.identity_id)
  if (!token || !identity) return retryLinkFlow(call, 'recovery', 'browser', messages.recoveryTokenInvalid())
  if (token.expires_at <= call.world.now()) return retryExpiredLink(call, 'recovery', token.expires_at)
  return recover(call, continuity, token, identity)
}

export const recoveryOperations: Readonly<Record<string, Operation>> = {
  initializeSelfServiceRecoveryFlowWithoutBrowser: initializeForNativeApps,
  initializeSelfServiceRecoveryFlowForBrowsers: withErrorUi(initializeForBrowsers),
  getSelfServiceRecoveryFlow: (call) => fetchLinkFlow(call, 'recovery'),
  submitSelfServiceRecoveryFlow: withErrorUi(withContinuity(submitSelfServiceRecoveryFlow)),
  openSelfServiceRecoveryLink: withErrorUi(withContinuity(submitSelfServiceRecoveryFlow)),
}
