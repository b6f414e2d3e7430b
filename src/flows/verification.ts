import { methodDisabled, notFound, OryError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { Identity, LinkToken, VerifiableAddress } from '../state/records.ts'
import { decodeBody, textOf } from './body.ts'
import { withErrorUi } from './error-ui.ts'
import { findFlow, isExpired } from './flow.ts'
import { FormError } from './form-errors.ts'
import { expiredLinkFlow, type LinkFlow, linkUi, retryExpiredLink, retryLinkFlow } from './link-flow.ts'
import { fetchLinkFlow, initLinkForBrowsers, initLinkForNativeApps } from './link-init.ts'
import { markVerified, sendVerificationLink } from './link-sender.ts'
import {
  answerLinkFlow,
  LinkRefused,
  refuseLinkFlow,
  submittedLinkFlow,
  withEmail,
  withFormCsrf,
} from './link-submit.ts'
import { useLinkToken } from './link-token.ts'
import { messages } from './messages.ts'
import { verificationBody } from './method-bodies.ts'
import { checkCsrf } from './protect.ts'
import { returnToOf } from './return-to.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/** POST /self-service/verification?flow=, and GET, which links in mails do (kratos-settings-recovery-verification-mfa §3.2). */
function submitSelfServiceVerificationFlow(call: Call): Reply {
  const flow = submittedLinkFlow(call, 'verification')
  try {
    return isExpired(call.world, flow) ? expiredLinkFlow(call, flow) : verify(call, flow)
  } catch (thrown) {
    return refuseLinkFlow(call, flow, thrown)
  }
}

function verify(call: Call, flow: LinkFlow): Reply {
  const { values, error } = decodeBody(call, verificationBody)
  if (error) throw error
  const { link } = call.world.settings.selfservice.methods
  const token = textOf(values, 'token')
  if (token !== '') {
    if (!link.enabled) throw methodDisabled()
    return openLink(call, token)
  }
  const email = textOf(values, 'email')
  const shown = withEmail(call, flow, email)
  if (textOf(values, 'method') !== 'link') {
    throw new LinkRefused(new FormError(messages.noVerificationStrategy()), shown, 'default')
  }
  if (!link.enabled) throw methodDisabled()
  if (flow.state === 'passed_challenge') {
    return retryLinkFlow(call, 'verification', flow.type, messages.verificationRetry())
  }
  if (flow.state === 'failed') return retryLinkFlow(call, 'verification', flow.type, messages.verificationFailed())
  try {
    if (email === '') throw new FormError(messages.missing('email'), 'email')
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
  } catch (refusal) {
    throw new LinkRefused(refusal, shown)
  }
  sendVerificationLink(call, flow, email)
  const ui = { ...shown.ui, messages: [messages.verificationEmailSent()] }
  const sent: LinkFlow = { ...shown, active: 'link', state: 'sent_email', ui }
  call.world.flows.save(sent)
  return answerLinkFlow(call, sent, 200)
}

/** A link that was mailed: it verifies its address in whatever browser it is opened (§3.3). */
function openLink(call: Call, text: string): Reply {
  const token = useLinkToken(call.world, 'verification', text)
  const found = token && mailedTo(call, token)
  if (!token || !found) {
    return retryLinkFlow(call, 'verification', 'browser', messages.verificationTokenInvalid())
  }
  const flow = findFlow(call.world, 'verification', token.flow_id)
  if (!flow) throw notFound()
  if (token.expires_at <= call.world.now()) return retryExpiredLink(call, 'verification', token.expires_at)
  const done = withFormCsrf(call, { ...flow, state: 'passed_challenge' })
  call.world.flows.save({ ...done, ui: { ...done.ui, messages: [messages.emailVerified()] } })
  markVerified(call, found.identity, found.address)
  return redirect(303, verifiedTarget(call, flow), call.method)
}

function mailedTo(
  { world }: Call,
  token: LinkToken,
): { readonly identity: Identity; readonly address: VerifiableAddress } | undefined {
  const identity = world.identities.get(token.identity_id)
  const address = identity?.verifiable_addresses.find((each) => each.id === token.address_id)
  return identity && address ? { identity, address } : undefined
}

/** Where the flow was to lead, else where the project says, else the page of the flow; its id goes along. */
function verifiedTarget(call: Call, flow: LinkFlow): string {
  const configured = call.world.settings.selfservice.flows.verification.after.default_browser_return_url
  const fallback = configured === undefined ? linkUi(call, flow) : absoluteUrl(call, configured)
  try {
    return withQuery(returnToOf(call, flow.request_url) ?? fallback, { flow: flow.id })
  } catch (error) {
    if (error instanceof OryError) return fallback
    throw error
  }
}

export const verificationOperations: Readonly<Record<string, Operation>> = {
  initializeSelfServiceVerificationFlowWithoutBrowser: (call) => initLinkForNativeApps(call, 'verification'),
  initializeSelfServiceVerificationFlowForBrowsers: withErrorUi((call) => initLinkForBrowsers(call, 'verification')),
  getSelfServiceVerificationFlow: (call) => fetchLinkFlow(call, 'verification'),
  submitSelfServiceVerificationFlow: withErrorUi(submitSelfServiceVerificationFlow),
  openSelfServiceVerificationLink: withErrorUi(submitSelfServiceVerificationFlow),
}
