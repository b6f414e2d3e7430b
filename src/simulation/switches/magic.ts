import type { Call } from '../../http/call.ts'
import { newIdentity, saveIdentity, validateIdentity } from '../../identities/identity.ts'
import { hashPassword } from '../../identities/passwords.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import { findSession } from '../../sessions/session.ts'
import type { Identity } from '../../state/records.ts'
import { catalogue } from './catalogue.ts'

/*
 * Magic identifiers, for those who can change nothing but what they type: `SWITCH-NAME@mock.test` signs in with any
 * password, and whatever that person then does meets the switch.
 */

const DOMAIN = '@mock.test'

/** The switch of the person whom a call is about: who signs in by it, or whose session it carries. */
export function magicSwitch(call: Call, operationId: string): string | undefined {
  if (operationId === 'submitSelfServiceLoginFlow') {
    const name = signsIn(call)
    if (name !== undefined) return name
  }
  if (call.world.magicIdentities.size === 0) return undefined
  const active = findSession(call)
  return active && call.world.magicIdentities.get(active.identity.id)?.switch
}

/** A login with a magic identifier: the identity is made if it is not there, and takes the password that was typed. */
function signsIn(call: Call): string | undefined {
  const { identifier, password } = typed(call)
  if (!identifier.endsWith(DOMAIN)) return undefined
  const name = identifier.slice(0, -DOMAIN.length)
  if (!catalogue.has(name)) return undefined
  const identity = call.world.identities.find('identifier', `password:${identifier}`) ?? make(call, identifier)
  if (identity) welcome(call, identity, password, name)
  return name
}

function typed(call: Call): { identifier: string; password: string } {
  const { contentType = '', text } = call.body
  const fields = contentType.startsWith('application/json')
    ? jsonFields(text)
    : Object.fromEntries(new URLSearchParams(text))
  const read = (name: string): string => (typeof fields[name] === 'string' ? String(fields[name]) : '')
  return {
    identifier: (read('identifier') || read('password_identifier')).trim().toLowerCase(),
    password: read('password'),
  }
}

function jsonFields(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? (value as JsonObject) : {}
  } catch {
    // the operation says what is wrong with the body
    return {}
  }
}

/** Undefined where the project's schema has no e-mail address to sign in by. */
function make(call: Call, email: string): Identity | undefined {
  const { world } = call
  const identity = validateIdentity(world, newIdentity(world, { traits: { email } }))
  return identity.credentials.password?.identifiers.includes(email) ? saveIdentity(world, identity) : undefined
}

function welcome({ world }: Call, identity: Identity, password: string, name: string): void {
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
  world.magicIdentities.save({ id: identity.id, switch: name })
}
