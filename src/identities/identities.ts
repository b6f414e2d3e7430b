import { badRequest, notFound, plainError } from '../errors.ts'
import type { Call, Operation } from '../http/call.ts'
import { decodeJsonBody } from '../http/decode-json.ts'
import { decodeGoJson, GoJsonError } from '../http/go-json.ts'
import { decodeGoStruct } from '../http/go-struct.ts'
import { pageOffset, paginationHeaders, parsePage } from '../http/pagination.ts'
import { created, noContent, ok, type Reply } from '../http/reply.ts'
import { lenientUuid } from '../http/uuid.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Identity } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { createIdentityBody, importRecovery, importVerifiable, updateIdentityBody } from './admin-bodies.ts'
import { deleteIdentity, mapCredentials, newIdentity, saveIdentity, validateByAdmin } from './identity.ts'
import { identityBody } from './identity-body.ts'
import { patchIdentity } from './identity-patch.ts'
import { importCredentials } from './import-credentials.ts'

/** GET /admin/identities: sorted by id, descending (admin-keto-projects §1.3). */
function adminListIdentities(call: Call): Reply {
  const { identities } = call.world
  const page = parsePage(call.query)
  const rows = identities.falling(pageOffset(page), page.per_page)
  return ok(
    rows.map((identity) => identityBody(call, identity)),
    { headers: paginationHeaders(`${call.urls.admin}/identities`, identities.size, page) },
  )
}

/** POST /admin/identities (§1.5). A body that cannot be decoded is a 400 that says 500. */
function adminCreateIdentity(call: Call): Reply {
  const { world } = call
  const body = decodeStrictly(call)
  const draft = newIdentity(world, {
    ...(typeof body['schema_id'] === 'string' ? { schema_id: body['schema_id'] } : {}),
    ...(body['state'] ? { state: checkState(body['state']) } : {}),
    traits: requireTraits(body),
    credentials: importCredentials(world, {}, body['credentials']),
    verifiable_addresses: importVerifiable(world, body['verifiable_addresses']),
    recovery_addresses: importRecovery(world, body['recovery_addresses']),
    metadata_public: body['metadata_public'] ?? null,
    metadata_admin: body['metadata_admin'] ?? null,
  })
  const identity = save(world, draft)
  return created(changedBody(call, identity, body), `${call.urls.admin}/identities/${identity.id}`)
}

/** GET /admin/identities/{id} (§1.4). */
function adminGetIdentity(call: Call): Reply {
  const identity = upgraded(findIdentity(call))
  const include = call.query.get('include_credential') ?? ''
  if (include !== '' && include !== 'oidc') {
    throw badRequest(`Invalid value \`${include}\` for parameter \`include_credential\`.`)
  }
  const options = { credentials: true, metadataAdmin: true, includeOidc: include === 'oidc' }
  return ok(identityBody(call, identity, options))
}

/** PUT /admin/identities/{id} (§1.6). */
function adminUpdateIdentity(call: Call): Reply {
  const { world } = call
  const body = decodeJsonBody(call, updateIdentityBody)
  const before = upgraded(findIdentity(call))
  const schema_id = typeof body['schema_id'] === 'string' ? body['schema_id'] : ''
  const changed: Identity = {
    ...before,
    schema_id: schema_id || before.schema_id,
    ...stateChange(world, before, body['state'] || undefined),
    traits: requireTraits(body) as JsonObject,
    metadata_public: body['metadata_public'] ?? null,
    metadata_admin: body['metadata_admin'] ?? null,
    credentials: importCredentials(world, before.credentials, body['credentials']),
  }
  return ok(changedBody(call, save(world, changed), body, before.schema_id))
}

/** PATCH /admin/identities/{id} (§1.7). */
function adminPatchIdentity(call: Call): Reply {
  const { world } = call
  const before = unlisted(renewed(findIdentity(call)))
  const patched = patchIdentity(call, before)
  const changed = { ...patched, ...stateChange(world, before, patched.state) }
  return ok(changedBody(call, save(world, changed), {}, before.schema_id))
}

