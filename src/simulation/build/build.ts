import { parseDuration } from '../../config/duration.ts'
import { type Problem, ProblemError } from '../../config/problem.ts'
import type { Millis } from '../../state/clock.ts'
import type { Identity } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import type { When } from '../fixture.ts'

/** A world while it is being filled: where its records come from, and what is wrong with them. */
export class Build {
  readonly world: World
  readonly now: Millis
  /** Where addresses of flows begin; no slash at the end. */
  readonly publicUrl: string
  readonly problems: Problem[] = []
  /** E-mails, user names and ids, in lower case, of the identities built so far. */
  readonly #identities = new Map<string, Identity>()

  constructor(world: World, publicUrl: string) {
    this.world = world
    this.now = world.now()
    this.publicUrl = publicUrl
  }

  /** An instant, or a length of time from now. */
  at(when: When | undefined, otherwise: Millis): Millis {
    if (when === undefined) return otherwise
    const length = parseDuration(when)
    return length === undefined ? Date.parse(when) : Math.round(this.now + length)
  }

  problem(pointer: string, message: string, hint?: string): void {
    // Ory's validator says what is wrong with an address twice
    if (this.problems.some((known) => known.pointer === pointer && known.message === message)) return
    this.problems.push(hint === undefined ? { pointer, message } : { pointer, message, hint })
  }

  /** Runs what may be refused by a rule of Ory's; the refusal becomes a problem at `pointer`. */
  attempt<T>(pointer: string, run: () => T, hint?: string): T | undefined {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.problem(pointer, error.message, hint)
      return undefined
    }
  }

  knows(identity: Identity): void {
    const names = Object.values(identity.credentials).flatMap((credential) => credential?.identifiers ?? [])
    const addresses = [...identity.verifiable_addresses, ...identity.recovery_addresses].map(({ value }) => value)
    for (const name of [identity.id, ...names, ...addresses]) this.#identities.set(name.toLowerCase(), identity)
  }

  /** The identity that an e-mail, user name or id means. */
  identity(name: string, pointer: string): Identity | undefined {
    const found = this.#identities.get(name.trim().toLowerCase())
    if (!found) {
      const hint = 'Name one by its e-mail, user name or id.'
      this.problem(pointer, `no identity here is called ${JSON.stringify(name)}.`, hint)
    }
    return found
  }

  /** @throws ProblemError when anything was wrong */
  finish(): void {
    if (this.problems.length > 0) throw new ProblemError(this.problems)
  }
}
