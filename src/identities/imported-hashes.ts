import { pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { argon2i, argon2id, bcryptVerify } from 'hash-wasm'
import type { ImportedHash } from './passwords.ts'

/*
 * Passwords against hashes that were imported, in the layouts that the real servers read (admin-keto-projects §1.5). Loaded
 * when the first such password is tried.
 */

const derive = promisify(pbkdf2)

/** Whether the hash was made of this password. A hash that cannot be read was made of none. */
export async function matches(kind: ImportedHash, hash: string, password: string): Promise<boolean> {
  try {
    switch (kind) {
      case 'bcrypt':
        return await matchesBcrypt(hash, password)
      case 'argon2i':
      case 'argon2id':
        return await matchesArgon2(kind, hash, password)
      case 'pbkdf2':
        return await matchesPbkdf2(hash, password)
    }
  } catch {
    // the parameters are such that the algorithm refuses them
    return false
  }
}

async function matchesBcrypt(hash: string, password: string): Promise<boolean> {
  if (Buffer.byteLength(password) > 72) return false
  // the letters of old implementations are all computed alike
  return bcryptVerify({ password, hash: hash.replace(KIND_OF_BCRYPT, '$2a$') })
}

const KIND_OF_BCRYPT = /^\$2[abzy]?\$/

async function matchesArgon2(kind: 'argon2i' | 'argon2id', hash: string, password: string): Promise<boolean> {
  const parts = hash.split('$')
  const [, , version, parameters = '', salt, expected] = parts
  const numbers = /^m=(\d+),t=(\d+),p=(\d+)/.exec(parameters)
  if (parts.length !== 6 || version !== 'v=19' || !numbers) return false
  const [saltBytes, expectedBytes] = [unpadded(salt), unpadded(expected)]
  if (!saltBytes || !expectedBytes) return false
  const [memorySize, iterations, parallelism] = numbers.slice(1).map(Number)
  const derived = await { argon2i, argon2id }[kind]({
    password,
    salt: saltBytes,
    memorySize: memorySize ?? 0,
    iterations: iterations ?? 0,
    parallelism: parallelism ?? 0,
    hashLength: expectedBytes.length,
    outputType: 'binary',
  })
  return timingSafeEqual(derived, expectedBytes)
}

/** SHA-224 and SHA-384 mean the third generation here, the others the second; what is unknown is read as SHA-256. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['sha1', 'sha1'],
  ['sha224', 'sha3-224'],
  ['sha256', 'sha256'],
  ['sha384', 'sha3-384'],
  ['sha512', 'sha512'],
])

async function matchesPbkdf2(hash: string, password: string): Promise<boolean> {
  const parts = hash.split('$')
  const [, algorithm = '', parameters = '', salt, expected] = parts
  const iterations = /^i=(\d+),l=\d+/.exec(parameters)?.[1]
  const [saltBytes, expectedBytes] = [unpadded(salt), unpadded(expected)]
  if (parts.length !== 5 || iterations === undefined || !saltBytes || !expectedBytes) return false
  const digest = DIGESTS.get(algorithm.slice('pbkdf2-'.length)) ?? 'sha256'
  const derived = await derive(password, saltBytes, Number(iterations), expectedBytes.length, digest)
  return timingSafeEqual(derived, expectedBytes)
}

/** Standard base64 without padding, read strictly: what would be written otherwise is refused. */
function unpadded(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? '', 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === text ? bytes : undefined
}
