import { oidcSettings } from '../../flows/methods/oidc-settings.ts'
import { nodeId, nodeValue } from '../../flows/nodes.ts'
import { sortSettings } from '../../flows/settings-flow.ts'
import type { Call } from '../../http/call.ts'
import { findSession } from '../../sessions/session.ts'
import type { Identity, OidcConfig, SettingsFlow, UiNode, WebAuthnKey } from '../../state/records.ts'
import { flowOf } from './arrange.ts'

/*
 * People who have only one way to sign in left: a social provider, or where there is none a security key.
 */

/** Leaves one way to whoever is signed in; a form that was made before shows it too. */
export function leaveOne(call: Call): undefined {
  const active = findSession(call)
  const left = active && withOneLeft(call, active.identity)
  if (!left) return undefined
  call.world.identities.save(left)
  const flow = flowOf(call)
  if (flow?.kind === 'settings' && flow.identity_id === left.id && flow.ui.nodes !== null) {
    call.world.flows.save({ ...flow, ui: { ...flow.ui, nodes: nodesOf(call, flow, left) } })
  }
  return undefined
}

/** The identity with one way in: a link to a provider, made where there is none. Undefined where nothing can be left. */
export function withOneLeft(call: Call, identity: Identity): Identity | undefined {
  const { password, webauthn, ...others } = identity.credentials
  const keys = webauthn?.config.credentials ?? []
  const link = linkOf(call, identity)
  const key = link ? undefined : keys.find((each) => each.is_passwordless)
  if (!link && !key) return undefined
  const now = call.world.now()
  const known = identity.credentials.oidc ?? { version: 0, created_at: now, updated_at: now }
  const kept = keys.filter((each) => !each.is_passwordless || each === key)
  return {
    ...identity,
    credentials: {
      ...others,
      ...(password && { password: { ...password, config: {} } }),
      ...(webauthn && { webauthn: { ...webauthn, config: { ...webauthn.config, credentials: kept } } }),
      ...(link && {
        oidc: { ...known, identifiers: [`${link.provider}:${link.subject}`], config: { providers: [link] } },
      }),
    },
  }
}

/** The link to keep; made where there is none. */
function linkOf({ world }: Call, identity: Identity): OidcConfig['providers'][number] | undefined {
  const { enabled, config } = world.settings.selfservice.methods.oidc
  const links = identity.credentials.oidc?.config.providers ?? []
  const found = links.find(({ provider }) => config.providers.some(({ id }) => id === provider))
  const [provider] = enabled ? config.providers : []
  if (found || !provider) return found
  const tokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }
  return { provider: provider.id, subject: identity.id, ...tokens }
}

/** The buttons as they are now: those of providers anew, those of keys that are gone or must stay are gone. */
function nodesOf(call: Call, { ui, type }: SettingsFlow, identity: Identity): readonly UiNode[] {
  const removable = (identity.credentials.webauthn?.config.credentials ?? []).filter((key) => !key.is_passwordless)
  const ids = removable.map(hexOf)
  const others = (ui.nodes ?? []).filter(
    (node) => node.group !== 'oidc' && (nodeId(node) !== 'webauthn_remove' || ids.includes(String(nodeValue(node)))),
  )
  const social = oidcSettings.enabled(call) ? (oidcSettings.form(call, identity, type)?.nodes ?? []) : []
  return sortSettings(call, identity)([...others, ...social])
}

const hexOf = ({ id }: WebAuthnKey): string => Buffer.from(id, 'base64url').toString('hex')
