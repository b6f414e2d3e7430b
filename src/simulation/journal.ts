import type { Millis } from '../state/clock.ts'

/** One way in which a side of an exchange broke the contract. */
export interface JournalViolation {
  readonly side: 'request' | 'response'
  readonly in: string
  readonly pointer: string
  readonly message: string
}

/** One exchange, as it was. */
export interface JournalEntry {
  /** Counts up from 1 in each sandbox. */
  readonly id: number
  readonly sandbox: string
  /** The world's time at which it began. */
  readonly at: Millis
  /** How long the answer took, in milliseconds of the machine's time. */
  readonly duration: Millis
  readonly method: string
  /** With query, without the sandbox's prefix. */
  readonly path: string
  /** Undefined where no operation answers the route. */
  readonly operation: string | undefined
  readonly status: number
  readonly violations: readonly JournalViolation[]
  /** The switches that met the call. */
  readonly switches: readonly string[]
  /** Unknown query parameters: noted, never refused. */
  readonly noted: readonly string[]
}

/** What was called and answered in one sandbox: a ring in memory, so that a long run costs no more than a short one. */
export class Journal {
  readonly #capacity: number
  #entries: JournalEntry[] = []
  #next = 0
  #lastId = 0

  /** @param capacity how many exchanges are kept; the oldest make room */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  record(entry: Omit<JournalEntry, 'id'>): void {
    const numbered = { id: ++this.#lastId, ...entry }
    if (this.#entries.length < this.#capacity) this.#entries.push(numbered)
    else this.#entries[this.#next] = numbered
    this.#next = (this.#next + 1) % this.#capacity
  }

  /** All kept entries, oldest first. */
  entries(): readonly JournalEntry[] {
    if (this.#entries.length < this.#capacity) return [...this.#entries]
    return [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)]
  }

  clear(): void {
    this.#entries = []
    this.#next = 0
  }
}
