import type { Call } from '../../http/call.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { findSession } from '../../sessions/session.ts'
import { flowOf } from './arrange.ts'
import { bodyFields, withFields } from './request-change.ts'
import type { RequestChange } from './switch.ts'

/*
 * The traits of a submit, and the identity schema that judges them: as the client shall have sent them, as the project
 * shall have it.
 */

/** A trait that a form asks for: a leaf of the identity schema. */
export interface Trait {
  /** `traits.name.first`, as forms name it. */
  readonly name: string
  readonly schema: JsonObject
  readonly required: boolean
  /** It is one to sign in by. */
  readonly identifier: boolean
}

/** The id of the schema that a call's traits must fit: that of whoever changes their settings, else the default. */
export function schemaIdOf(call: Call): string {
  const own = flowOf(call)?.kind === 'settings' ? findSession(call)?.identity.schema_id : undefined
  return own ?? call.world.settings.identity.default_schema_id
}

/** The traits that the call's schema asks for, in its order. */
export function traitsFor(call: Call, schemaId = schemaIdOf(call)): readonly Trait[] {
  const found = call.world.settings.identity.schemas.find(({ id }) => id === schemaId)
  const traits = objectAt(objectAt(found?.schema, 'properties'), 'traits')
  return leaves(traits, 'traits')
}

/** The trait to sign in by; of several the first. */
export const identifierTrait = (traits: readonly Trait[]): Trait | undefined =>
  traits.find((trait) => trait.identifier) ?? traits[0]

function leaves(object: JsonObject, name: string): readonly Trait[] {
  const listed = object['required']
  const required = Array.isArray(listed) ? (listed as readonly Json[]) : []
  return Object.entries(objectAt(object, 'properties')).flatMap(([key, schema]) => {
    if (!isJsonObject(schema)) return []
    const path = `${name}.${key}`
    if (isJsonObject(schema['properties'])) return leaves(schema, path)
    const credentials = objectAt(objectAt(schema, 'ory.sh/kratos'), 'credentials')
    const identifier = objectAt(credentials, 'password')['identifier'] === true
    return [{ name: path, schema, required: required.includes(key), identifier }]
  })
}

function objectAt(value: Json | undefined, key: string): JsonObject {
  const inner = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return isJsonObject(inner) ? inner : {}
}

// --- the request -----------------------------------------------------------------------------------------------------------

/** A value of a submit, by the name of its field; a trait may stand in a nested object. */
export function submittedValue(call: Call, name: string): Json | undefined {
  const fields: JsonObject = call.method === 'GET' ? Object.fromEntries(call.query) : bodyFields(call)
  if (Object.hasOwn(fields, name)) return fields[name]
  return name.split('.').reduce<Json | undefined>((value, key) => {
    return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, fields)
}

/** Other values of a submit, by the names of their fields; `undefined` takes one out. */
export function withValues(call: Call, changes: Readonly<Record<string, Json | undefined>>): RequestChange {
  const nested = bodyFields(call)['traits']
  if (!isJsonObject(nested)) return withFields(call, changes)
  const others = Object.entries(changes).filter(([name]) => !name.startsWith('traits.'))
  const traits = Object.entries(changes)
    .filter(([name]) => name.startsWith('traits.'))
    .reduce((object, [name, value]) => withMember(object, name.split('.').slice(1), value), nested)
  return withFields(call, { traits, ...Object.fromEntries(others) })
}

/** The submit without any trait, and with these values. */
export function withoutTraits(call: Call, changes: Readonly<Record<string, Json | undefined>> = {}): RequestChange {
  const fields = call.method === 'GET' ? [...call.query.keys()] : Object.keys(bodyFields(call))
  const traits = fields.filter((name) => name === 'traits' || name.startsWith('traits.'))
  return withFields(call, { ...Object.fromEntries(traits.map((name) => [name, undefined])), ...changes })
}

/** An object with another member at a path. */
export function withMember(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [key = '', ...rest] = path
  const inner = objectAt(object, key)
  const members = new Map<string, Json | undefined>(Object.entries(object))
  const changed = rest.length === 0 ? value : withMember(inner, rest, value)
  if (changed === undefined) members.delete(key)
  else members.set(key, changed)
  return Object.fromEntries(members)
}

// --- the schema ------------------------------------------------------------------------------------------------------------

/** The identity schema changed for this call. @param change of the schema of the traits */
export function underSchema(call: Call, change: (traits: JsonObject) => JsonObject): RequestChange {
  const { settings } = call.world
  const { identity } = settings
  const id = schemaIdOf(call)
  const schemas = identity.schemas.map((each) =>
    each.id === id ? { ...each, schema: changeAt(each.schema, ['properties', 'traits'], change) } : each,
  )
  return { settings: { ...settings, identity: { ...identity, schemas } } }
}

/** One trait's schema with other keywords. */
export function withKeywords(traits: JsonObject, { name }: Pick<Trait, 'name'>, keywords: JsonObject): JsonObject {
  const path = name
    .split('.')
    .slice(1)
    .flatMap((key) => ['properties', key])
  return changeAt(traits, path, (schema) => ({ ...schema, ...keywords }))
}

/** A trait that must be there, and everything that it lies in. */
export function withRequired(traits: JsonObject, { name }: Pick<Trait, 'name'>): JsonObject {
  const [key = '', ...rest] = name.split('.').slice(1)
  const listed = traits['required']
  const required = [...new Set([...(Array.isArray(listed) ? (listed as readonly Json[]) : []), key])]
  const changed = { ...traits, required }
  if (rest.length === 0) return changed
  return changeAt(changed, ['properties', key], (inner) => withRequired(inner, { name: `traits.${rest.join('.')}` }))
}

function changeAt(object: JsonObject, path: readonly string[], change: (inner: JsonObject) => JsonObject): JsonObject {
  const [key, ...rest] = path
  return key === undefined ? change(object) : { ...object, [key]: changeAt(objectAt(object, key), rest, change) }
}
