import { validateIdentity } from '../../identities/identity.ts'
import { hashPassword, PasswordTooLong, TOO_LONG } from '../../identities/passwords.ts'
import type { Identity } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { passwordFault } from './password-policy.ts'

/**
 * The identity with a password that its owner chooses, validated but not saved; of one without a password too. What is
 * wrong is told in the real servers' order: too long for bcrypt, the traits, no identifier, the policy
 * (kratos-login-registration-sessions §3.3).
 * @throws FormError at the node `password`, or at the form when there is no identifier; InvalidError
 */
export function withChosenPassword(world: World, identity: Identity, password: string): Identity {
  const now = world.now()
  const known = identity.credentials.password ?? { identifiers: [], version: 0, created_at: now, updated_at: now }
  const changed = { ...known, config: { hashed_password: withHashable(() => hashPassword(world, password)) } }
  const candidate = validateIdentity(world, {
    ...identity,
    credentials: { ...identity.credentials, password: changed },
  })
  const identifiers = candidate.credentials.password?.identifiers ?? []
  if (identifiers.length === 0) throw new FormError(messages.noIdentifiers())
  for (const identifier of identifiers) {
    const fault = passwordFault(world, identifier, password)
    if (fault !== undefined) throw new FormError(messages.passwordPolicy(fault), 'password')
  }
  return candidate
}

/** Tells at the node `password` that what is done within cannot be done with so long a password. */
export function withHashable<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (error instanceof PasswordTooLong) throw new FormError(messages.passwordPolicy(TOO_LONG), 'password')
    throw error
  }
}
