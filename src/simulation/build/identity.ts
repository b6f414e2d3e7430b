import { Secret } from 'otpauth'
import { OryError } from '../../errors.ts'
import { newTotpUrl } from '../../flows/methods/totp.ts'
import { accountName, mapCredentials, newIdentity, saveIdentity, validateIdentity } from '../../identities/identity.ts'
import { InvalidError, leavesOf } from '../../identities/json-schema/validation-error.ts'
import { hashPassword } from '../../identities/passwords.ts'
import type { Credential, Credentials, Identity, RecoveryAddress, VerifiableAddress } from '../../state/records.ts'
import type { FixtureCredential, FixtureIdentity, FixtureKey } from '../fixture.ts'
import type { Build } from './build.ts'

/**
 * Adds an identity of a fixture to the world: identifiers and addresses come from its traits by the identity schema, as in
 * a registration, unless the fixture has them as the server keeps them.
 * @returns undefined when something was wrong, and then `build` knows what
 */
export function addIdentity(build: Build, entry: FixtureIdentity, pointer: string): Identity | undefined {
  const { world } = build
  const bare = bareIdentity(build, entry)
  if (world.identities.get(bare.id)) {
    build.problem(`${pointer}/id`, 'another identity has this id.')
    return undefined
  }
  try {
    const derived = isAsKept(entry) ? bare : sinceItsCreation(validateIdentity(world, bare))
    const identity = withGiven(build, withShorthands(build, derived, entry, pointer), entry)
    const saved = saveIdentity(world, identity)
    build.knows(saved)
    return saved
  } catch (error) {
    refuse(build, error, entry, pointer)
    return undefined
  }
}

/** What `GET /__mock/state` writes: nothing is derived from the traits, and they may break a schema that came later. */
function isAsKept({ credentials, verifiable_addresses, recovery_addresses }: FixtureIdentity): boolean {
  return credentials !== undefined && verifiable_addresses !== undefined && recovery_addresses !== undefined
}

/** What the traits have brought is as old as the identity. */
function sinceItsCreation(identity: Identity): Identity {
  const stamps = { created_at: identity.created_at, updated_at: identity.updated_at }
  return {
    ...identity,
    credentials: mapCredentials(identity.credentials, (each) => ({ ...each, ...stamps })),
    verifiable_addresses: identity.verifiable_addresses.map((each) => ({ ...each, ...stamps })),
    recovery_addresses: identity.recovery_addresses.map((each) => ({ ...each, ...stamps })),
  }
}

function bareIdentity(build: Build, entry: FixtureIdentity): Identity {
  const { email, username, schema_id = '' } = entry
  const traits = {
    ...entry.traits,
    ...(email === undefined ? {} : { email }),
    ...(username === undefined ? {} : { username }),
  }
  const { state_changed_at: _, ...draft } = newIdentity(build.world, {
    schema_id,
    traits,
    state: entry.state ?? 'active',
    metadata_public: entry.metadata_public ?? null,
    metadata_admin: entry.metadata_admin ?? null,
  })
  const created_at = build.at(entry.created_at, build.now)
  return {
    ...draft,
    id: entry.id?.toLowerCase() ?? draft.id,
    created_at,
    updated_at: build.at(entry.updated_at, created_at),
    // a change of the profile forgets it
    ...(isAsKept(entry) && entry.state_changed_at === undefined
      ? {}
      : { state_changed_at: build.at(entry.state_changed_at, created_at) }),
  }
}

// --- shorthands ----------------------------------------------------------------------------------------------------------

function withShorthands(build: Build, identity: Identity, entry: FixtureIdentity, pointer: string): Identity {
  const credentials: Credentials = {
    ...identity.credentials,
    ...passwordOf(build, identity, entry, pointer),
    ...oidcOf(identity, entry),
    ...totpOf(build, identity, entry),
    ...lookupSecretOf(build, identity, entry),
    ...webauthnOf(build, identity, entry),
  }
  if (!entry.verified) return { ...identity, credentials }
  const verifiable_addresses = identity.verifiable_addresses.map(
    (address): VerifiableAddress => ({
      ...address,
      verified: true,
      status: 'completed',
      verified_at: identity.created_at,
    }),
  )
  return { ...identity, credentials, verifiable_addresses }
}

function credential<Config>(identity: Identity, identifiers: readonly string[], config: Config): Credential<Config> {
  return { identifiers, config, version: 0, created_at: identity.created_at, updated_at: identity.created_at }
}

function passwordOf(build: Build, identity: Identity, entry: FixtureIdentity, pointer: string): Credentials {
  const { password, hashed_password = password === undefined ? undefined : hashPassword(build.world, password) } = entry
  if (hashed_password === undefined) return {}
  const known = identity.credentials.password
  if (!known) {
    const hint =
      'Mark one in the identity schema: "ory.sh/kratos": {"credentials": {"password": {"identifier": true}}}.'
    build.problem(`${pointer}/password`, 'the identity schema has no trait to sign in with by a password.', hint)
    return {}
  }
  return { password: { ...known, config: { hashed_password } } }
}

function oidcOf(identity: Identity, { oidc }: FixtureIdentity): Credentials {
  if (!oidc) return {}
  const tokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }
  const identifiers = oidc.map(({ provider, subject }) => `${provider}:${subject}`)
  return { oidc: credential(identity, identifiers, { providers: oidc.map((link) => ({ ...link, ...tokens })) }) }
}

