import { methodDisabled, settingsSessionMissing } from '../errors.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import { findSession } from '../sessions/session.ts'
import type { SettingsFlow } from '../state/records.ts'
import { isExpired } from './flow.ts'
import { FormError } from './form-errors.ts'
import { messages } from './messages.ts'
import { resetMessages } from './nodes.ts'
import { Refused, remasked } from './refusal.ts'
import { completeSettings } from './settings-complete.ts'
import { pausedSettings, settingsBody, settingsStrategies, settingsUi } from './settings-flow.ts'
import { answerReauthentication, ReauthenticationNeeded, secondFactorFirst } from './settings-privilege.ts'
import {
  expiredSettings,
  initiatedBySomeoneElse,
  pauseSettings,
  refuseSettings,
  wantsJson,
} from './settings-refusal.ts'
import type { SettingsAttempt, SettingsStrategy } from './settings-strategy.ts'

/** A submit by someone who is signed in, in its order of checks (kratos-settings-recovery-verification-mfa §1.5). */
export async function submitSettings(attempt: SettingsAttempt): Promise<Reply> {
  const { call, flow, active } = attempt
  const tooWeak = secondFactorFirst(call, active, wantsJson(attempt))
  if (tooWeak) return tooWeak
  if (isExpired(call.world, flow)) return expiredSettings(attempt)
  if (flow.identity_id !== active.identity.id) return refuseSettings(attempt, initiatedBySomeoneElse(), 'append')
  return await offer(attempt)
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
      if (!needsReauthentication(thrown)) return refuseSettings(attempt, thrown, messagesNow)
      if (payload && !resumed) pause(attempt, strategy, payload)
      return answerReauthentication(attempt.call, attempt.flow)
    }
  }
  return refuseSettings(attempt, new FormError(messages.noSettingsStrategy()), 'replace')
}

/** The paused change of this very flow, for a browser that comes back from its re-login; one of another flow is lost. */
function resume(attempt: SettingsAttempt, { method }: SettingsStrategy): JsonObject | undefined {
  const { continuity, flow, active } = attempt
  if (wantsJson(attempt)) return undefined
  const paused = continuity.resume(pausedSettings(method), active.identity.id)
  return paused?.['flow'] === flow.id ? paused : undefined
}

function pause(attempt: SettingsAttempt, strategy: SettingsStrategy, payload: JsonObject): void {
  if (attempt.flow.type === 'browser' || strategy.pausesApiFlows) pauseSettings(attempt, strategy.method, payload)
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
  // the session may have been ended while the method waited
  if (!findSession(attempt.call)) throw settingsSessionMissing()
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
