import { Journal, type Recorded } from './journal.ts'
import { Tally } from './tally.ts'

export interface JournalBounds {
  /** How many exchanges each journal keeps. */
  readonly size: number
  /** How much memory the entries of all journals take together, in bytes, as estimated. */
  readonly bytes: number
}

/** Told about every exchange of every sandbox, after its answer was sent. It must be quick. */
export type JournalListener = (entry: Recorded) => void

/** What an entry takes beside the texts that it refers to. */
const ENTRY = 1_000
/** What a text takes beside its characters. */
const TEXT = 20
/** So much of the allowed memory is left when room was made, so that it is not made again at once. */
const LEFT = 0.9

/**
 * All journals of a server, and what they have in common. When together they grow beyond the allowed memory, the oldest
 * exchanges make room, whatever sandbox they are of, so that many sandboxes cost no more than one.
 */
export class Journals {
  readonly #bounds: JournalBounds
  readonly #listeners: JournalListener[] = []
  readonly #open = new Set<Journal>()
  /** Of sandboxes that are no more. */
  readonly #gone = new Tally()
  #bytes = 0
  #order = 0

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds
  }

  /** The journal of a new sandbox. */
  open(): Journal {
    const journal = new Journal(this.#bounds.size, this)
    this.#open.add(journal)
    return journal
  }

  close(journal: Journal): void {
    this.#gone.add(journal.exercised())
    this.#open.delete(journal)
  }

  /** What all sandboxes together exercised since the server started, those that are gone too. */
  exercised(): Tally {
    const all = new Tally()
    all.add(this.#gone)
    for (const journal of this.#open) all.add(journal.exercised())
    return all
  }

  forgetExercised(): void {
    this.#gone.clear()
    for (const journal of this.#open) journal.forgetExercised()
  }

  listen(listener: JournalListener): void {
    this.#listeners.push(listener)
  }

  get isHeard(): boolean {
    return this.#listeners.length > 0
  }

  tell(entry: Recorded): void {
    for (const listener of this.#listeners) listener(entry)
  }

  /** The place of the next exchange in the order of all. */
  next(): number {
    return ++this.#order
  }

  /** A journal keeps an entry of that size from now on. */
  hold(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#bounds.bytes) this.#makeRoom()
  }

  /** A journal keeps an entry of that size no longer. */
  release(bytes: number): void {
    this.#bytes -= bytes
  }

  /** Seldom, and then much at once: whoever makes room looks at everything. */
  #makeRoom(): void {
    const entries = [...this.#open].flatMap((journal) => journal.entries())
    let excess = this.#bytes - this.#bounds.bytes * LEFT
    let until = Number.NEGATIVE_INFINITY
    for (const entry of entries.sort((one, other) => one.order - other.order)) {
      if (excess <= 0) break
      excess -= bytesOf(entry)
      until = entry.order
    }
    for (const journal of this.#open) journal.forgetUntil(until)
  }
}

/** What an entry takes in memory, about. */
export function bytesOf({ requestHeaders, requestBody, responseBody, target }: Recorded): number {
  let bytes = ENTRY + target.length + requestBody.length + responseBody.length
  for (const text of requestHeaders) bytes += TEXT + text.length
  return bytes
}