function totpOf(build: Build, identity: Identity, { totp }: FixtureIdentity): Credentials {
  if (totp === undefined) return {}
  const { issuer = new URL(build.publicUrl).hostname } = build.world.settings.selfservice.methods.totp.config
  const secret = Buffer.from(Secret.fromBase32(totp).buffer)
  const totp_url = newTotpUrl(secret, issuer, accountName(build.world, identity))
  return { totp: credential(identity, [identity.id], { totp_url }) }
}

function lookupSecretOf(build: Build, identity: Identity, { lookup_secret }: FixtureIdentity): Credentials {
  if (!lookup_secret) return {}
  const recovery_codes = lookup_secret.map((code) => codeOf(build, typeof code === 'string' ? { code } : code))
  return { lookup_secret: credential(identity, [identity.id], { recovery_codes }) }
}

function codeOf(build: Build, { code, used_at }: { readonly code: string; readonly used_at?: string }) {
  return used_at === undefined ? { code } : { code, used_at: build.at(used_at, build.now) }
}

function webauthnOf(build: Build, identity: Identity, { webauthn }: FixtureIdentity): Credentials {
  if (!webauthn) return {}
  const identifiers = identity.credentials.webauthn?.identifiers ?? []
  const config = {
    credentials: webauthn.map((key) => keyOf(build, key, identity.created_at)),
    user_handle: Buffer.from(identity.id.replaceAll('-', ''), 'hex').toString('base64'),
  }
  return { webauthn: { ...credential(identity, identifiers, config), version: 1 } }
}

function keyOf(build: Build, key: FixtureKey, otherwise: number) {
  return {
    id: key.id,
    public_key: key.public_key,
    attestation_type: key.attestation_type ?? 'none',
    authenticator: key.authenticator ?? { aaguid: 'AAAAAAAAAAAAAAAAAAAAAA==', sign_count: 0, clone_warning: false },
    display_name: key.display_name ?? '',
    added_at: build.at(key.added_at, otherwise),
    is_passwordless: key.is_passwordless ?? false,
  }
}

// --- as the server keeps it ----------------------------------------------------------------------------------------------

function withGiven(build: Build, identity: Identity, entry: FixtureIdentity): Identity {
  const { created_at, updated_at } = identity
  const stamps = (given: { readonly created_at?: string; readonly updated_at?: string }) => ({
    created_at: build.at(given.created_at, created_at),
    updated_at: build.at(given.updated_at, updated_at),
  })
  const id = (given: string | undefined) => given?.toLowerCase() ?? build.world.chance.uuid()
  const verifiable = entry.verifiable_addresses?.map(
    ({ verified = false, via = 'email', ...each }): VerifiableAddress => ({
      id: id(each.id),
      value: each.value,
      verified,
      via,
      status: each.status ?? (verified ? 'completed' : 'pending'),
      ...(each.verified_at === undefined ? {} : { verified_at: build.at(each.verified_at, created_at) }),
      ...stamps(each),
    }),
  )
  const recovery = entry.recovery_addresses?.map(
    ({ via = 'email', ...each }): RecoveryAddress => ({
      id: id(each.id),
      value: each.value,
      via,
      ...stamps(each),
    }),
  )
  return {
    ...identity,
    credentials: { ...identity.credentials, ...givenCredentials(build, entry, stamps) },
    ...(verifiable && { verifiable_addresses: verifiable }),
    ...(recovery && { recovery_addresses: recovery }),
  }
}

type Stamps = (given: { readonly created_at?: string; readonly updated_at?: string }) => {
  readonly created_at: number
  readonly updated_at: number
}

function givenCredentials(build: Build, { credentials = {} }: FixtureIdentity, stamps: Stamps): Credentials {
  const { password, oidc, totp, lookup_secret, webauthn } = credentials
  const kept = <From, To>(given: FixtureCredential<From>, config: To): Credential<To> => ({
    identifiers: given.identifiers,
    config,
    version: given.version ?? 0,
    ...(given.unlisted ? { unlisted: true } : {}),
    ...stamps(given),
  })
  return {
    ...(password && { password: kept(password, password.config) }),
    ...(oidc && { oidc: kept(oidc, oidc.config) }),
    ...(totp && { totp: kept(totp, totp.config) }),
    ...(lookup_secret && {
      lookup_secret: kept(lookup_secret, {
        recovery_codes: lookup_secret.config.recovery_codes.map((code) => codeOf(build, code)),
      }),
    }),
    ...(webauthn && {
      webauthn: kept(webauthn, {
        ...webauthn.config,
        credentials: webauthn.config.credentials.map((key) => keyOf(build, key, build.now)),
      }),
    }),
  }
}

// --- refusals ------------------------------------------------------------------------------------------------------------

function refuse(build: Build, error: unknown, entry: FixtureIdentity, pointer: string): void {
  if (error instanceof InvalidError) {
    for (const leaf of leavesOf(error.error)) {
      const trait = leaf.instancePtr.replace(/^#\/traits\//, '')
      const shorthand = (trait === 'email' && entry.email) || (trait === 'username' && entry.username)
      const message = `the identity schema does not allow it: ${leaf.message}.`
      build.problem(pointer + (shorthand ? `/${trait}` : leaf.instancePtr.slice(1)), message)
    }
  } else if (error instanceof OryError && error.status === 409) {
    build.problem(pointer, 'another identity has the same e-mail, user name, social account or address.')
  } else if (error instanceof Error) {
    build.problem(pointer, error.message)
  } else throw error
}
