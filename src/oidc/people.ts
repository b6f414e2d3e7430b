import type { OidcProvider } from '../config/settings.ts'
import type { JsonObject } from '../json.ts'
import type { Identity } from '../state/records.ts'
import type { World } from '../state/world.ts'

/*
 * Who can sign in at a built-in provider: everyone the project knows, and anybody new.
 */

/** Someone with an account at the provider. */
export interface Person {
  readonly subject: string
  readonly claims: JsonObject
}

/** An identity of the project, as the sign-in page lists it. */
export interface KnownPerson {
  readonly id: string
  readonly name: string
  /** The provider is linked to the identity already. */
  readonly linked: boolean
}

/** The identities that the page lists; there may be more. */
export function knownPeople(world: World, provider: OidcProvider, limit = 25): readonly KnownPerson[] {
  const people: KnownPerson[] = []
  for (const identity of world.identities.values()) {
    if (people.length === limit) break
    const linked = linkedSubject(identity, provider) !== undefined
    people.push({ id: identity.id, name: nameOf(identity), linked })
  }
  return people
}

/** An identity's account at the provider: the one that is linked, else one under its e-mail address or name. */
export function personOf(identity: Identity, provider: OidcProvider): Person {
  const email = emailOf(identity)
  return {
    subject: linkedSubject(identity, provider) ?? nameOf(identity),
    claims: email === undefined ? {} : { email, email_verified: true },
  }
}

/** Somebody who says their address and name. The same address is the same account the next time. */
export function typedPerson(world: World, provider: OidcProvider, email: string, name: string): Person {
  const address = email.toLowerCase()
  const [given_name = '', ...rest] = name.split(/\s+/)
  const known = world.identities.find('verifiable_address', `email:${address}`)
  return {
    subject: (known && linkedSubject(known, provider)) || address || name || world.chance.token(16),
    claims: {
      ...(email === '' ? {} : { email, email_verified: true }),
      ...(name === '' ? {} : { name, given_name }),
      ...(rest.length === 0 ? {} : { family_name: rest.join(' ') }),
    },
  }
}

function linkedSubject({ credentials }: Identity, provider: OidcProvider): string | undefined {
  return credentials.oidc?.config.providers.find((link) => link.provider === provider.id)?.subject
}

function nameOf(identity: Identity): string {
  return emailOf(identity) ?? identity.credentials.password?.identifiers[0] ?? identity.id
}

function emailOf({ traits, verifiable_addresses, recovery_addresses }: Identity): string | undefined {
  const trait = Object.hasOwn(traits, 'email') ? traits['email'] : undefined
  if (typeof trait === 'string' && trait !== '') return trait
  return [...verifiable_addresses, ...recovery_addresses].find((address) => address.via === 'email')?.value
}
