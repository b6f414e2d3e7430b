import { type Exercise, exerciseOfRecorded, hasTrait, type Trait, traitOf } from './exercise.ts'
import type { Recorded } from './journal.ts'

/** So many kinds of exercise are told apart, so that clients that invent names do not fill the memory. */
const KINDS = 10_000

interface Counted {
  readonly exercise: Exercise
  calls: number
}

/** So many different calls of an operation are compared with. */
const ALIKE = 8

/** What was exercised and how often: exchanges that exercise the same are counted together. */
export class Tally {
  readonly #counted = new Map<string, Counted>()
  /** By operation, what its calls were like. */
  readonly #alike = new Map<string, { readonly trait: Trait; readonly counted: Counted }[]>()

  /** An exchange of a journal. Most are like another of their operation, and cost no more than to be compared with it. */
  noteRecorded(recorded: Recorded): void {
    const { operation } = recorded
    const known = operation === undefined ? undefined : this.#alike.get(operation)
    const found = known?.find(({ trait }) => hasTrait(recorded, trait))
    if (found) {
      found.counted.calls++
      return
    }
    const counted = this.note(exerciseOfRecorded(recorded))
    if (operation === undefined || !counted) return
    const trait = traitOf(recorded)
    if (!known) this.#alike.set(operation, [{ trait, counted }])
    else if (known.length < ALIKE) known.push({ trait, counted })
  }

  /** @returns with what it is counted; undefined when too much is told apart already */
  note(exercise: Exercise, calls = 1): Counted | undefined {
    const key = keyOf(exercise)
    const known = this.#counted.get(key)
    if (known) {
      known.calls += calls
      return known
    }
    if (this.#counted.size < KINDS) {
      const counted = { exercise, calls }
      this.#counted.set(key, counted)
      return counted
    }
    const bare = withoutNames(exercise)
    return exercise.operation !== undefined && key !== keyOf(bare) ? this.note(bare, calls) : undefined
  }

  add(other: Tally): void {
    for (const { exercise, calls } of other.counted()) this.note(exercise, calls)
  }

  /** In the order in which they were first seen. */
  counted(): Iterable<{ readonly exercise: Exercise; readonly calls: number }> {
    return this.#counted.values()
  }

  clear(): void {
    this.#counted.clear()
    this.#alike.clear()
  }
}

/** Which path an operation was called by makes no difference. */
function keyOf({ operation, method, path, status, requestType, responseType, branch, flowState, query }: Exercise) {
  const what = operation ?? `${method} ${path}`
  return `${what}\n${status}\n${requestType}\n${responseType}\n${branch}\n${flowState}\n${query.join()}`
}

/** Without what a client can call as it likes. */
const withoutNames = (exercise: Exercise): Exercise => ({ ...exercise, requestType: '', branch: '', query: [] })
