import { type GoStruct, type GoType, goBool, goRaw, goString, goStruct, goTime, goUuid } from '../http/go-struct.ts'
import type { Json, JsonObject } from '../json.ts'
import type { RecoveryAddress, VerifiableAddress } from '../state/records.ts'
import type { World } from '../state/world.ts'

/*
 * The bodies of the administrator's operations on identities, under the names by which the real servers speak of their
 * types in errors (admin-keto-projects §1.5, §1.6).
 */

const struct = (name: string, fields: Readonly<Record<string, GoType>>) => goStruct(name, fields, 'identity')
const named = (kind: 'string', name: string): GoType => ({ kind, named: name })

const passwordConfig = struct('AdminIdentityImportCredentialsPasswordConfig', {
  hashed_password: goString,
  password: goString,
})

const provider = struct('AdminCreateIdentityImportCredentialsOidcProvider', { subject: goString, provider: goString })

const credentials = struct('AdminIdentityImportCredentials', {
  password: struct('AdminIdentityImportCredentialsPassword', { config: passwordConfig }),
  oidc: struct('AdminIdentityImportCredentialsOIDC', {
    config: struct('AdminIdentityImportCredentialsOIDCConfig', {
      // accepted, and of no use
      config: passwordConfig,
      providers: { kind: 'list', of: provider, named: '[]identity.AdminCreateIdentityImportCredentialsOidcProvider' },
    }),
  }),
})

export const state = named('string', 'identity.State')

const common = {
  schema_id: goString,
  traits: goRaw,
  credentials,
  metadata_public: goRaw,
  metadata_admin: goRaw,
  state,
}

const addressTimes = { created_at: goTime, updated_at: goTime }

export const verifiableAddresses: GoType = {
  kind: 'list',
  of: struct('VerifiableAddress', {
    id: goUuid,
    value: goString,
    verified: goBool,
    via: named('string', 'identity.VerifiableAddressType'),
    status: named('string', 'identity.VerifiableAddressStatus'),
    verified_at: goTime,
    ...addressTimes,
  }),
  named: '[]identity.VerifiableAddress',
}

export const recoveryAddresses: GoType = {
  kind: 'list',
  of: struct('RecoveryAddress', {
    id: goUuid,
    value: goString,
    via: named('string', 'identity.RecoveryAddressType'),
    ...addressTimes,
  }),
  named: '[]identity.RecoveryAddress',
}

export const createIdentityBody: GoStruct = struct('AdminCreateIdentityBody', {
  ...common,
  verifiable_addresses: verifiableAddresses,
  recovery_addresses: recoveryAddresses,
})

export const updateIdentityBody: GoStruct = struct('AdminUpdateIdentityBody', common)

/** Addresses that come with a new identity, to be kept where a trait names them. */
export function importVerifiable(world: World, listed: Json | undefined): VerifiableAddress[] {
  return objects(listed).map((address) => {
    const verifiedAt = time(address, 'verified_at')
    return {
      ...importCommon(world, address),
      verified: address['verified'] === true,
      via: address['via'] as VerifiableAddress['via'],
      status: (address['status'] ?? '') as VerifiableAddress['status'],
      ...(verifiedAt === undefined ? {} : { verified_at: verifiedAt }),
    }
  })
}

export function importRecovery(world: World, listed: Json | undefined): RecoveryAddress[] {
  return objects(listed).map((address) => ({
    ...importCommon(world, address),
    via: address['via'] as RecoveryAddress['via'],
  }))
}

function importCommon(world: World, address: JsonObject) {
  const now = world.now()
  const { id, value } = address as { readonly id?: string; readonly value?: string }
  return {
    id: id === undefined || id === NIL ? world.chance.uuid() : id,
    value: value ?? '',
    created_at: time(address, 'created_at') ?? now,
    updated_at: now,
  }
}

const NIL = '00000000-0000-0000-0000-000000000000'

function time(address: JsonObject, key: string): number | undefined {
  const text = address[key]
  return typeof text === 'string' ? Date.parse(text) : undefined
}

function objects(listed: Json | undefined): readonly JsonObject[] {
  return Array.isArray(listed) ? (listed as readonly JsonObject[]) : []
}
