import { identityMismatch, notFound, notFoundBecause, sessionInactive, settingsSessionMissing } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { acceptsJson, isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { findSession, requireAal } from '../sessions/session.ts'
import { type Continuity, withContinuity } from './continuity.ts'
import { withErrorUi } from './error-ui.ts'
import { expiredOnFetch, findFlow, flowParameter, isExpired } from './flow.ts'
import { beginSettings, settingsBody, settingsUi } from './settings-flow.ts'
import { secondFactorFirst } from './settings-privilege.ts'
import { submitSettings } from './settings-submit.ts'
import { absoluteUrl } from './ui-url.ts'

/** GET /self-service/settings/api (kratos-settings-recovery-verification-mfa §1.1). */
function initializeForNativeApps(call: Call, continuity: Continuity): Reply {
  const active = findSession(call)
  if (!active) throw sessionInactive(true)
  requireAal(call, active, call.world.settings.selfservice.flows.settings.required_aal)
  return ok(settingsBody(call, beginSettings(call, continuity, { type: 'api', identity: active.identity })))
}

/** GET /self-service/settings/browser. Who is not signed in goes to the login page, who is so too weakly to a second factor. */
function initializeForBrowsers(call: Call, continuity: Continuity): Reply {
  const active = findSession(call)
  if (!active) {
    if (isJsonRequest(call)) throw sessionInactive()
    return redirect(303, loginPage(call), call.method)
  }
  const tooWeak = secondFactorFirst(call, active, isJsonRequest(call))
  if (tooWeak) return tooWeak
  const flow = beginSettings(call, continuity, { type: 'browser', identity: active.identity })
  return acceptsJson(call) ? ok(settingsBody(call, flow)) : redirect(303, settingsUi(call, flow), call.method)
}

/** GET /self-service/settings/flows?id=: for whom it was begun, and nobody else. */
function getSelfServiceSettingsFlow(call: Call): Reply {
  const active = findSession(call)
  if (!active) return signedOut(call)
  const flow = findFlow(call.world, 'settings', call.query.get('id'))
  if (!flow) throw notFound()
  if (flow.identity_id !== active.identity.id) throw identityMismatch()
  requireAal(call, active, call.world.settings.selfservice.flows.settings.required_aal)
  if (isExpired(call.world, flow)) throw expiredOnFetch(call, flow)
  return ok(settingsBody(call, flow))
}

/** POST and GET /self-service/settings?flow=; GET resumes what was paused for a re-login. */
async function submitSelfServiceSettingsFlow(call: Call, continuity: Continuity): Promise<Reply> {
  const active = findSession(call)
  if (!active) return signedOut(call)
  const flow = findFlow(call.world, 'settings', flowParameter(call))
  if (!flow) throw notFoundBecause('The settings request could not be found. Please restart the flow.')
  return await submitSettings({ call, continuity, flow, active })
}

function signedOut(call: Call): Reply {
  if (isJsonRequest(call)) throw settingsSessionMissing()
  return redirect(302, loginPage(call), call.method)
}

const loginPage = (call: Call): string => absoluteUrl(call, call.world.settings.selfservice.flows.login.ui_url)

export const settingsOperations: Readonly<Record<string, Operation>> = {
  initializeSelfServiceSettingsFlowWithoutBrowser: withContinuity(initializeForNativeApps),
  initializeSelfServiceSettingsFlowForBrowsers: withErrorUi(withContinuity(initializeForBrowsers)),
  getSelfServiceSettingsFlow,
  submitSelfServiceSettingsFlow: withErrorUi(withContinuity(submitSelfServiceSettingsFlow)),
}
