import { Journal, type Recorded } from './journal.ts'
import { Kept } from './kept.ts'
import { Tally } from './tally.ts'
import { TextStore } from './text-store.ts'

export interface JournalBounds {
  /** How many exchanges each journal keeps. */
  readonly size: number
  /** How much memory the entries of all journals take together, in bytes, as estimated. */
  readonly bytes: number
}

/** Told about every exchange of every sandbox, after its answer was sent. It must be quick. */
export type JournalListener = (entry: Recorded) => void

/** What an entry takes beside the texts of its request and the body of its answer, about. */
const ENTRY = 700
/** So many wait at most to be filled again. */
const SPARE = 10
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
  readonly #texts: TextStore
  #kept = 0
  /** Of exchanges that made room, to be filled again. */
  readonly #spare: Kept[] = []
  #order = 0

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds
    this.#texts = new TextStore(bounds.bytes)
  }

  /** The journal of a new sandbox. */
  open(): Journal {
    const journal = new Journal(this.#bounds.size, this)
    this.#open.add(journal)
    return journal
  }

  close(journal: Journal): void {
    this.#gone.add(journal.exercised)
    this.#open.delete(journal)
  }

  /** What all sandboxes together exercised since the server started, those that are gone too. */
  exercised(): Tally {
    const all = new Tally()
    all.add(this.#gone)
    for (const journal of this.#open) all.add(journal.exercised)
    return all
  }

  forgetExercised(): void {
    this.#gone.clear()
    for (const journal of this.#open) journal.exercised.clear()
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

  /** Puts an exchange of a journal away. */
  keep(entry: Recorded): Kept {
    this.#kept++
    return (this.#spare.pop() ?? new Kept()).fill(entry, this.#texts)
  }

  /** What was put away and not released. */
  read(kept: Kept): Recorded {
    return kept.read(this.#texts)
  }

  /** A journal needs it no longer. */
  release(kept: Kept): void {
    this.#kept--
    kept.release(this.#texts)
    if (this.#spare.length < SPARE) this.#spare.push(kept)
  }

  get #bytes(): number {
    return this.#texts.bytes + this.#kept * ENTRY
  }

  /** Forgets the oldest where all take too much. Seldom, and then much at once: it looks at everything. */
  makeRoom(): void {
    const { bytes } = this.#bounds
    if (this.#bytes <= bytes) return
    const oldest = [...this.#open]
      .flatMap((journal) => journal.kept().map(({ order }) => ({ order, journal })))
      .sort((one, other) => one.order - other.order)
    for (const { journal } of oldest) {
      if (this.#bytes <= bytes * LEFT) break
      journal.forgetOldest()
    }
  }
}
