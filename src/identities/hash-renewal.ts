import type { Identity } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { saveIdentity } from './identity.ts'
import { hashPassword, isOutdatedHash } from './passwords.ts'

/**
 * After a login with an imported hash of another algorithm than the configured one: the password under that one, for which
 * this server's own stands. Like every change of an identity it writes the addresses anew.
 * @param password the one that was just proved right
 * @returns the identity as it is stored now
 */
export function renewHash(world: World, identity: Identity, password: string): Identity {
  const { password: credential } = identity.credentials
  const stored = credential?.config.hashed_password
  if (credential === undefined || stored === undefined || !isOutdatedHash(world, stored)) return identity
  const config = { hashed_password: hashPassword(world, password) }
  return saveIdentity(world, {
    ...identity,
    credentials: { ...identity.credentials, password: { ...credential, config } },
  })
}
