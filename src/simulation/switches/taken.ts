import type { Call } from '../../http/call.ts'
import { findByIdentifier, newIdentity, saveIdentity, validateIdentity } from '../../identities/identity.ts'
import { InvalidError } from '../../identities/json-schema/validation-error.ts'
import { schemaIdOf, type Trait, withMember } from './submitted-traits.ts'

/** Somebody signs in by this value; made if nobody does. */
export function takeIdentifier(call: Call, { name }: Pick<Trait, 'name'>, value: string, schemaId?: string): void {
  const { world } = call
  if (findByIdentifier(world, 'password', value)) return
  const now = world.now()
  const password = { identifiers: [value], config: {}, version: 0, created_at: now, updated_at: now }
  const traits = withMember({}, name.split('.').slice(1), value)
  const made = newIdentity(world, { schema_id: schemaId ?? schemaIdOf(call), traits, credentials: { password } })
  try {
    saveIdentity(world, validateIdentity(world, made))
  } catch (error) {
    // what was typed does not fit, or the schema wants other traits too
    if (!(error instanceof InvalidError)) throw error
    saveIdentity(world, made)
  }
}
