import { badRequest, internal, uniqueViolation } from '../errors.ts'
import type { Json, JsonObject } from '../json.ts'
import { UniqueViolation } from '../state/collection.ts'
import type { Credentials, CredentialsType, Identity, RecoveryAddress, VerifiableAddress } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { ExtensionWalk } from './identity-extensions.ts'
import { compileIdentitySchema, findIdentitySchema } from './identity-schema.ts'
import { validate } from './json-schema/validate.ts'
import { InvalidError } from './json-schema/validation-error.ts'

export { availableAal, countFirstFactors, countSecondFactors } from './factors.ts'

/*
 * What is true of identities: how they come about, are changed and go (admin-keto-projects §1,
 * kratos-settings-recovery-verification-mfa §6).
 */

export interface IdentityDraft {
  /** The configured default when absent or `''`. */
  readonly schema_id?: string
  readonly traits: Json
  readonly state?: Identity['state']
  readonly credentials?: Credentials
  /** Those that the traits name are taken over as they are; all others are dropped by `validateIdentity`. */
  readonly verifiable_addresses?: readonly VerifiableAddress[]
  readonly recovery_addresses?: readonly RecoveryAddress[]
  readonly metadata_public?: Json
  readonly metadata_admin?: Json
}

/** A new identity, neither validated nor saved. */
export function newIdentity(world: World, draft: IdentityDraft): Identity {
  const now = world.now()
  return {
    id: world.chance.uuid(),
    schema_id: draft.schema_id || world.settings.identity.default_schema_id,
    state: draft.state ?? 'active',
    state_changed_at: now,
    // anything but an object fails the schema
    traits: draft.traits as JsonObject,
    credentials: draft.credentials ?? {},
    verifiable_addresses: draft.verifiable_addresses ?? [],
    recovery_addresses: draft.recovery_addresses ?? [],
    metadata_public: draft.metadata_public ?? null,
    metadata_admin: draft.metadata_admin ?? null,
    created_at: now,
    updated_at: now,
  }
}

/**
 * Checks the traits by the identity's schema, and derives identifiers and addresses from them. An address whose kind and
 * value are exactly those of a trait is kept with its state, every other is made anew; as stored values are lower-cased, a
 * trait with a capital never finds its own again.
 * @throws InvalidError with Ory's texts; OryError 400 when there is no such schema
 */
export function validateIdentity(world: World, identity: Identity): Identity {
  const schema = compileIdentitySchema(findIdentitySchema(world, identity.schema_id))
  const walk = new ExtensionWalk(world, identity)
  const invalid = validate(schema, { traits: identity.traits }, (extension, value) => walk.run(extension, value))
  if (invalid !== undefined) throw new InvalidError(invalid)
  return walk.identity
}

/** Like `validateIdentity`, for the admin API: what is invalid is a 400 whose reason is the whole tree. */
export function validateByAdmin(world: World, identity: Identity): Identity {
  try {
    return validateIdentity(world, identity)
  } catch (error) {
    throw error instanceof InvalidError ? badRequest(error.message) : error
  }
}

/** What an authenticator app shows: the trait that the schema marks as account name, else the id. */
export function accountName(world: World, identity: Identity): string {
  const schema = compileIdentitySchema(findIdentitySchema(world, identity.schema_id))
  const walk = new ExtensionWalk(world, identity)
  validate(schema, { traits: identity.traits }, (extension, value) => walk.run(extension, value))
  return walk.accountName ?? identity.id
}

/**
 * Saves a validated identity, new or changed. A change writes credentials and addresses anew: their `updated_at` moves, and
 * links that were mailed to them die (kratos-settings-recovery-verification-mfa §2.3).
 * @returns the identity as it is stored: identifiers and addresses trimmed and lower-cased
 * @throws OryError 409 when another identity has one of its identifiers or addresses; 500 for an empty identifier
 */
export function saveIdentity(world: World, identity: Identity): Identity {
  const known = world.identities.get(identity.id) !== undefined
  const stored = normalise(known ? touched(identity, world.now()) : identity)
  refuseRepetitions(stored)
  try {
    world.identities.save(stored)
  } catch (error) {
    throw error instanceof UniqueViolation ? uniqueViolation() : error
  }
  if (known) forgetMailedLinks(world, identity.id)
  return stored
}

