import { registrationDisabled } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { defaultIdentitySchema } from '../identities/identity-schema.ts'
import type { NodeGroup, RegistrationFlow, UiNode, UiText } from '../state/records.ts'
import { csrfTokenFor } from './csrf.ts'
import { beginFlow, flowHead } from './flow.ts'
import { oidcRegistration } from './methods/oidc-registration.ts'
import { passwordRegistration } from './methods/password-registration.ts'
import { asksForKey, newCeremony } from './methods/webauthn.ts'
import { webAuthnRegistration } from './methods/webauthn-registration.ts'
import { csrfNode, sortNodes, uniqueNodes } from './nodes.ts'
import type { RegistrationStrategy } from './registration-strategy.ts'
import { readReturnTo } from './return-to.ts'
import { schemaKeys } from './trait-nodes.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Registration flows: how they begin and how they are written (kratos-login-registration-sessions §3).
 */

/** The ways to sign up, in the order in which a submit is offered to them (§3.3). */
export const registrationStrategies: readonly RegistrationStrategy[] = [
  passwordRegistration,
  oidcRegistration,
  webAuthnRegistration,
]

const GROUPS: readonly NodeGroup[] = ['default', 'oidc', 'webauthn', 'password']
const WEBAUTHN_KEYS = ['webauthn_remove', 'webauthn_register_displayname', 'webauthn_register']

/** Sorts a form of this project: the password stands behind the first key of the identity schema. */
export function sortRegistration(call: Call): (nodes: readonly UiNode[]) => readonly UiNode[] {
  const [first, ...rest] = schemaKeys(defaultIdentitySchema(call.world).schema)
  const keys = [...(first === undefined ? [] : [first]), 'password', ...rest, ...WEBAUTHN_KEYS]
  return (nodes) => sortNodes(nodes, GROUPS, keys)
}

/** @throws OryError 400 self_service_flow_disabled */
export function requireRegistration(call: Call): void {
  if (!call.world.settings.selfservice.flows.registration.enabled) throw registrationDisabled()
}

/**
 * Begins a flow and saves it.
 * @param requestUrl the address that it keeps, by default the one of this request
 * @throws OryError 400 when registration is disabled or `return_to` is forbidden
 */
export function beginRegistration(
  call: Call,
  type: 'api' | 'browser',
  requestUrl?: string,
  notes: readonly UiText[] = [],
): RegistrationFlow {
  requireRegistration(call)
  if (requestUrl === undefined) readReturnTo(call)
  const begun = beginFlow(call, 'registration', type, requestUrl)
  const ceremony = newCeremony(call.world)
  const offered = registrationStrategies.filter((s) => s.enabled(call)).flatMap((s) => s.nodes(call, type, ceremony))
  const nodes = uniqueNodes(type === 'browser' ? [csrfNode(csrfTokenFor(call, type)), ...offered] : offered)
  const flow: RegistrationFlow = {
    ...begun,
    kind: 'registration',
    ...(asksForKey(nodes) ? ceremony : {}),
    ui: { ...begun.ui, nodes: nodes.length === 0 ? null : sortRegistration(call)(nodes), messages: notes },
  }
  call.world.flows.save(flow)
  return flow
}

/** A registration flow as the API writes it (§3.1): without the times and the level that a login flow has. */
export const registrationBody = (flow: RegistrationFlow) => flowHead(flow)

/** The page that shows the flow. */
export function registrationUi(call: Call, flow: RegistrationFlow): string {
  return withQuery(absoluteUrl(call, call.world.settings.selfservice.flows.registration.ui_url), { flow: flow.id })
}
