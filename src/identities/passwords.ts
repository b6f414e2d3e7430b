import { hash as hashOnce } from 'node:crypto'
import type { World } from '../state/world.ts'

/*
 * Passwords as they are kept: those given to this server under one fast salted hash, imported ones under the hash they came
 * with (admin-keto-projects §1.5 "Credential import").
 */

/** What a password is refused with that the configured algorithm cannot hash. */
export const TOO_LONG = 'passwords are limited to a maximum length of 72 characters'

/** A password of more bytes than bcrypt can hash, while bcrypt is what the configuration names. */
export class PasswordTooLong extends Error {
  constructor() {
    super(`I[#/password] S[] the password does not fulfill the password policy because: ${TOO_LONG}`)
  }
}

const OWN = '$mock-sha256$'
const BCRYPT_LIMIT = 72

/**
 * Hashes a password fast: this server guards no secrets.
 * @throws PasswordTooLong
 */
export function hashPassword(world: World, password: string): string {
  if (world.settings.hashers.algorithm === 'bcrypt' && Buffer.byteLength(password) > BCRYPT_LIMIT) {
    throw new PasswordTooLong()
  }
  const salt = world.chance.bytes(16).toString('hex')
  return `${OWN}${salt}$${digest(salt, password)}`
}

/** The kinds of hash that can be imported, told apart by how they begin and by nothing else. */
const KINDS = {
  bcrypt: /^\$2[abzy]?\$/,
  argon2id: /^\$argon2id\$/,
  argon2i: /^\$argon2i\$/,
  pbkdf2: /^\$pbkdf2-sha[0-9]{1,3}\$/,
} as const

export type ImportedHash = keyof typeof KINDS

/** The kind of an imported hash; `undefined` for our own and for what is none. */
export function kindOfHash(hash: string): ImportedHash | undefined {
  if (hash.startsWith(OWN)) return undefined
  for (const kind of ['bcrypt', 'argon2id', 'argon2i', 'pbkdf2'] as const) if (KINDS[kind].test(hash)) return kind
  return undefined
}

/** Whether a stored hash counts as a way to sign in: the real servers forget those of argon2i and pbkdf2 here. */
export function isFirstFactorHash(hash: string | undefined): boolean {
  if (hash === undefined) return false
  if (hash.startsWith(OWN)) return true
  const kind = kindOfHash(hash)
  return kind === 'bcrypt' || kind === 'argon2id'
}

/** Whether a login replaces the hash by one of the configured algorithm, for which ours stands. */
export function isOutdatedHash(world: World, hash: string): boolean {
  const kind = kindOfHash(hash)
  if (kind === undefined) return false
  const { algorithm } = world.settings.hashers
  return kind !== (algorithm === 'argon2' ? 'argon2id' : algorithm)
}

/**
 * Whether a password is the one that a hash was made of. At once for our own hashes; imported ones take their algorithm's
 * time and are answered by a promise. A broken hash fits no password.
 */
export function verifyPassword(hash: string, password: string): boolean | Promise<boolean> {
  if (!hash.startsWith(OWN)) return verifyImported(hash, password)
  const [salt = '', expected = ''] = hash.slice(OWN.length).split('$')
  return digest(salt, password) === expected
}

async function verifyImported(hash: string, password: string): Promise<boolean> {
  const kind = kindOfHash(hash)
  if (kind === undefined || password === '') return false
  const { matches } = await import('./imported-hashes.ts')
  return matches(kind, hash, password)
}

function digest(salt: string, password: string): string {
  return hashOnce('sha256', `${salt}\0${password}`)
}
