import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type { ChanceState } from './chance-state.ts'

export type { ChanceState }

const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const CODE = 'abcdefghijklmnopqrstuvwxyz0123456789'
const POOL_SIZE = 4096
const ZEROS = Buffer.alloc(POOL_SIZE)

/**
 * Where one world gets its ids, tokens, codes and masks from. With a seed, the same requests in the same order give the
 * same ones; without, they come from the machine's random source.
 */
export class Chance {
  readonly #key: Buffer | undefined
  #pool: Buffer = Buffer.alloc(0)
  #used = 0
  #block = 0

  /** @param seed any text; worlds with different names use different seeds, so that their ids differ. */
  constructor(seed?: string) {
    this.#key = seed === undefined ? undefined : createHash('sha256').update(seed).digest()
  }

  /** Whether the same requests give the same ids, so that how far it has come means something. */
  get seeded(): boolean {
    return this.#key !== undefined
  }

  bytes(length: number): Buffer {
    const at = this.#take(length)
    return Buffer.from(this.#pool.subarray(at, at + length))
  }

  /** A random UUID, version 4. */
  uuid(): string {
    const at = this.#take(16)
    const pool = this.#pool
    pool[at + 6] = ((pool[at + 6] ?? 0) & 0x0f) | 0x40
    pool[at + 8] = ((pool[at + 8] ?? 0) & 0x3f) | 0x80
    const hex = pool.toString('hex', at, at + 16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** A token of the form `[A-Za-z0-9]{length}`: session, logout and link tokens have 32. */
  token(length = 32): string {
    return this.#text(ALPHANUMERIC, length)
  }

  /** A code of the form `[a-z0-9]{length}`: backup recovery codes have 8. */
  code(length = 8): string {
    return this.#text(CODE, length)
  }

  /** What `restore` needs to continue the same sequence. */
  snapshot(): ChanceState {
    return { block: this.#block, used: this.#used }
  }

  restore(state: ChanceState): void {
    if (!this.#key) return
    this.#block = state.block - 1
    if (this.#block < 0) {
      this.#block = 0
      this.#pool = Buffer.alloc(0)
    } else this.#refill()
    this.#used = state.used
  }

  #text(alphabet: string, length: number): string {
    const out = Buffer.allocUnsafe(length)
    // bytes that would favour the beginning of the alphabet are skipped
    const limit = 256 - (256 % alphabet.length)
    let filled = 0
    while (filled < length) {
      const at = this.#take(length)
      for (let i = at; i < at + length && filled < length; i++) {
        const b = this.#pool[i] ?? limit
        if (b < limit) out[filled++] = alphabet.charCodeAt(b % alphabet.length)
      }
    }
    return out.toString('latin1')
  }

  /** Where in the pool the next bytes stand, which nobody gets again. */
  #take(length: number): number {
    if (length > POOL_SIZE) throw new RangeError(`at most ${POOL_SIZE} bytes at a time`)
    if (this.#used + length > this.#pool.length) this.#refill()
    const at = this.#used
    this.#used += length
    return at
  }

  #refill(): void {
    this.#used = 0
    if (!this.#key) {
      this.#pool = randomBytes(POOL_SIZE)
      return
    }
    const iv = Buffer.alloc(16)
    iv.writeUInt32BE(this.#block++, 0)
    this.#pool = createCipheriv('aes-256-ctr', this.#key, iv).update(ZEROS)
  }
}
