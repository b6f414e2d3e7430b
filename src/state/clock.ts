/** Milliseconds since the Unix epoch, or a length of time in milliseconds. */
export type Millis = number

/**
 * The time of one world. Everything that asks "when" asks its world's clock, so that a test can stop it, set it and move
 * it without waiting.
 */
export class Clock {
  #offset: Millis = 0
  #frozenAt: Millis | undefined

  /** @param frozenAt where the clock stands still from the start; without it the clock runs with the machine's time. */
  constructor(frozenAt?: Millis) {
    this.#frozenAt = frozenAt
  }

  now(): Millis {
    return this.#frozenAt ?? Date.now() + this.#offset
  }

  get frozen(): boolean {
    return this.#frozenAt !== undefined
  }

  /** Puts the clock to `now`; a frozen clock stays frozen, a running one runs on from there. */
  set(now: Millis): void {
    if (this.#frozenAt === undefined) this.#offset = now - Date.now()
    else this.#frozenAt = now
  }

  advance(by: Millis): void {
    if (this.#frozenAt === undefined) this.#offset += by
    else this.#frozenAt += by
  }

  freeze(): void {
    this.#frozenAt ??= this.now()
  }

  unfreeze(): void {
    if (this.#frozenAt === undefined) return
    const now = this.#frozenAt
    this.#frozenAt = undefined
    this.set(now)
  }

  /** What `restore` needs to put the clock back where it was. */
  snapshot(): ClockState {
    return { offset: this.#offset, frozenAt: this.#frozenAt }
  }

  restore(state: ClockState): void {
    this.#offset = state.offset
    this.#frozenAt = state.frozenAt
  }
}

export interface ClockState {
  readonly offset: Millis
  readonly frozenAt: Millis | undefined
}

/**
 * An instant as the real servers write it: RFC 3339, UTC, without trailing zeros in the fraction
 * (`2022-07-27T12:00:00.12Z`, `2022-07-27T12:00:00Z`).
 */
export function instant(at: Millis): string {
  const date = new Date(at)
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${day}T${time}${fraction(date.getUTCMilliseconds())}Z`
}

const two = (figure: number): string => (figure < 10 ? `0${figure}` : `${figure}`)

function fraction(millis: number): string {
  return millis === 0 ? '' : `.${String(millis).padStart(3, '0').replace(/0+$/, '')}`
}
