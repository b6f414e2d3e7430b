import type { Call } from '../../http/call.ts'
import { hashPassword, PasswordTooLong } from '../../identities/passwords.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { findSession } from '../../sessions/session.ts'
import type { Identity } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { catalogue } from './catalogue.ts'
import { bodyFields } from './request-change.ts'
import { identifierTrait, traitsFor } from './submitted-traits.ts'
import { takeIdentifier } from './taken.ts'

/*
 * Magic identifiers, for those who can change nothing but what they type: `SWITCH-NAME@mock.test` signs in with any
 * password, and whatever that person then does meets the switch. Whoever signs up with it, asks for a mail to it, or opens
 * the link in such a mail, meets it too.
 */

const DOMAIN = '@mock.test'

/** Where an address is typed, and whether somebody has to have it already. */
const TYPED: ReadonlyMap<string, 'exists' | 'signs in' | 'is new'> = new Map([
  ['submitSelfServiceLoginFlow', 'signs in'],
  ['submitSelfServiceRegistrationFlow', 'is new'],
  ['submitSelfServiceRecoveryFlow', 'exists'],
  ['submitSelfServiceVerificationFlow', 'exists'],
])

/** The switch of the person whom a call is about: whose address it names, whose session it carries, or whose link it opens. */
export function magicSwitch(call: Call, operationId: string): string | undefined {
  const who = TYPED.get(operationId)
  const address = who && typedAddress(call)
  if (who !== undefined && address !== undefined) {
    if (who !== 'is new') welcome(call, address, who)
    return remember(call.world, address)
  }
  if (call.world.magicIdentities.size === 0) return undefined
  const people = [findSession(call)?.identity, ownerOfLink(call)]
  return people.map((identity) => identity && switchOf(call.world, identity)).find(Boolean)
}

/** To whom the link was mailed that a call opens. */
function ownerOfLink({ world, query }: Call): Identity | undefined {
  const token = query.get('token')
  const link = token === null ? undefined : world.linkTokens.find('token', token)
  return link && world.identities.get(link.identity_id)
}

/** The magic address among the fields of a body. */
function typedAddress(call: Call): string | undefined {
  const texts = textsIn(bodyFields(call)).map((text) => text.trim().toLowerCase())
  return texts.find((text) => text.endsWith(DOMAIN) && catalogue.has(nameIn(text)))
}

const nameIn = (address: string): string => address.slice(0, -DOMAIN.length)

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : []
}

function remember(world: World, address: string): string {
  world.magicIdentities.save({ id: address, switch: nameIn(address) })
  return nameIn(address)
}

function switchOf(world: World, { credentials, verifiable_addresses, recovery_addresses }: Identity) {
  const identifiers = Object.values(credentials).flatMap((credential) => credential?.identifiers ?? [])
  const addresses = [...verifiable_addresses, ...recovery_addresses].map(({ value }) => value)
  return [...identifiers, ...addresses].map((each: string) => world.magicIdentities.get(each)?.switch).find(Boolean)
}

/**
 * Makes the identity of the address if it is not there, whatever it is that people of the project sign in by; one who signs
 * in takes the password that was typed.
 */
function welcome(call: Call, address: string, who: 'exists' | 'signs in'): void {
  const trait = identifierTrait(traitsFor(call))
  if (!trait) return
  const identity = takeIdentifier(call, trait, address)
  const { password } = bodyFields(call)
  if (who === 'signs in' && typeof password === 'string') givePassword(call.world, identity, password)
}

function givePassword(world: World, identity: Identity, password: string): void {
  try {
    const now = world.now()
    const known = identity.credentials.password
    const credential = {
      identifiers: known?.identifiers ?? [],
      config: { hashed_password: hashPassword(world, password) },
      version: 0,
      created_at: known?.created_at ?? now,
      updated_at: now,
    }
    world.identities.save({ ...identity, credentials: { ...identity.credentials, password: credential } })
  } catch (error) {
    // such a password signs nobody in, here as elsewhere
    if (!(error instanceof PasswordTooLong)) throw error
  }
}
