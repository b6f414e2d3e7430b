import type { Call } from '../../http/call.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Identity } from '../../state/records.ts'
import { withJson } from './request-change.ts'
import { identifierTrait, submittedValue, type Trait, traitsFor, withMember } from './submitted-traits.ts'
import type { RequestChange } from './switch.ts'
import { takenInstead } from './taken.ts'

/*
 * What an administrator sends about an identity, as they shall have sent it: a whole identity, or a JSON Patch of one.
 */

/** The identity that a call names; undefined where it names none, or nobody's id. */
function identityOf({ world, params }: Call): Identity | undefined {
  return world.identities.get((params['id'] ?? '').toLowerCase())
}

/** With another member, in the identity or by one more operation of the patch. What is neither stays as it is. */
export function withIdentity(call: Call, path: readonly string[], value: Json): RequestChange {
  if (call.method === 'PATCH') return withOperation(call, { op: 'add', path: `/${path.join('/')}`, value })
  return withJson(call, (body) => (isJsonObject(body) ? withMember(body, path, value) : body))
}

/** With one more operation in the patch. */
export function withOperation(call: Call, operation: JsonObject): RequestChange {
  return withJson(call, (body) => (Array.isArray(body) ? [...(body as readonly Json[]), operation] : body))
}

/** The schema that the identity is going to have. */
function schemaIdOf(call: Call): string {
  const sent = call.method === 'PATCH' ? undefined : submittedValue(call, 'schema_id')
  const given = typeof sent === 'string' && sent !== '' ? sent : identityOf(call)?.schema_id
  return given ?? call.world.settings.identity.default_schema_id
}

const pathOf = ({ name }: Trait): readonly string[] => name.split('.')

/** A trait of the wrong type. */
export function withInvalidTrait(call: Call): RequestChange {
  const trait = identifierTrait(traitsFor(call, schemaIdOf(call)))
  const path = trait ? pathOf(trait) : ['traits']
  return withIdentity(call, path, trait?.schema['type'] === 'boolean' ? 'perhaps' : false)
}

/** Somebody else signs in by the identifier; who has one already is to get one that is taken. */
export function withTakenIdentifier(call: Call): RequestChange {
  const schemaId = schemaIdOf(call)
  const trait = identifierTrait(traitsFor(call, schemaId))
  if (!trait) return {}
  const own = identityOf(call)?.credentials.password?.identifiers ?? []
  const sent = call.method === 'PATCH' ? undefined : submittedValue(call, trait.name)
  const value = takenInstead(call, trait, sent, own, schemaId)
  return value === sent ? {} : withIdentity(call, pathOf(trait), value)
}
