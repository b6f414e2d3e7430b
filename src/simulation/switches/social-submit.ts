import type { Call } from '../../http/call.ts'
import { findSession } from '../../sessions/session.ts'
import type { Identity, OidcConfig } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { flowOf, onSession } from './arrange.ts'
import { withOneLeft } from './last-credential.ts'
import { underMethods } from './project-view.ts'
import { fieldOf, withFields } from './request-change.ts'
import type { RequestChange } from './switch.ts'

/*
 * Submits by which somebody chooses a social provider, or leaves one, whatever button was pressed.
 */

/** The flow that is submitted is one of browsers, or of native apps. */
export const isOf =
  (type: 'api' | 'browser') =>
  (call: Call): boolean =>
    flowOf(call)?.type === type

const isSettings = (call: Call): boolean => flowOf(call)?.kind === 'settings'

const providerIds = ({ world }: Call): readonly string[] =>
  world.settings.selfservice.methods.oidc.config.providers.map(({ id }) => id)

const linksOf = (identity: Identity | undefined): OidcConfig['providers'] =>
  identity?.credentials.oidc?.config.providers ?? []

/** The provider that the submit names, else the first of the project. */
function namedProvider(call: Call): string {
  const named = fieldOf(call, 'provider') || fieldOf(call, 'link') || fieldOf(call, 'unlink')
  return named || (providerIds(call)[0] ?? 'acme')
}

/** The submit by the button of a provider: to sign in or up with it, or to link it. */
function choosing(call: Call, id: string): RequestChange {
  return withFields(
    call,
    isSettings(call) ? { method: undefined, link: id, unlink: undefined } : { method: 'oidc', provider: id },
  )
}

const unlinking = (call: Call, id: string): RequestChange =>
  withFields(call, { method: undefined, link: undefined, unlink: id })

/** By the button of a provider that the project has and, in settings, that is not linked yet. */
export function byProvider(call: Call): RequestChange | undefined {
  const linked = isSettings(call) ? linksOf(findSession(call)?.identity).map(({ provider }) => provider) : []
  const open = providerIds(call).filter((id) => !linked.includes(id))
  const named = namedProvider(call)
  const id = open.includes(named) ? named : open[0]
  return id === undefined ? undefined : choosing(call, id)
}

/** The named provider is none of the project's any longer; in settings, it is one that somebody has a link to. */
export function byRemovedProvider(call: Call): RequestChange {
  const id = namedProvider(call)
  const gone = underMethods(call, ({ oidc }) => {
    const providers = oidc.config.providers.filter((provider) => provider.id !== id)
    return { oidc: { enabled: true, config: { ...oidc.config, providers } } }
  })
  if (!isSettings(call)) return { ...choosing(call, id), ...gone }
  onSession(call, ({ identity }, world) => giveLink(world, identity, id))
  return { ...unlinking(call, id), ...gone }
}

/** A provider is to be linked that is linked already, if need be since a moment ago. */
export function linkTwice(call: Call): RequestChange {
  const id = namedProvider(call)
  onSession(call, ({ identity }, world) => giveLink(world, identity, id))
  return choosing(call, id)
}

export const unlinkUnknown = (call: Call): RequestChange => unlinking(call, 'no-such-provider')

/** The link to a provider is the only way in that is left. */
export function unlinkLast(call: Call): RequestChange | undefined {
  const identity = findSession(call)?.identity
  const left = identity && withOneLeft(call, identity)
  const [link] = linksOf(left)
  if (!left || !link) return undefined
  call.world.identities.save(left)
  return unlinking(call, link.provider)
}

/** A link to the provider, for one who has none. */
function giveLink(world: World, identity: Identity, provider: string): void {
  const links = linksOf(identity)
  if (links.some((link) => link.provider === provider)) return
  const now = world.now()
  const tokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }
  const providers = [...links, { provider, subject: identity.id, ...tokens }]
  const oidc = {
    ...(identity.credentials.oidc ?? { version: 0, created_at: now }),
    updated_at: now,
    identifiers: providers.map((link) => `${link.provider}:${link.subject}`),
    config: { providers },
  }
  world.identities.save({ ...identity, credentials: { ...identity.credentials, oidc } })
}
