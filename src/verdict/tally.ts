import type { Exercise } from './exercise.ts'

/** So many kinds of exercise are told apart, so that clients that invent names do not fill the memory. */
const KINDS = 10_000

/** What was exercised and how often: exchanges that exercise the same are counted together. */
export class Tally {
  readonly #counted = new Map<string, { readonly exercise: Exercise; calls: number }>()

  note(exercise: Exercise, calls = 1): void {
    const key = keyOf(exercise)
    const known = this.#counted.get(key)
    if (known) known.calls += calls
    else if (this.#counted.size < KINDS) this.#counted.set(key, { exercise, calls })
    else if (exercise.operation !== undefined && key !== keyOf(withoutNames(exercise)))
      this.note(withoutNames(exercise), calls)
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
  }
}

/** Which path an operation was called by makes no difference. */
function keyOf({ operation, method, path, status, requestType, responseType, branch, flowState, query }: Exercise) {
  const what = operation ?? `${method} ${path}`
  return `${what}\n${status}\n${requestType}\n${responseType}\n${branch}\n${flowState}\n${query.join()}`
}

/** Without what a client can call as it likes. */
const withoutNames = (exercise: Exercise): Exercise => ({ ...exercise, requestType: '', branch: '', query: [] })
