import type { OidcProvider } from '../../config/settings.ts'
import type { Call } from '../../http/call.ts'
import { countFirstFactors } from '../../identities/factors.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { Tokens } from '../../oidc/exchange.ts'
import type { Credential, Identity, OidcConfig } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { submitNode } from '../nodes.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type {
  SettingsAttempt,
  SettingsChange,
  SettingsForm,
  SettingsOutcome,
  SettingsStep,
  SettingsStrategy,
} from '../settings-strategy.ts'
import { isOidcEnabled, requireProvider, sendToProvider, submittedTraits } from './oidc.ts'
import { linkOf } from './oidc-credential.ts'

/*
 * Linking and unlinking social providers, in browser flows (kratos-settings-recovery-verification-mfa §1.4, §1.6).
 */

/** A button to link each provider that is not linked, and to unlink each other while the person has another way in. */
function form(call: Call, identity: Identity, type: 'api' | 'browser'): SettingsForm | undefined {
  if (type !== 'browser') return undefined
  return {
    nodes: [
      ...linkable(call, identity).map(({ id }) => submitNode('link', 'oidc', id, messages.link(id))),
      ...unlinkable(call, identity).map(({ id }) => submitNode('unlink', 'oidc', id, messages.unlink(id))),
    ],
  }
}

function linkable(call: Call, { credentials }: Identity): readonly OidcProvider[] {
  const links = credentials.oidc?.config.providers ?? []
  const { providers } = call.world.settings.selfservice.methods.oidc.config
  return providers.filter(({ id }) => !links.some((link) => link.provider === id))
}

/** @throws OryError 404 when the identity has a link to a provider that is not configured any longer */
function unlinkable(call: Call, identity: Identity): readonly OidcProvider[] {
  const links = identity.credentials.oidc?.config.providers ?? []
  return countFirstFactors(identity) < 2 ? [] : links.map((link) => requireProvider(call, link.provider))
}

function read({ call }: SettingsAttempt): JsonObject {
  const { values, error } = decodeBody(call, settingsBodies.oidc(submittedTraits(call)))
  if (error) throw error
  return values
}

function claims(attempt: SettingsAttempt): boolean {
  const values = read(attempt)
  return textOf(values, 'link') !== '' || textOf(values, 'unlink') !== ''
}

function prepare(attempt: SettingsAttempt, payload: JsonObject): SettingsStep {
  const [link, unlink] = [textOf(payload, 'link'), textOf(payload, 'unlink')]
  return (): SettingsOutcome => {
    if (link !== '' && unlink !== '')
      throw refusal('it is not possible to link and unlink providers in the same request')
    return link === '' ? unlinked(attempt, unlink) : sent(attempt, link, payload['traits'])
  }
}

const refusal = (text: string): FormError => new FormError(messages.validation(text))

/** Off to the provider; the callback makes the link. */
function sent(attempt: SettingsAttempt, id: string, traits: Json | undefined): SettingsOutcome {
  const { call, continuity, flow } = attempt
  requireLinkable(attempt, id)
  requirePrivileged(attempt)
  return sendToProvider(call, continuity, flow, { provider: requireProvider(call, id), traits })
}

function requireLinkable(attempt: SettingsAttempt, id: string): Identity {
  const identity = ownIdentity(attempt)
  if (!linkable(attempt.call, identity).some((provider) => provider.id === id)) {
    throw refusal('can not link unknown or already existing OpenID Connect connection')
  }
  return identity
}

/** The identity with a link to whoever signed in at the provider. @throws ReauthenticationNeeded, FormError */
export function linkedTo(attempt: SettingsAttempt, provider: OidcProvider, tokens: Tokens): SettingsChange {
  requirePrivileged(attempt)
  const identity = requireLinkable(attempt, provider.id)
  const link = linkOf(provider, tokens)
  const links = [...(identity.credentials.oidc?.config.providers ?? []), link]
  return { identity: withLinks(attempt.call, identity, links) }
}

function unlinked(attempt: SettingsAttempt, id: string): SettingsChange {
  requirePrivileged(attempt)
  const identity = ownIdentity(attempt)
  if (!unlinkable(attempt.call, identity).some((provider) => provider.id === id)) {
    throw refusal('can not unlink non-existing OpenID Connect connection')
  }
  const links = identity.credentials.oidc?.config.providers.filter((link) => link.provider !== id) ?? []
  return { identity: withLinks(attempt.call, identity, links) }
}

function withLinks({ world }: Call, identity: Identity, providers: OidcConfig['providers']): Identity {
  const now = world.now()
  const before = identity.credentials.oidc
  const oidc: Credential<OidcConfig> = {
    version: before?.version ?? 0,
    created_at: before?.created_at ?? now,
    updated_at: now,
    identifiers: providers.map((link) => `${link.provider}:${link.subject}`),
    config: { providers },
  }
  return { ...identity, credentials: { ...identity.credentials, oidc } }
}

export const oidcSettings: SettingsStrategy = {
  method: 'oidc',
  enabled: isOidcEnabled,
  pausesApiFlows: true,
  form,
  claims,
  read,
  prepare,
}
