import { badRequest } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { GoJsonError } from '../http/go-json.ts'
import { decodeGoStruct, goRaw, goString, goStruct, goTime, goUuid } from '../http/go-struct.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Identity } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { importRecovery, importVerifiable, recoveryAddresses, state, verifiableAddresses } from './admin-bodies.ts'
import { identityBody } from './identity-body.ts'
import { applyPatch, decodePatch, PatchError } from './json-patch.ts'

const DENIED = ['/id', '/stateChangedAt', '/credentials']

/** What a patched document is decoded into; the name stands in the real servers' errors. */
const PATCHED = goStruct('localIdentity', {
  id: goUuid,
  schema_id: goString,
  schema_url: goString,
  state,
  state_changed_at: goTime,
  traits: goRaw,
  verifiable_addresses: verifiableAddresses,
  recovery_addresses: recoveryAddresses,
  metadata_public: goRaw,
  metadata_admin: goRaw,
  created_at: goTime,
  updated_at: goTime,
})

/**
 * The identity as a JSON Patch leaves it, not validated yet (admin-keto-projects §1.7). What the patch takes away at the top
 * keeps its old value. Unlike on the real servers of the time, credentials survive and `metadata_admin` can be patched.
 * @throws OryError 400 whose reason says what is wrong with the patch
 */
export function patchIdentity(call: Call, identity: Identity): Identity {
  try {
    const patch = decodePatch(call.body.text, DENIED)
    const document = identityBody(call, identity, { metadataAdmin: true }) as JsonObject
    const { fields, error } = decodeGoStruct(applyPatch(document, patch), PATCHED)
    if (error !== undefined) throw error
    return merge(call.world, identity, fields)
  } catch (error) {
    throw error instanceof PatchError || error instanceof GoJsonError ? badRequest(error.message) : error
  }
}

function merge(world: World, identity: Identity, patched: JsonObject): Identity {
  const { verifiable_addresses: verifiable, recovery_addresses: recovery } = patched
  return {
    ...identity,
    schema_id: textOr(patched['schema_id'], identity.schema_id),
    state: textOr(patched['state'], identity.state) as Identity['state'],
    traits: (patched['traits'] ?? identity.traits) as JsonObject,
    verifiable_addresses:
      verifiable === undefined ? identity.verifiable_addresses : importVerifiable(world, verifiable),
    recovery_addresses: recovery === undefined ? identity.recovery_addresses : importRecovery(world, recovery),
    metadata_public: or(patched['metadata_public'], identity.metadata_public),
    metadata_admin: or(patched['metadata_admin'], identity.metadata_admin),
  }
}

function or(value: Json | undefined, otherwise: Json): Json {
  return value === undefined ? otherwise : value
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}
