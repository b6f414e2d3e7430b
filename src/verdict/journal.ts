import type { Front } from '../http/address.ts'
import type { SetCookie } from '../http/reply.ts'
import type { Fault } from '../http/send.ts'
import type { Millis } from '../state/clock.ts'
import { hasArrived } from './exercise.ts'
import { bytesOf, type Journals } from './journals.ts'
import type { Breach } from './shown-entry.ts'
import { Tally } from './tally.ts'

export type { Breach } from './shown-entry.ts'

/**
 * One exchange, as it was: references to what the pipeline had in hand anyway. Whoever reads the journal pays for what an
 * entry looks like (entry.ts), not the request: nothing is copied, parsed or masked when an exchange is recorded.
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
  #entries: (Recorded | undefined)[] = []
  /** How large each is: remembered, as looking at an old entry's texts again takes longer than all the rest. */
  #sizes: number[] = []
  /** Where the oldest entry is; what lies before it is forgotten. */
  #first = 0
  #lastId = 0
  /** What the exchanges up to `#talliedUpTo` exercised: they are looked at when they make room, or when somebody asks. */
  readonly #tally = new Tally()
  #talliedUpTo = 0
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
      const size = bytesOf(entry)
      this.#entries.push(entry)
      this.#sizes.push(size)
      if (this.#entries.length - this.#first > this.#capacity) this.#forgetOldest()
      this.#journals.hold(size)
    }
    if (this.#journals.isHeard) this.#journals.tell(entry)
  }

  /** All kept entries, oldest first. */
  entries(): readonly Recorded[] {
    return this.#entries.slice(this.#first) as Recorded[]
  }

  /** How many exchanges have made room since the journal was emptied. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** Makes room: forgets what is as old as that, or older. */
  forgetUntil(order: number): void {
    while ((this.#entries[this.#first]?.order ?? Number.POSITIVE_INFINITY) <= order) this.#forgetOldest()
  }

  /** What of the contract was exercised, by exchanges too that made room or were cleared. */
  exercised(): Tally {
    for (const entry of this.entries()) this.#count(entry)
    return this.#tally
  }

  /** From here on coverage is counted anew; the exchanges stay. */
  forgetExercised(): void {
    this.exercised().clear()
  }

  #count(entry: Recorded): void {
    if (entry.id <= this.#talliedUpTo) return
    this.#talliedUpTo = entry.id
    if (hasArrived(entry)) this.#tally.noteRecorded(entry)
  }

  clear(): void {
    this.exercised()
    for (const size of this.#sizes.slice(this.#first)) this.#journals.release(size)
    this.#entries = []
    this.#sizes = []
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

  #forgetOldest(): void {
    const oldest = this.#entries[this.#first]
    if (!oldest) return
    this.#count(oldest)
    this.#journals.release(this.#sizes[this.#first] ?? 0)
    this.#entries[this.#first++] = undefined
    this.#forgotten++
    if (this.#first <= this.#capacity) return
    this.#entries = this.#entries.slice(this.#first)
    this.#sizes = this.#sizes.slice(this.#first)
    this.#first = 0
  }
}
