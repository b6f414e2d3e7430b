import type { Millis } from '../state/clock.ts'
import type { World } from '../state/world.ts'
import { Journal } from './journal.ts'

/** A named world, with what is remembered about its use. */
export interface Sandbox {
  readonly name: string
  readonly world: World
  readonly journal: Journal
  /** The machine's time of its last request: idleness is nothing that a test's clock changes. */
  usedAt: Millis
}

export interface SandboxOptions {
  /** Makes the world of a new sandbox, filled from the start fixture. */
  readonly makeWorld: (name: string) => World
  /** Names that nobody has used yet are refused. */
  readonly strict: boolean
  /** At most this many, `default` included. */
  readonly max: number
  /** Idle for so long, a sandbox is disposed of; `default` never is. */
  readonly ttl: Millis
  /** How many exchanges each journal keeps. */
  readonly journalSize: number
  readonly onNew: (name: string) => void
}

/** Why a sandbox could not be had. */
export class SandboxRefused extends Error {}

export const DEFAULT_SANDBOX = 'default'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** All sandboxes of a server. Each request belongs to exactly one. */
export class Sandboxes {
  readonly #options: SandboxOptions
  readonly #byName = new Map<string, Sandbox>()
  #sweptAt = 0

  constructor(options: SandboxOptions) {
    this.#options = options
    this.#make(DEFAULT_SANDBOX)
  }

  /**
   * The sandbox of that name; made when it is new.
   * @throws SandboxRefused with a sentence for the caller
   */
  enter(name: string): { sandbox: Sandbox; isNew: boolean } {
    const now = Date.now()
    const known = this.#byName.get(name)
    if (known) {
      known.usedAt = now
      return { sandbox: known, isNew: false }
    }
    if (!NAME.test(name)) {
      throw new SandboxRefused(
        'A sandbox name has 1 to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit.',
      )
    }
    if (this.#options.strict) {
      throw new SandboxRefused(`There is no sandbox "${name}", and --strict-sandboxes makes no new ones.`)
    }
    this.#disposeIdle(now)
    if (this.#byName.size >= this.#options.max) {
      throw new SandboxRefused(
        `There are ${this.#options.max} sandboxes already. Dispose of some (DELETE /__mock/sandboxes/{name}) or raise --max-sandboxes.`,
      )
    }
    this.#options.onNew(name)
    return { sandbox: this.#make(name), isNew: true }
  }

  get(name: string): Sandbox | undefined {
    return this.#byName.get(name)
  }

  list(): readonly Sandbox[] {
    return [...this.#byName.values()]
  }

  /** Ends a sandbox; `default` is made anew. Answers whether there was one. */
  dispose(name: string): boolean {
    const gone = this.#byName.delete(name)
    if (name === DEFAULT_SANDBOX) this.#make(name)
    return gone
  }

  #make(name: string): Sandbox {
    const journal = new Journal(this.#options.journalSize)
    const sandbox = { name, world: this.#options.makeWorld(name), journal, usedAt: Date.now() }
    this.#byName.set(name, sandbox)
    return sandbox
  }

  /** Looks for idle sandboxes when a new one is wanted, at most once in a thousandth of the allowed idle time. */
  #disposeIdle(now: Millis): void {
    if (now - this.#sweptAt < this.#options.ttl / 1000) return
    this.#sweptAt = now
    for (const { name, usedAt } of this.list()) {
      if (name !== DEFAULT_SANDBOX && now - usedAt > this.#options.ttl) this.#byName.delete(name)
    }
  }
}
