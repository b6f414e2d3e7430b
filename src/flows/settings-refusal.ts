import { badRequest, plainError } from '../errors.ts'
import { GoJsonError } from '../http/go-json.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { SettingsFlow } from '../state/records.ts'
import { findFlow, flowExpiredAgo } from './flow.ts'
import { showError } from './form-errors.ts'
import { messages } from './messages.ts'
import { answerError, expiredOnSubmit, Refused, refuseInForm } from './refusal.ts'
import { beginSettings, pausedSettings, settingsBody, settingsUi, sortSettings } from './settings-flow.ts'
import type { SettingsAttempt, SettingsMethod } from './settings-strategy.ts'

/*
 * How a change of settings is refused, put off or begun anew (kratos-settings-recovery-verification-mfa §1.5, §1.8).
 */

/** Somebody else than the one whose settings they are. */
export const initiatedBySomeoneElse = () =>
  badRequest('You must restart the flow because the resumable session was initiated by another person.')

/** A new flow in place of the expired one. */
export function expiredSettings({ call, continuity, flow, active }: SettingsAttempt): Reply {
  const ago = flowExpiredAgo(call.world, flow)
  const next = beginSettings(call, continuity, {
    type: flow.type,
    identity: active.identity,
    requestUrl: flow.request_url,
    notes: [messages.settingsExpired(ago, call.world.now())],
  })
  return expiredOnSubmit(call, flow, ago, next.id, settingsUi(call, next))
}

/** How long a change waits for a re-login. */
const PAUSE: Millis = 15 * 60_000

/** Keeps a change until the person has signed in again. */
export function pauseSettings(
  { continuity, flow, active }: Pick<SettingsAttempt, 'continuity' | 'flow' | 'active'>,
  method: SettingsMethod,
  payload: JsonObject,
): void {
  continuity.pause(pausedSettings(method), {
    payload: { ...payload, flow: flow.id },
    identityId: active.identity.id,
    lifespan: PAUSE,
  })
}

/** Shows in the flow what is wrong, or answers what is no fault of the input. */
export function refuseSettings(attempt: SettingsAttempt, thrown: unknown, how: 'append' | 'replace'): Reply {
  const { call, active } = attempt
  const flow = findFlow(call.world, 'settings', attempt.flow.id) ?? attempt.flow
  const sort = sortSettings(call, active.identity)
  const refused = how === 'append' ? appended(flow, thrown, sort) : refuseInForm(call, flow, thrown, sort)
  if ('answer' in refused) return answerError(call, flow.type, asSettingsError(refused.answer))
  call.world.flows.save(refused.flow)
  if (wantsJson(attempt)) return { status: 400, body: settingsBody(call, refused.flow) }
  return redirect(303, settingsUi(call, flow), call.method)
}

/** The flow with one more message: what it said before stays, and so does its anti-CSRF token. */
function appended(flow: SettingsFlow, thrown: unknown, sort: ReturnType<typeof sortSettings>) {
  const { cause, nodes } = thrown instanceof Refused ? thrown : { cause: thrown, nodes: flow.ui.nodes }
  const ui = showError({ ...flow.ui, nodes }, cause)
  return ui ? { flow: { ...flow, ui: { ...ui, nodes: ui.nodes && sort(ui.nodes) } } } : { answer: cause }
}

/** JSON that does not parse is sent with 400 to every client, although its body says 500. */
function asSettingsError(answer: unknown): unknown {
  return answer instanceof GoJsonError ? plainError(answer.message, 400) : answer
}

/** Who is answered in JSON: native apps, and clients that ask for it. */
export function wantsJson({ call, flow }: Pick<SettingsAttempt, 'call' | 'flow'>): boolean {
  return flow.type === 'api' || isJsonRequest(call)
}