/** DELETE /admin/identities/{id} (§1.10). */
function adminDeleteIdentity(call: Call): Reply {
  if (!deleteIdentity(call.world, findIdentity(call).id)) throw notFound()
  return noContent()
}

/** The identity as it is answered: its identifiers still with the blanks that are not stored. */
function save(world: World, changed: Identity): Identity {
  const identity = validateByAdmin(world, changed)
  const stored = saveIdentity(world, identity)
  const credentials = mapCredentials(stored.credentials, (credential, type) => ({
    ...credential,
    identifiers: identity.credentials[type]?.identifiers ?? credential.identifiers,
  }))
  return { ...stored, credentials }
}

/** What is no UUID is an id that nobody has (§0.5). */
function findIdentity(call: Call): Identity {
  const id = lenientUuid(call.params['id'] ?? '')
  const identity = id === undefined ? undefined : call.world.identities.get(id)
  if (!identity) throw notFound()
  return identity
}

/** Security keys are kept in version 1 from the first time they are read, whatever they were made in. */
function upgraded(identity: Identity): Identity {
  const { webauthn } = identity.credentials
  if (webauthn === undefined || webauthn.version > 0) return identity
  return { ...identity, credentials: { ...identity.credentials, webauthn: { ...webauthn, version: 1 } } }
}

/** A patch makes the credential that only knows its identifiers anew, in its first version. */
function renewed(identity: Identity): Identity {
  const { webauthn } = identity.credentials
  if (webauthn === undefined || webauthn.config.credentials.length > 0) return identity
  return { ...identity, credentials: { ...identity.credentials, webauthn: { ...webauthn, version: 0 } } }
}

/**
 * On the real servers a patch loses what signs in by no identifier of the traits. That destroys data, so it is kept here; it
 * only leaves the administrator's sight, as there, until it is set up anew.
 */
function unlisted(identity: Identity): Identity {
  const { oidc, totp, lookup_secret, ...others } = identity.credentials
  return {
    ...identity,
    credentials: {
      ...others,
      ...(oidc && { oidc: { ...oidc, unlisted: true } }),
      ...(totp && { totp: { ...totp, unlisted: true } }),
      ...(lookup_secret && { lookup_secret: { ...lookup_secret, unlisted: true } }),
    },
  }
}

function decodeStrictly(call: Call): JsonObject {
  try {
    const { fields, error } = decodeGoStruct(decodeGoJson(call.body.text), createIdentityBody, { strict: true })
    if (error !== undefined) throw error
    return fields
  } catch (error) {
    throw error instanceof GoJsonError ? plainError(error.message, 400) : error
  }
}

/** Without the key the real servers put nothing where a JSON value must stand, and fail over it. */
function requireTraits(body: JsonObject): Json {
  const { traits } = body
  if (traits === undefined) throw plainError("invalid character '}' looking for beginning of value")
  return traits
}

function checkState(state: Json): Identity['state'] {
  if (state !== 'active' && state !== 'inactive') throw badRequest('identity state is not valid')
  return state
}

/** An empty state is none at all in a whole identity; in a patch it is one that is not valid. */
function stateChange(world: World, before: Identity, state: Json | undefined): Partial<Identity> {
  if (state === undefined || state === before.state) return {}
  return { state: checkState(state), state_changed_at: world.now() }
}

/**
 * The answer to a change: what the administrator alone may see only if the change named it.
 * @param schemaId whose address is shown: after a change of schema still the old one's
 */
function changedBody(call: Call, identity: Identity, body: JsonObject, schemaId = identity.schema_id) {
  const metadataAdmin = Object.hasOwn(body, 'metadata_admin')
  return identityBody(call, identity, { credentials: true, metadataAdmin, schemaId })
}

export const identityOperations: Readonly<Record<string, Operation>> = {
  adminListIdentities,
  adminCreateIdentity,
  adminGetIdentity,
  adminUpdateIdentity,
  adminPatchIdentity,
  adminDeleteIdentity,
}
