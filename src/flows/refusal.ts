import { flowExpiredOnSubmit, OryError, plainError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { GoJsonError } from '../http/go-json.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { Millis } from '../state/clock.ts'
import type { Flow, UiNode } from '../state/records.ts'
import { maskedCsrf } from './csrf.ts'
import { toErrorUi } from './error-ui.ts'
import { showError } from './form-errors.ts'
import { resetMessages, setNodeValue } from './nodes.ts'

/*
 * How a refused submit is shown (kratos-login-registration-sessions §1.5): what is wrong with the input stands in the form,
 * everything else is an error of its own.
 */

/** A refusal together with the nodes as the method leaves them, typed values and all. */
export class Refused extends Error {
  override readonly cause: unknown
  readonly nodes: readonly UiNode[] | null

  constructor(cause: unknown, nodes: readonly UiNode[] | null) {
    super('refused')
    this.cause = cause
    this.nodes = nodes
  }
}

/** The nodes with the anti-CSRF token behind a new mask. */
export function remasked(
  call: Call,
  flow: Pick<Flow, 'type'>,
  nodes: readonly UiNode[] | null,
): readonly UiNode[] | null {
  return nodes && setNodeValue(nodes, 'csrf_token', flow.type === 'api' ? '' : maskedCsrf(call))
}

/** The flow with what was wrong shown in it, or the error that is no fault of the input and is answered by itself. */
export function refuseInForm<F extends Flow>(
  call: Call,
  flow: F,
  thrown: unknown,
  sort: (nodes: readonly UiNode[]) => readonly UiNode[],
): { readonly flow: F } | { readonly answer: unknown } {
  const cause = thrown instanceof Refused ? thrown.cause : thrown
  const nodes = thrown instanceof Refused ? thrown.nodes : flow.ui.nodes
  const ui = showError(resetMessages({ ...flow.ui, nodes }), cause)
  if (!ui) return { answer: cause }
  const masked = remasked(call, flow, ui.nodes)
  return { flow: { ...flow, ui: { ...ui, nodes: masked && sort(masked) } } }
}

/** The answer to the submit of an expired flow: 410 with its successor, or the page of the successor (§1.8). */
export function expiredOnSubmit(call: Call, flow: Flow, ago: Millis, nextId: string, nextUi: string): Reply {
  if (flow.type === 'api' || isJsonRequest(call)) throw flowExpiredOnSubmit(ago, nextId)
  return redirect(303, nextUi, call.method)
}

/**
 * Answers an error that is no fault of the input: as it is to native apps and JSON clients, by the error page to browsers.
 * JSON that does not parse is sent with 400 to native apps, although its body says 500.
 */
export function answerError(call: Call, type: 'api' | 'browser', thrown: unknown): Reply {
  if (thrown instanceof GoJsonError) {
    return answerOryError(call, type, plainError(thrown.message, type === 'api' ? 400 : 500))
  }
  if (thrown instanceof OryError) return answerOryError(call, type, thrown)
  throw thrown
}

function answerOryError(call: Call, type: 'api' | 'browser', error: OryError): Reply {
  if (type === 'api' || isJsonRequest(call)) throw error
  return toErrorUi(call, error)
}
