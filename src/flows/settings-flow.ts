import type { Call } from '../http/call.ts'
import { identityBody } from '../identities/identity-body.ts'
import { defaultIdentitySchema, findIdentitySchema } from '../identities/identity-schema.ts'
import type { JsonObject } from '../json.ts'
import type { Identity, NodeGroup, SettingsFlow, UiNode, UiText } from '../state/records.ts'
import type { Continuity } from './continuity.ts'
import { csrfTokenFor } from './csrf.ts'
import { beginFlow, flowHead } from './flow.ts'
import { lookupSettings } from './methods/lookup-settings.ts'
import { oidcSettings } from './methods/oidc-settings.ts'
import { passwordSettings } from './methods/password-settings.ts'
import { profileSettings } from './methods/profile-settings.ts'
import { totpSettings } from './methods/totp-settings.ts'
import { webAuthnSettings } from './methods/webauthn-settings.ts'
import { csrfNode, sortNodes } from './nodes.ts'
import { readReturnTo } from './return-to.ts'
import type { SettingsForm, SettingsMethod, SettingsStrategy } from './settings-strategy.ts'
import { schemaKeys } from './trait-nodes.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Settings flows: how they begin and how they are written (kratos-settings-recovery-verification-mfa §1).
 */

/** The ways to change settings, in the order in which a submit is offered to them (§0). */
export const settingsStrategies: readonly SettingsStrategy[] = [
  passwordSettings,
  oidcSettings,
  profileSettings,
  totpSettings,
  webAuthnSettings,
  lookupSettings,
]

/** Under which name a change of that method is paused for a re-login. */
export const pausedSettings = (method: SettingsMethod): string => `ory_kratos_settings_${method}`

const GROUPS: readonly NodeGroup[] = ['default', 'profile', 'password', 'oidc', 'lookup_secret', 'webauthn', 'totp']
const KEYS: readonly string[] = [
  'lookup_secret_reveal',
  'lookup_secret_regenerate',
  'lookup_secret_codes',
  'lookup_secret_confirm',
  'webauthn_remove',
  'webauthn_register_displayname',
  'webauthn_register',
  'totp_qr',
  'totp_secret_key',
  'totp_unlink',
  'totp_code',
]

function sortBy(schema: JsonObject, nodes: readonly UiNode[]): readonly UiNode[] {
  return sortNodes(nodes, GROUPS, [...schemaKeys(schema), ...KEYS])
}

/** Sorts a refused form: the traits stand in the order of the identity's own schema, while a new form has the default's. */
export function sortSettings(call: Call, identity: Identity): (nodes: readonly UiNode[]) => readonly UiNode[] {
  return (nodes) => sortBy(findIdentitySchema(call.world, identity.schema_id).schema, nodes)
}

/** What a settings flow is begun with. */
export interface NewSettings {
  readonly type: 'api' | 'browser'
  readonly identity: Identity
  /** The address that it keeps, by default the one of this request. */
  readonly requestUrl?: string
  /** Shown above the form. */
  readonly notes?: readonly UiText[]
}

/**
 * Begins a flow and saves it. What the browser had paused for a re-login is forgotten.
 * @throws OryError 400 for a forbidden `return_to`
 */
export function beginSettings(call: Call, continuity: Continuity, wanted: NewSettings): SettingsFlow {
  readReturnTo(call)
  const { type, identity, requestUrl, notes = [] } = wanted
  const begun = beginFlow(call, 'settings', type, requestUrl)
  const forms: SettingsForm[] = []
  for (const strategy of settingsStrategies.filter((each) => each.enabled(call))) {
    continuity.abort(pausedSettings(strategy.method))
    const form = strategy.form(call, identity, type)
    if (form) forms.push(form)
  }
  const nodes = [csrfNode(csrfTokenFor(call, type)), ...forms.flatMap((form) => form.nodes)]
  const flow: SettingsFlow = {
    ...begun,
    kind: 'settings',
    identity_id: identity.id,
    state: 'show_form',
    ui: {
      ...begun.ui,
      nodes: forms.length === 0 ? null : sortBy(defaultIdentitySchema(call.world).schema, nodes),
      messages: notes,
    },
    ...Object.assign({}, ...forms.map((form) => form.memory)),
  }
  call.world.flows.save(flow)
  return flow
}

/** A settings flow as the API writes it (§1.2), with the identity as it is now. */
export function settingsBody(call: Call, flow: SettingsFlow) {
  const identity = call.world.identities.get(flow.identity_id)
  return { ...flowHead(flow), ...(identity ? { identity: identityBody(call, identity) } : {}), state: flow.state }
}

/** The page that shows the flow. */
export function settingsUi(call: Call, flow: Pick<SettingsFlow, 'id'>): string {
  return withQuery(absoluteUrl(call, call.world.settings.selfservice.flows.settings.ui_url), { flow: flow.id })
}
