import { closeSync, openSync, writeSync } from 'node:fs'
import { VERSION } from '../metadata.ts'
import { showEntry } from './entry.ts'
import type { Recorded } from './journal.ts'

/** The first line that each server writes. */
export interface JournalHead {
  /** The version. */
  readonly 'ory-mock': string
  readonly dialect: 'spec' | 'wire'
  /** The machine's time. */
  readonly started_at: string
}

export interface JournalFileOptions {
  readonly dialect: 'spec' | 'wire'
  /** Written as they are, and not masked. */
  readonly secrets: boolean
  /** Told when the file cannot be written any more; nothing more is written then. */
  readonly onError: (error: unknown) => void
}

/** So many exchanges wait at most until they are written, and so long, in milliseconds. */
const WAITING = { count: 100, time: 100 }

/**
 * A journal as JSON Lines: a head, then one exchange a line. It is appended to, so that servers and runs can share a
 * file. Exchanges are written together, some time after their answers.
 */
export class JournalFile {
  readonly #options: JournalFileOptions
  #file: number | undefined
  #waiting: Recorded[] = []
  #timer: NodeJS.Timeout | undefined

  /** @throws when the file cannot be opened */
  constructor(path: string, options: JournalFileOptions) {
    this.#options = options
    this.#file = openSync(path, 'a')
    const head: JournalHead = {
      'ory-mock': VERSION,
      dialect: options.dialect,
      started_at: new Date().toISOString(),
    }
    this.#write(`${JSON.stringify(head)}\n`)
  }

  add(entry: Recorded): void {
    if (this.#file === undefined) return
    this.#waiting.push(entry)
    if (this.#waiting.length >= WAITING.count) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), WAITING.time).unref()
  }

  /** Writes what waits, before it returns. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length === 0) return
    this.#write(waiting.map((entry) => `${JSON.stringify(showEntry(entry, this.#options.secrets))}\n`).join(''))
  }

  close(): void {
    this.flush()
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #write(text: string): void {
    if (this.#file === undefined) return
    try {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at)
    } catch (error) {
      this.#file = undefined
      this.#options.onError(error)
    }
  }
}
