import { badRequest, methodDisabled, plainError } from '../errors.ts'
import { GoJsonError } from '../http/go-json.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { SettingsFlow } from '../state/records.ts'
import { findFlow, flowExpiredAgo, isExpired } from './flow.ts'
import { FormError, showError } from './form-errors.ts'
import { messages } from './messages.ts'
import { resetMessages } from './nodes.ts'
import { answerError, expiredOnSubmit, Refused, refuseInForm, remasked } from './refusal.ts'
import { completeSettings } from './settings-complete.ts'
import {
  beginSettings,
  pausedSettings,
  settingsBody,
  settingsStrategies,
  settingsUi,
  sortSettings,
} from './settings-flow.ts'
import { answerReauthentication, ReauthenticationNeeded, secondFactorFirst } from './settings-privilege.ts'
import type { SettingsAttempt, SettingsStrategy } from './settings-strategy.ts'

/** How long a change waits for a re-login. */
const PAUSE: Millis = 15 * 60_000

/** A submit by someone who is signed in, in its order of checks (kratos-settings-recovery-verification-mfa §1.5). */
export async function submitSettings(attempt: SettingsAttempt): Promise<Reply> {
  const { call, flow, active } = attempt
  const tooWeak = secondFactorFirst(call, active, wantsJson(attempt))
  if (tooWeak) return tooWeak
  if (isExpired(call.world, flow)) return expired(attempt)
  if (flow.identity_id !== active.identity.id) return refuse(attempt, initiatedBySomeoneElse(), 'append')
  return await offer(attempt)
}

const initiatedBySomeoneElse = () =>
  badRequest('You must restart the flow because the resumable session was initiated by another person.')

/** A new flow in place of the expired one. */
function expired({ call, continuity, flow, active }: SettingsAttempt): Reply {
  const ago = flowExpiredAgo(call.world, flow)
  const next = beginSettings(call, continuity, {
    type: flow.type,
    identity: active.identity,
    requestUrl: flow.request_url,
    notes: [messages.settingsExpired(ago, call.world.now())],
  })
  return expiredOnSubmit(call, flow, ago, next.id, settingsUi(call, next))
}

/** What was paused for a re-login or else is submitted now, to the first method that it is meant for. */
async function offer(attempt: SettingsAttempt): Promise<Reply> {
  // the first method that reads the submit clears what the form said before
  let messagesNow: 'append' | 'replace' = 'append'
  for (const strategy of settingsStrategies) {
    if (strategy.browserOnly && attempt.flow.type !== 'browser') continue
    let payload: JsonObject | undefined
    let resumed = false
    try {
      payload = resume(attempt, strategy)
      resumed = payload !== undefined
      if (!resumed) messagesNow = 'replace'
      payload ??= read(attempt, strategy)
      if (payload) return await carryOut(attempt, strategy, payload)
    } catch (thrown) {
      if (!needsReauthentication(thrown)) return refuse(attempt, thrown, messagesNow)
      if (payload && !resumed) pause(attempt, strategy, payload)
      return answerReauthentication(attempt.call, attempt.flow)
    }
  }
  return refuse(attempt, new FormError(messages.noSettingsStrategy()), 'replace')
}

/** The paused change of this very flow, for a browser that comes back from its re-login; one of another flow is lost. */
function resume(attempt: SettingsAttempt, { method }: SettingsStrategy): JsonObject | undefined {
  const { continuity, flow, active } = attempt
  if (wantsJson(attempt)) return undefined
  const paused = continuity.resume(pausedSettings(method), active.identity.id)
  return paused?.['flow'] === flow.id ? paused : undefined
}

function pause({ continuity, flow, active }: SettingsAttempt, strategy: SettingsStrategy, payload: JsonObject): void {
  if (flow.type === 'api' && !strategy.pausesApiFlows) return
  continuity.pause(pausedSettings(strategy.method), {
    payload: { ...payload, flow: flow.id },
    identityId: active.identity.id,
    lifespan: PAUSE,
  })
}

function needsReauthentication(thrown: unknown): boolean {
  return (thrown instanceof Refused ? thrown.cause : thrown) instanceof ReauthenticationNeeded
}

function read(attempt: SettingsAttempt, strategy: SettingsStrategy): JsonObject | undefined {
  if (!strategy.claims(attempt)) return undefined
  if (!strategy.enabled(attempt.call)) throw methodDisabled()
  return strategy.read(attempt)
}

async function carryOut(attempt: SettingsAttempt, strategy: SettingsStrategy, payload: JsonObject): Promise<Reply> {
  if (!strategy.enabled(attempt.call)) throw methodDisabled()
  const prepared = strategy.prepare(attempt, payload)
  const step = typeof prepared === 'function' ? prepared : await prepared
  const outcome = step()
  if ('status' in outcome) return outcome
  if ('show' in outcome) return showAgain(attempt, outcome.show)
  try {
    return completeSettings(attempt, strategy.method, outcome)
  } catch (thrown) {
    throw outcome.typed === undefined ? thrown : new Refused(thrown, outcome.typed)
  }
}

function showAgain(attempt: SettingsAttempt, flow: SettingsFlow): Reply {
  const { call } = attempt
  const shown = { ...flow, ui: { ...resetMessages(flow.ui), nodes: remasked(call, flow, flow.ui.nodes) } }
  call.world.flows.save(shown)
  return wantsJson(attempt) ? ok(settingsBody(call, shown)) : redirect(303, settingsUi(call, shown), call.method)
}

/** Shows in the flow what is wrong, or answers what is no fault of the input. */
function refuse(attempt: SettingsAttempt, thrown: unknown, how: 'append' | 'replace'): Reply {
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

function wantsJson({ call, flow }: Pick<SettingsAttempt, 'call' | 'flow'>): boolean {
  return flow.type === 'api' || isJsonRequest(call)
}
