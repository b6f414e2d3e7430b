import { identityDisabled, notFound } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { authenticated, newSession, revokeOthers } from '../sessions/session.ts'
import { sessionCookie } from '../sessions/session-cookie.ts'
import type { Identity, LinkToken, Session, SettingsFlow } from '../state/records.ts'
import type { Continuity } from './continuity.ts'
import { maskedCsrf, regenerateCsrf } from './csrf.ts'
import { findFlow, requestUrlOf } from './flow.ts'
import { hooksAfter } from './hooks.ts'
import { beginLinkFlow, type LinkFlow } from './link-flow.ts'
import { markVerified } from './link-sender.ts'
import { messages } from './messages.ts'
import { csrfNode, upsertNode } from './nodes.ts'
import { beginSettings, settingsUi } from './settings-flow.ts'

/**
 * What a valid recovery link brings about: a privileged session and a settings flow to set a new password in, for every
 * client by redirect (kratos-settings-recovery-verification-mfa §2.3).
 * @throws OryError 401 when the identity is deactivated
 */
export function recover(call: Call, continuity: Continuity, token: LinkToken, identity: Identity): Reply {
  const { world } = call
  const flow = flowOf(call, token)
  const recovered = proveAddress(call, token, identity)
  passChallenge(call, flow)
  if (recovered.state !== 'active') {
    // the real servers begin another flow here, which nobody sees; its cookie is sent, too
    regenerateCsrf(call)
    throw identityDisabled(recovered.id)
  }
  const session = authenticated(world, newSession(world, recovered), { method: 'link_recovery', aal: 'aal1' })
  world.sessions.save(session)
  const settings = beginNewSettings(call, continuity, flow, recovered)
  revokeIfConfigured(call, session)
  return redirect(303, settingsUi(call, settings), call.method, { cookies: [sessionCookie(call, session)] })
}

/** An administrator's link has a flow of its own only once it is opened. */
function flowOf(call: Call, token: LinkToken): LinkFlow {
  if (isByAdmin(token)) {
    return beginLinkFlow(call, 'recovery', 'browser', { lifespan: token.expires_at - call.world.now() })
  }
  const flow = findFlow(call.world, 'recovery', token.flow_id)
  if (!flow) throw notFound()
  return flow
}

const isByAdmin = (token: LinkToken): boolean => token.address_id === undefined

/** Who opens a mailed link has the address. */
function proveAddress(call: Call, token: LinkToken, identity: Identity): Identity {
  const mailed = identity.recovery_addresses.find((each) => each.id === token.address_id)
  const address = mailed && identity.verifiable_addresses.find((each) => each.value === mailed.value)
  return address === undefined || address.verified ? identity : markVerified(call, identity, address)
}

function passChallenge(call: Call, flow: LinkFlow): void {
  regenerateCsrf(call)
  const csrf_token = maskedCsrf(call)
  const ui = { ...flow.ui, nodes: upsertNode(flow.ui.nodes, csrfNode(csrf_token)), messages: [] }
  call.world.flows.save({ ...flow, state: 'passed_challenge', csrf_token, ui })
}

/** The settings flow leads where the recovery was to lead, once something is saved. */
function beginNewSettings(call: Call, continuity: Continuity, flow: LinkFlow, identity: Identity): SettingsFlow {
  const url = new URL(requestUrlOf(call))
  url.searchParams.set('return_to', flow.return_to ?? '')
  url.searchParams.sort()
  const { privileged_session_max_age } = call.world.settings.selfservice.flows.settings
  const notes = [messages.recovered(privileged_session_max_age, call.world.now())]
  return beginSettings(call, continuity, { type: 'browser', identity, requestUrl: url.href, notes })
}

function revokeIfConfigured({ world }: Call, session: Session): void {
  const hooks = hooksAfter(world.settings.selfservice.flows.recovery.after, '')
  if (hooks.has('revoke_active_sessions')) revokeOthers(world, session.identity_id, session.id)
}
