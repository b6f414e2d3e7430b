import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { Millis } from '../state/clock.ts'
import type { RecoveryFlow, UiNode, UiText, VerificationFlow } from '../state/records.ts'
import { hasCsrf, maskedCsrf, regenerateCsrf } from './csrf.ts'
import { beginFlow, flowExpiredAgo, flowHead } from './flow.ts'
import { messages } from './messages.ts'
import { csrfNode, inputNode, submitNode } from './nodes.ts'
import { readReturnTo } from './return-to.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Recovery and verification by mailed links: how their flows begin, begin anew and are written
 * (kratos-settings-recovery-verification-mfa §2, §3).
 */

export type LinkKind = 'recovery' | 'verification'
export type LinkFlow = RecoveryFlow | VerificationFlow

export interface NewLinkFlow {
  /** The address that the flow keeps; by default the one of this request. */
  readonly requestUrl?: string
  readonly note?: UiText
  /** By default the flow's configured lifespan. */
  readonly lifespan?: Millis
}

/**
 * Begins a flow and saves it.
 * @throws OryError 400 when the request's `return_to` is forbidden
 */
export function beginLinkFlow(
  call: Call,
  kind: LinkKind,
  type: 'api' | 'browser',
  { requestUrl, note, lifespan }: NewLinkFlow = {},
): LinkFlow {
  readReturnTo(call)
  const begun = beginFlow(call, kind, type, requestUrl)
  const csrf_token = currentCsrf(call)
  const enabled = call.world.settings.selfservice.methods.link.enabled
  const flow: LinkFlow = {
    ...begun,
    kind,
    csrf_token,
    state: 'choose_method',
    ...(lifespan === undefined ? {} : { expires_at: begun.issued_at + lifespan }),
    ui: { ...begun.ui, nodes: enabled ? nodes(csrf_token) : null, messages: note === undefined ? [] : [note] },
  }
  call.world.flows.save(flow)
  return flow
}

/** The form, in an order that never changes. */
function nodes(csrfToken: string): readonly UiNode[] {
  return [csrfNode(csrfToken), emailNode(), submitNode('method', 'link', 'link', messages.submit())]
}

/** @param value what was typed; absent in a new flow */
export function emailNode(value?: string): UiNode {
  return inputNode('email', 'link', 'email', { value, required: true, label: messages.emailLabel() })
}

/** The token for a form, of an API flow too: empty only where the client sent none and gets none. */
export function currentCsrf(call: Call): string {
  return hasCsrf(call) ? maskedCsrf(call) : ''
}

const EXPIRED = { recovery: messages.recoveryExpired, verification: messages.verificationExpired }

/** The answer to a submit of an expired flow: the page, or the address, of its successor, which is a browser flow (§2.5). */
export function expiredLinkFlow(call: Call, flow: LinkFlow): Reply {
  const note = EXPIRED[flow.kind](flowExpiredAgo(call.world, flow), call.world.now())
  const next = beginLinkFlow(call, flow.kind, 'browser', { requestUrl: flow.request_url, note })
  return redirect(303, isJsonRequest(call) ? fetchUrl(call, next) : linkUi(call, next), call.method)
}

/** A new flow that says why the last one was of no use, under a new anti-CSRF token (§2.3, §3.3). */
export function retryLinkFlow(call: Call, kind: LinkKind, type: 'api' | 'browser', note: UiText): Reply {
  regenerateCsrf(call)
  const next = beginLinkFlow(call, kind, type, { note })
  return redirect(303, type === 'browser' ? linkUi(call, next) : fetchUrl(call, next), call.method)
}

/** A link whose own lifetime is over: it is used up all the same. */
export function retryExpiredLink(call: Call, kind: LinkKind, expiredAt: Millis): Reply {
  // the real servers make a flow here that nobody sees; its cookie is sent, too
  regenerateCsrf(call)
  const now = call.world.now()
  return retryLinkFlow(call, kind, 'browser', EXPIRED[kind](now - expiredAt, now))
}

/** A recovery or verification flow as the API writes it. */
export function linkBody(flow: LinkFlow) {
  return { ...flowHead(flow), state: flow.state }
}

/** The page that shows the flow. */
export function linkUi(call: Call, flow: LinkFlow): string {
  return withQuery(absoluteUrl(call, call.world.settings.selfservice.flows[flow.kind].ui_url), { flow: flow.id })
}

function fetchUrl(call: Call, flow: LinkFlow): string {
  return `${call.urls.public}/self-service/${flow.kind}/flows?id=${flow.id}`
}
