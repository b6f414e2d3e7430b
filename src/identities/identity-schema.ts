import type { IdentitySchema } from '../config/settings.ts'
import { badRequest, internal } from '../errors.ts'
import type { World } from '../state/world.ts'
import { compileSchema } from './json-schema/compile.ts'
import type { Schema } from './json-schema/schema.ts'
import { SchemaError } from './json-schema/schema-error.ts'

/**
 * The identity schema of an id; `''` means `default`, as on the real servers, where it is never the configured default.
 * @throws OryError 400 when the project has no such schema
 */
export function findIdentitySchema(world: World, id: string): IdentitySchema {
  const wanted = id === '' ? 'default' : id
  const found = world.settings.identity.schemas.find((schema) => schema.id === wanted)
  if (!found) throw badRequest(`Unable to find JSON Schema ID: ${wanted}`)
  return found
}

/** The schema of new identities. */
export function defaultIdentitySchema(world: World): IdentitySchema {
  return findIdentitySchema(world, world.settings.identity.default_schema_id)
}

/**
 * An identity schema, compiled: of the whole identity, or with `#/properties/traits` of its traits alone.
 * @throws OryError 500 when it is no usable JSON Schema
 */
export function compileIdentitySchema({ schema }: IdentitySchema, ptr: '#' | '#/properties/traits' = '#'): Schema {
  try {
    return compileSchema(schema, ptr)
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    throw internal('Unable to parse validate JSON object against JSON schema.', error.message)
  }
}
