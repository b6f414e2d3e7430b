import type { Call } from '../http/call.ts'
import type { Json } from '../json.ts'
import { instant } from '../state/clock.ts'
import type { Credentials, Identity, RecoveryAddress, VerifiableAddress } from '../state/records.ts'

export interface IdentityBodyOptions {
  /** Shows the credentials, without what they hold. */
  readonly credentials?: boolean
  /** Shows what the social credential holds. */
  readonly includeOidc?: boolean
  /** Shows those too that a PATCH took out of sight. */
  readonly unlisted?: boolean
  /** Shows the key even when there is nothing under it. */
  readonly metadataAdmin?: boolean
  /** The schema whose address is shown, where it is not the identity's. */
  readonly schemaId?: string
}

/**
 * An identity as the API writes it, keys in the real servers' order (admin-keto-projects §1.1). Without options it is the
 * one that sessions and flows show: no credentials, nothing that only administrators may see.
 */
export function identityBody(call: Pick<Call, 'urls'>, identity: Identity, options: IdentityBodyOptions = PLAIN) {
  if (options !== PLAIN) return written(call, identity, options)
  const known = plain.get(identity)
  if (known?.url === call.urls.public) return known.body
  const body = written(call, identity, PLAIN)
  plain.set(identity, { url: call.urls.public, body })
  return body
}

const PLAIN: Readonly<IdentityBodyOptions> = {}

/** Every session and every `whoami` shows it; a record never changes, so it is written once for each address. */
const plain = new WeakMap<Identity, { readonly url: string; readonly body: ReturnType<typeof written> }>()

function written(call: Pick<Call, 'urls'>, identity: Identity, options: IdentityBodyOptions) {
  const { credentials, verifiable_addresses, recovery_addresses, state_changed_at } = identity
  const shown = options.credentials ? credentialsBody(credentials, options) : undefined
  return {
    id: identity.id,
    ...(shown === undefined ? {} : { credentials: shown }),
    schema_id: identity.schema_id,
    schema_url: schemaUrl(call, options.schemaId ?? identity.schema_id),
    state: identity.state,
    ...(state_changed_at === undefined ? {} : { state_changed_at: instant(state_changed_at) }),
    traits: identity.traits,
    ...(verifiable_addresses.length === 0 ? {} : { verifiable_addresses: verifiable_addresses.map(verifiableBody) }),
    ...(recovery_addresses.length === 0 ? {} : { recovery_addresses: recovery_addresses.map(recoveryBody) }),
    metadata_public: identity.metadata_public,
    ...(options.metadataAdmin ? { metadata_admin: identity.metadata_admin } : {}),
    created_at: instant(identity.created_at),
    updated_at: instant(identity.updated_at),
  }
}

/** Where a schema can be read: its id in the path as unpadded base64url, so that it may hold slashes. */
export function schemaUrl(call: Pick<Call, 'urls'>, schemaId: string): string {
  return `${call.urls.public}/schemas/${Buffer.from(schemaId).toString('base64url')}`
}

const TYPES = ['lookup_secret', 'oidc', 'password', 'totp', 'webauthn'] as const

/** The block `credentials`, without what they hold; undefined when there are none. */
export function credentialsBody(
  credentials: Credentials,
  { includeOidc = false, unlisted = false }: Pick<IdentityBodyOptions, 'includeOidc' | 'unlisted'>,
): { [type: string]: Json } | undefined {
  const body: { [type: string]: Json } = {}
  for (const type of TYPES) {
    const credential = credentials[type]
    if (credential === undefined || (credential.unlisted && !unlisted)) continue
    body[type] = {
      type,
      identifiers: credential.identifiers,
      ...(type === 'oidc' && includeOidc ? oidcConfig(credentials) : {}),
      version: credential.version,
      created_at: instant(credential.created_at),
      updated_at: instant(credential.updated_at),
    }
  }
  return Object.keys(body).length > 0 ? body : undefined
}

function oidcConfig({ oidc }: Credentials): { config: Json } | Record<string, never> {
  const providers = oidc?.config.providers ?? []
  if (providers.length === 0) return {}
  const shown = providers.map((link) => ({
    initial_id_token: link.initial_id_token,
    subject: link.subject,
    provider: link.provider,
    initial_access_token: link.initial_access_token,
    initial_refresh_token: link.initial_refresh_token,
  }))
  return { config: { providers: shown } }
}

function verifiableBody(address: VerifiableAddress) {
  return {
    id: address.id,
    value: address.value,
    verified: address.verified,
    via: address.via,
    status: address.status,
    ...(address.verified_at === undefined ? {} : { verified_at: instant(address.verified_at) }),
    created_at: instant(address.created_at),
    updated_at: instant(address.updated_at),
  }
}

function recoveryBody(address: RecoveryAddress) {
  return {
    id: address.id,
    value: address.value,
    via: address.via,
    created_at: instant(address.created_at),
    updated_at: instant(address.updated_at),
  }
}
