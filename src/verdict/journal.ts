import type { Front } from '../http/address.ts'
import type { SetCookie } from '../http/reply.ts'
import type { Fault } from '../http/send.ts'
import type { Millis } from '../state/clock.ts'
import { hasArrived } from './exercise.ts'
import type { Journals } from './journals.ts'
import type { Kept } from './kept.ts'
import type { Breach } from './shown-entry.ts'
import { Tally } from './tally.ts'

export type { Breach } from './shown-entry.ts'

/**
 * One exchange, as it was: references to what the pipeline had in hand anyway. Whoever reads the journal pays for what an
 * entry looks like (entry.ts), not the request: nothing is drawn up or masked when an exchange is recorded.
 */
export interface Recorded {
  /** Counts up from 1 in each sandbox. */
  readonly id: number
  readonly sandbox: string
  /** The world's time at which it began. */
  readonly at: Millis
  /** Counts up over all sandboxes: which exchange is older. */
  readonly order: number
  /** How long the answer took, in whole microseconds of the machine's time. */
  readonly micros: number
  readonly method: string
  /** Where the client saw the server. */
  readonly front: Front
  /** What stood in the request line: with query and the sandbox's prefix. */
  readonly target: string
  /** Without query and without the sandbox's prefix. */
  readonly path: string
  readonly rawQuery: string
  /** Undefined where no operation answers the route. */
  readonly operation: string | undefined
  readonly status: number
  /** How a switch kept the answer from arriving: what is said of it is what would have come. */
  readonly fault: Fault | undefined
  readonly requestBreaches: readonly Breach[]
  readonly responseBreaches: readonly Breach[]
  /** The switches that met the call. */
  readonly switches: readonly { readonly name: string }[]
  /** Unknown query parameters: noted, never refused. */
  readonly noted: readonly string[]
  /** Names and values in turn, as they were sent. */
  readonly requestHeaders: readonly string[]
  /** Of the request's body, with parameters. */
  readonly requestType: string | undefined
  /** As the client sent it, whatever switches made of it. */
  readonly requestBody: string
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly cookies: readonly SetCookie[]
  /** The same as a server behind wrote them, where this one only passed them on. */
  readonly cookieLines: readonly string[] | undefined
  /** How much later the answer was sent, by the world's time, which `Date` and the cookies' `Expires` show. */
  readonly sentAfter: Millis
  readonly responseBody: string
  /** The state of the flow that was answered. */
  readonly flowState: string | undefined
}

/** What was called and answered in one sandbox: a ring in memory, so that a long run costs no more than a short one. */
export class Journal {
  #capacity: number
  readonly #journals: Journals
  #entries: (Kept | undefined)[] = []
  /** Where the oldest entry is; what lies before it is forgotten. */
  #first = 0
  #lastId = 0
  /** What was exercised, by exchanges too that made room or were cleared. */
  readonly exercised = new Tally()
  #forgotten = 0

  /**
   * @param capacity how many exchanges are kept; the oldest make room
   * @param journals all of the server's, which have one bound of memory in common
   */
  constructor(capacity: number, journals: Journals) {
    this.#capacity = capacity
    this.#journals = journals
  }

  /** Whether anybody wants to know of exchanges. */
  get isOn(): boolean {
    return this.#capacity > 0 || this.#journals.isHeard
  }

  /** The id of the exchange that is recorded next. */
  nextId(): number {
    return ++this.#lastId
  }

  record(entry: Recorded): void {
    if (this.#capacity > 0) {
      if (hasArrived(entry)) this.exercised.noteRecorded(entry)
      if (this.#entries.length - this.#first >= this.#capacity) this.forgetOldest()
      this.#entries.push(this.#journals.keep(entry))
      this.#journals.makeRoom()
    }
    if (this.#journals.isHeard) this.#journals.tell(entry)
  }

  /** All kept entries, oldest first. */
  entries(): readonly Recorded[] {
    return this.kept().map((kept) => this.#journals.read(kept))
  }

  /** The same as they are kept. */
  kept(): readonly Kept[] {
    return this.#entries.slice(this.#first) as Kept[]
  }

  /** How many exchanges have made room since the journal was emptied. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** Makes room. */
  forgetOldest(): void {
    const oldest = this.#entries[this.#first]
    if (!oldest) return
    this.#journals.release(oldest)
    this.#entries[this.#first++] = undefined
    this.#forgotten++
    if (this.#first <= this.#capacity) return
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }

  clear(): void {
    for (const kept of this.kept()) this.#journals.release(kept)
    this.#entries = []
    this.#first = 0
    this.#forgotten = 0
  }

  /** The sandbox is no more. */
  close(): void {
    this.clear()
    // what is still being answered is kept nowhere
    this.#capacity = 0
    this.#journals.close(this)
  }
}
