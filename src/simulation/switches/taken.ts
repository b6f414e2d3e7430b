import type { Call } from '../../http/call.ts'
import { findByIdentifier, newIdentity, saveIdentity, validateIdentity } from '../../identities/identity.ts'
import { InvalidError } from '../../identities/json-schema/validation-error.ts'
import type { Json } from '../../json.ts'
import type { Identity } from '../../state/records.ts'
import { schemaIdOf, type Trait, withMember } from './submitted-traits.ts'

/** Who signs in by this value; made if nobody does. */
export function takeIdentifier(call: Call, { name }: Pick<Trait, 'name'>, value: string, schemaId?: string): Identity {
  const { world } = call
  const known = findByIdentifier(world, 'password', value)
  if (known) return known
  const now = world.now()
  const password = { identifiers: [value], config: {}, version: 0, created_at: now, updated_at: now }
  const traits = withMember({}, name.split('.').slice(1), value)
  const made = newIdentity(world, { schema_id: schemaId ?? schemaIdOf(call), traits, credentials: { password } })
  try {
    return saveIdentity(world, validateIdentity(world, made))
  } catch (error) {
    // what was typed does not fit, or the schema wants other traits too
    if (!(error instanceof InvalidError)) throw error
    return saveIdentity(world, made)
  }
}

/**
 * What was typed to sign in by, and somebody has it from now on. In the place of one's own, or of nothing, something that
 * somebody has.
 */
export function takenInstead(
  call: Call,
  trait: Trait,
  typed: Json | undefined,
  own: readonly string[],
  schemaId?: string,
): string {
  const isFree = typeof typed === 'string' && !own.includes(typed.toLowerCase().trim())
  const value = isFree ? typed : trait.schema['format'] === 'email' ? 'taken@example.org' : 'taken'
  takeIdentifier(call, trait, value, schemaId)
  return value
}
