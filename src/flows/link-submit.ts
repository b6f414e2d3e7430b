import { notFoundBecause, OryError, plainError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { GoJsonError } from '../http/go-json.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { hasCsrf, regenerateCsrf } from './csrf.ts'
import { toErrorUi } from './error-ui.ts'
import { findFlow, flowParameter } from './flow.ts'
import { showError } from './form-errors.ts'
import { currentCsrf, emailNode, type LinkFlow, type LinkKind, linkBody, linkUi } from './link-flow.ts'
import { csrfNode, resetMessages, upsertNode } from './nodes.ts'

/*
 * What the submits of recovery and verification have in common (kratos-settings-recovery-verification-mfa §2.2, §3.2).
 */

/** A refusal, by whom it is shown, and the form as it then is. */
export class LinkRefused extends Error {
  override readonly cause: unknown
  readonly active: 'link' | 'default'
  readonly flow: LinkFlow

  constructor(cause: unknown, flow: LinkFlow, active: 'link' | 'default' = 'link') {
    super('refused')
    this.cause = cause
    this.flow = flow
    this.active = active
  }
}

/**
 * The flow that a submit or a link names.
 * @throws OryError 400 when it names none, 404 when there is none such
 */
export function submittedLinkFlow(call: Call, kind: LinkKind): LinkFlow {
  const flow: LinkFlow | undefined = findFlow(call.world, kind, flowParameter(call))
  if (!flow) throw notFoundBecause(`The ${kind} request could not be found. Please restart the flow.`)
  return flow
}

/** The form with what was typed, under a newly masked token; earlier messages at the field are gone. */
export function withEmail(call: Call, flow: LinkFlow, email: string): LinkFlow {
  const nodes = upsertNode(upsertNode(flow.ui.nodes, csrfNode(currentCsrf(call))), emailNode(email))
  return { ...flow, ui: { ...flow.ui, nodes } }
}

/** The flow handed to the browser that opens a link, which may be another one than began it. */
export function withFormCsrf(call: Call, flow: LinkFlow): LinkFlow {
  if (flow.type === 'browser' && !hasCsrf(call)) regenerateCsrf(call)
  const csrf_token = currentCsrf(call)
  return { ...flow, csrf_token, ui: { ...flow.ui, nodes: upsertNode(flow.ui.nodes, csrfNode(csrf_token)) } }
}

/** The answer to a submit that went well, and to one whose form says what was wrong. */
export function answerLinkFlow(call: Call, flow: LinkFlow, status: 200 | 400): Reply {
  if (flow.type === 'browser' && !isJsonRequest(call)) return redirect(303, linkUi(call, flow), call.method)
  return status === 200 ? ok(linkBody(flow)) : { status, body: linkBody(flow) }
}

/**
 * Answers a refused submit: what is wrong with the input in the form, everything else by itself.
 * @param thrown a LinkRefused, or what went wrong with the form left as it was
 */
export function refuseLinkFlow(call: Call, before: LinkFlow, thrown: unknown): Reply {
  const { cause, flow, active } = thrown instanceof LinkRefused ? thrown : new LinkRefused(thrown, before)
  // a verification adds to what its form said before (§3.2)
  const ui = showError(flow.kind === 'recovery' ? resetMessages(flow.ui) : flow.ui, cause)
  if (!ui) return answerAlone(call, flow, cause)
  const refused: LinkFlow = { ...flow, active, ui }
  call.world.flows.save(refused)
  return answerLinkFlow(call, refused, 400)
}

/** JSON that does not parse is answered with 400 to native apps and JSON clients, although its body says 500. */
function answerAlone(call: Call, flow: LinkFlow, thrown: unknown): Reply {
  const error = thrown instanceof GoJsonError ? plainError(thrown.message, 400) : thrown
  if (!(error instanceof OryError) || flow.type === 'api' || isJsonRequest(call)) throw error
  return toErrorUi(call, error)
}
