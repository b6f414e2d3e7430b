import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Credential, Credentials, Identity, RecoveryAddress, VerifiableAddress } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { notValid } from './json-schema/checks.ts'
import { isFormat } from './json-schema/formats.ts'
import type { ExtensionFault } from './json-schema/validate.ts'

/*
 * What the keyword `ory.sh/kratos` makes of traits: identifiers to sign in with, addresses to verify and to recover by
 * (kratos-settings-recovery-verification-mfa §6, admin-keto-projects §1.5 "Address import").
 */

/** What a walk over the traits of one identity has found. */
export class ExtensionWalk {
  readonly #world: World
  readonly #identity: Identity
  /** One list for all traits and both kinds of credential, as on the real servers. */
  #identifiers: readonly string[] = []
  #credentials: Credentials
  readonly #verifiable: VerifiableAddress[] = []
  readonly #recovery: RecoveryAddress[] = []
  #accountName: string | undefined

  /** @param identity before the walk: addresses that its traits still name are kept, all others are forgotten */
  constructor(world: World, identity: Identity) {
    this.#world = world
    this.#identity = identity
    this.#credentials = identity.credentials
  }

  /** The identity with what its traits say about credentials and addresses. */
  get identity(): Identity {
    return {
      ...this.#identity,
      credentials: this.#credentials,
      verifiable_addresses: this.#verifiable,
      recovery_addresses: this.#recovery,
    }
  }

  /** The trait that names the account in an authenticator app. */
  get accountName(): string | undefined {
    return this.#accountName
  }

  /** One trait that the keyword describes. */
  run(extension: JsonObject, value: Json): ExtensionFault | undefined {
    const credentials = member(extension, 'credentials')
    if (isOn(member(credentials, 'password'), 'identifier')) this.#identify('password', value)
    if (isOn(member(credentials, 'webauthn'), 'identifier')) this.#identify('webauthn', value)
    if (isOn(member(credentials, 'totp'), 'account_name')) this.#accountName = textOf(value)
    return this.#verify(via(extension, 'verification'), value) ?? this.#recover(via(extension, 'recovery'), value)
  }

  #identify(type: 'password' | 'webauthn', value: Json): void {
    const identifier = textOf(value).toLowerCase()
    if (!this.#identifiers.includes(identifier)) this.#identifiers = [...this.#identifiers, identifier]
    const identifiers = this.#identifiers
    const { password, webauthn } = this.#credentials
    if (type === 'password') {
      const changed = { ...(password ?? this.#newCredential({})), identifiers }
      this.#credentials = { ...this.#credentials, password: changed }
    } else {
      const changed = { ...(webauthn ?? this.#newCredential({ credentials: [] })), identifiers }
      this.#credentials = { ...this.#credentials, webauthn: changed }
    }
  }

  #newCredential<Config>(config: Config): Credential<Config> {
    const now = this.#world.now()
    return { identifiers: [], config, version: 0, created_at: now, updated_at: now }
  }

  #verify(kind: string, value: Json): ExtensionFault | undefined {
    if (kind === '') return undefined
    if (kind !== 'email' && kind !== 'phone') return unknownVia('verification', kind)
    const format = kind === 'email' ? 'email' : 'tel'
    if (!isFormat(format, value)) return { keyword: 'format', message: notValid(value, kind) }
    const address = textOf(value)
    const same = (each: VerifiableAddress) => each.via === kind && each.value === address
    if (this.#verifiable.some(same)) return undefined
    const known = this.#identity.verifiable_addresses.find(same)
    this.#verifiable.push(
      known ?? { ...this.#newAddress(), value: address, verified: false, via: kind, status: 'pending' },
    )
    return undefined
  }

  #recover(kind: string, value: Json): ExtensionFault | undefined {
    if (kind === '') return undefined
    if (kind !== 'email') return unknownVia('recovery', kind)
    if (!isFormat('email', value)) return { keyword: 'format', message: notValid(value, 'email') }
    const address = textOf(value)
    const same = (each: RecoveryAddress) => each.via === kind && each.value === address
    if (this.#recovery.some(same)) return undefined
    const known = this.#identity.recovery_addresses.find(same)
    this.#recovery.push(known ?? { ...this.#newAddress(), value: address, via: kind })
    return undefined
  }

  #newAddress() {
    const now = this.#world.now()
    return { id: this.#world.chance.uuid(), created_at: now, updated_at: now }
  }
}

function unknownVia(which: string, kind: string): ExtensionFault {
  return { keyword: '', message: `${which}.via has unknown value "${kind}"` }
}

function member(object: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return isJsonObject(value) ? value : {}
}

function isOn(object: JsonObject, key: string): boolean {
  return object[key] === true
}

function via(extension: JsonObject, which: 'verification' | 'recovery'): string {
  const kind = member(extension, which)['via']
  return typeof kind === 'string' ? kind : ''
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