/**
 * Whether saving `after` instead of `before` takes a privileged session: credentials, or the addresses to verify, differ
 * (kratos-settings-recovery-verification-mfa §1.7).
 */
export function isProtectedChange(before: Identity, after: Identity): boolean {
  return (
    !isEqual(before.credentials, after.credentials) || !isEqual(before.verifiable_addresses, after.verifiable_addresses)
  )
}

/** The identity that signs in with an identifier; capitals and surrounding blanks count for social sign-in alone. */
export function findByIdentifier(world: World, type: CredentialsType, identifier: string): Identity | undefined {
  return world.identities.find('identifier', `${type}:${normaliseIdentifier(type, identifier)}`)
}

/** The identity that has an e-mail address to verify or to recover by. */
export function findByAddress(
  world: World,
  index: 'verifiable_address' | 'recovery_address',
  email: string,
): Identity | undefined {
  return world.identities.find(index, `email:${lowerTrim(email)}`)
}

/** Deletes an identity and everything that hangs on it; answers whether there was one. */
export function deleteIdentity(world: World, id: string): boolean {
  if (!world.identities.delete(id)) return false
  for (const session of world.sessions.group('identity', id)) world.sessions.delete(session.id)
  for (const token of world.linkTokens.group('identity', id)) world.linkTokens.delete(token.id)
  for (const flow of world.flows.group('identity', id)) world.flows.delete(flow.id)
  for (const paused of world.continuities.group('identity', id)) world.continuities.delete(paused.id)
  return true
}

function normalise(identity: Identity): Identity {
  return {
    ...identity,
    credentials: mapCredentials(identity.credentials, (credential, type) => ({
      ...credential,
      identifiers: credential.identifiers.map((each) => normaliseIdentifier(type, each)),
    })),
    verifiable_addresses: identity.verifiable_addresses.map((each) => ({ ...each, value: lowerTrim(each.value) })),
    recovery_addresses: identity.recovery_addresses.map((each) => ({ ...each, value: lowerTrim(each.value) })),
  }
}

function touched(identity: Identity, now: number): Identity {
  return {
    ...identity,
    credentials: mapCredentials(identity.credentials, (credential) => ({ ...credential, updated_at: now })),
    verifiable_addresses: identity.verifiable_addresses.map((each) => ({ ...each, updated_at: now })),
    recovery_addresses: identity.recovery_addresses.map((each) => ({ ...each, updated_at: now })),
  }
}

type AnyCredential = NonNullable<Credentials[CredentialsType]>

/** The same change to every credential, whatever its kind. */
export function mapCredentials(
  credentials: Credentials,
  change: <C extends AnyCredential>(credential: C, type: CredentialsType) => C,
): Credentials {
  const { password, oidc, totp, lookup_secret, webauthn } = credentials
  const changed: { -readonly [Type in keyof Credentials]: Credentials[Type] } = {}
  if (password) changed.password = change(password, 'password')
  if (oidc) changed.oidc = change(oidc, 'oidc')
  if (totp) changed.totp = change(totp, 'totp')
  if (lookup_secret) changed.lookup_secret = change(lookup_secret, 'lookup_secret')
  if (webauthn) changed.webauthn = change(webauthn, 'webauthn')
  return changed
}

/** The index of a collection minds other records only: what an identity repeats itself is refused here. */
function refuseRepetitions(identity: Identity): void {
  const lists = [
    ...Object.values(identity.credentials).map(
      (credential: AnyCredential | undefined) => credential?.identifiers ?? [],
    ),
    identity.verifiable_addresses.map((each) => `${each.via}:${each.value}`),
    identity.recovery_addresses.map((each) => `${each.via}:${each.value}`),
  ]
  for (const list of lists) {
    if (list.includes('')) {
      throw internal('Unable to create identity credentials with missing or empty identifier.')
    }
    if (new Set(list).size !== list.length) throw uniqueViolation()
  }
}

function forgetMailedLinks(world: World, identityId: string): void {
  for (const token of world.linkTokens.group('identity', identityId)) {
    if (token.address_id !== undefined) world.linkTokens.delete(token.id)
  }
}

function normaliseIdentifier(type: CredentialsType, identifier: string): string {
  return type === 'password' || type === 'webauthn' ? lowerTrim(identifier) : identifier
}

function lowerTrim(text: string): string {
  return text.toLowerCase().trim()
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
