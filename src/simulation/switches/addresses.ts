import { findByAddress } from '../../identities/identity.ts'
import type { Identity, VerifiableAddress } from '../../state/records.ts'
import type { World } from '../../state/world.ts'

/*
 * Addresses of people, as far as they are verified.
 */

/**
 * Every address of an identity that can be verified has this status; one who has none gets one.
 * @param otherwise the address of one who has none
 */
export function setAddressStatus(
  world: World,
  identity: Identity,
  status: VerifiableAddress['status'],
  otherwise: string | undefined = emailOf(world, identity),
): void {
  const now = world.now()
  const { verifiable_addresses: known } = identity
  const made = { id: world.chance.uuid(), value: otherwise ?? '', via: 'email' as const, created_at: now }
  if (known.length === 0 && otherwise === undefined) return
  const verifiable_addresses = (known.length > 0 ? known : [made]).map(({ id, value, via, created_at }) => ({
    ...{ id, value, via, status, created_at },
    ...(status === 'completed' ? { verified: true, verified_at: now } : { verified: false }),
    updated_at: now,
  }))
  world.identities.save({ ...identity, verifiable_addresses })
}

/** The e-mail address that somebody signs in by, if nobody else can verify it. */
function emailOf(world: World, { credentials }: Identity): string | undefined {
  const identifiers = credentials.password?.identifiers ?? []
  return identifiers.find((each) => each.includes('@') && !findByAddress(world, 'verifiable_address', each))
}

/** Nobody has this address any longer, to recover by or to verify, until its owner is saved anew. */
export function forgetAddress(world: World, kind: 'recovery_address' | 'verifiable_address', email: string): void {
  const identity = findByAddress(world, kind, email)
  if (!identity) return
  const value = email.toLowerCase().trim()
  const others = <Address extends { readonly value: string }>(all: readonly Address[]): readonly Address[] =>
    all.filter((each) => each.value !== value)
  const { recovery_addresses, verifiable_addresses } = identity
  world.identities.save({
    ...identity,
    ...(kind === 'recovery_address'
      ? { recovery_addresses: others(recovery_addresses) }
      : { verifiable_addresses: others(verifiable_addresses) }),
  })
}
