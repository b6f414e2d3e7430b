import { OryError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isJsonRequest } from '../http/negotiate.ts'
import { ok, type Reply, redirect } from '../http/reply.ts'
import { saveIdentity, validateIdentity } from '../identities/identity.ts'
import { withMethod } from '../sessions/session.ts'
import type { Identity, SettingsFlow } from '../state/records.ts'
import { findFlow } from './flow.ts'
import { FormError } from './form-errors.ts'
import { askWebHooks } from './hooks.ts'
import { verifyPendingAddresses } from './link-sender.ts'
import { messages } from './messages.ts'
import { returnToOf } from './return-to.ts'
import { beginSettings, settingsBody, settingsUi } from './settings-flow.ts'
import type { SettingsAttempt, SettingsChange, SettingsMethod } from './settings-strategy.ts'
import { absoluteUrl } from './ui-url.ts'

/**
 * What follows when a change is to be made: the identity, the session, a second flow whose form the submitted one shows,
 * mails to addresses that are not verified yet, and the answer (kratos-settings-recovery-verification-mfa §1.6.1). The second flow is the one that the form now leads
 * to; codes and challenges that it shows belong to it alone.
 * @throws FormError 4000007 when somebody has an identifier or address already; InvalidError for traits that do not fit
 */
export function completeSettings(
  { call, continuity, flow, active }: SettingsAttempt,
  method: SettingsMethod,
  { identity, proved, used }: SettingsChange,
): Reply {
  const { world } = call
  const target = targetOf(call, flow, method)
  askWebHooks(world.settings.selfservice.flows.settings.after, method, flow)
  const saved = save(call, identity)
  const session = world.sessions.get(active.session.id)
  if (proved && session) world.sessions.save(withMethod(session, proved, world.now()))
  const next = beginSettings(call, continuity, { type: flow.type, identity: saved })
  const done: SettingsFlow = {
    ...without(findFlow(world, 'settings', flow.id) ?? flow, used),
    state: 'success',
    ui: { ...next.ui, messages: [messages.changesSaved()] },
  }
  world.flows.save(done)
  verifyPendingAddresses(call, saved, done)
  if (flow.type === 'api' || isJsonRequest(call)) return ok(settingsBody(call, done))
  return redirect(303, target, call.method)
}

function save(call: Call, identity: Identity): Identity {
  try {
    return saveIdentity(call.world, validateIdentity(call.world, identity))
  } catch (error) {
    if (error instanceof OryError && error.status === 409) throw new FormError(messages.accountExists())
    throw error
  }
}

function without(flow: SettingsFlow, used: SettingsChange['used']): SettingsFlow {
  const { totp_url, lookup_codes, webauthn_challenge, ...rest } = flow
  return {
    ...rest,
    ...(totp_url === undefined || used === 'totp_url' ? {} : { totp_url }),
    ...(lookup_codes === undefined || used === 'lookup_codes' ? {} : { lookup_codes }),
    ...(webauthn_challenge === undefined || used === 'webauthn_challenge' ? {} : { webauthn_challenge }),
  }
}

/** Where a browser goes: the `return_to` of the flow, what is configured, or the settings page again. */
function targetOf(call: Call, flow: SettingsFlow, method: SettingsMethod): string {
  const { after } = call.world.settings.selfservice.flows.settings
  const configured = after.methods[method]?.default_browser_return_url ?? after.default_browser_return_url
  const otherwise = configured === undefined ? settingsUi(call, flow) : absoluteUrl(call, configured)
  return returnToOf(call, flow.request_url) ?? otherwise
}
