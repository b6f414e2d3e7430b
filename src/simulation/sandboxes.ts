import { resolveSettings } from '../config/resolve.ts'
import type { Settings } from '../config/settings.ts'
import { forbidden } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { World } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import type { Journal } from '../verdict/journal.ts'
import type { Journals } from '../verdict/journals.ts'
import { Snapshots } from './snapshots.ts'
import { fillFromStart, type Start } from './start.ts'
import { WorldTemplate } from './world-template.ts'

/** A named world, with what is remembered about its use. */
export interface Sandbox {
  readonly name: string
  readonly world: World
  readonly journal: Journal
  readonly snapshots: Snapshots
  /** The worlds of all sandboxes. */
  readonly worlds: Worlds
  /** The world through which the sandbox was created, as the world of a project. */
  readonly maker: World | undefined
  /** What it was filled from, and a reset fills it from again. */
  start: Start
  /** The world as it was just after that. */
  filled: WorldTemplate
  /** The machine's time of its last request: idleness is nothing that a test's clock changes. */
  usedAt: Millis
}

export interface SandboxOptions {
  readonly start: Start
  /** Makes the world of a new sandbox, to be filled from `start`. */
  readonly makeWorld: (name: string) => World
  /** Makes the empty world of a created project. */
  readonly makeProjectWorld: (name: string, from: ProjectWorld) => World
  /** Names that nobody has used yet are refused. */
  readonly strict: boolean
  /** At most this many, `default` included. */
  readonly max: number
  /** Idle for so long, a sandbox is disposed of; `default` never is. */
  readonly ttl: Millis
  readonly journals: Journals
  /** How many snapshots each sandbox keeps. */
  readonly maxSnapshots: number
  readonly onNew: (name: string) => void
}

/** What the world of a created project is made from. */
export interface ProjectWorld {
  readonly maker: World
  readonly config: JsonObject
  readonly settings: Settings
}

/** Why a sandbox could not be had. */
export class SandboxRefused extends Error {}

export const DEFAULT_SANDBOX = 'default'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** All sandboxes of a server. Each request belongs to exactly one. */
export class Sandboxes {
  readonly #options: SandboxOptions
  readonly #byName = new Map<string, Sandbox>()
  readonly #worlds: Worlds = {
    get: (name) => this.#byName.get(name)?.world,
    make: (name, from) => this.#makeProject(name, from),
    end: (name) => this.dispose(name),
  }
  /** The names of those that are worlds of projects. */
  readonly #projects = new Set<string>()
  /** What new sandboxes are copies of. */
  #model: WorldTemplate | undefined
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
    const sandbox = this.wake(name)
    this.#options.onNew(name)
    return { sandbox, isNew: true }
  }

  /**
   * A sandbox that was there before the server started; made from the start until it is filled.
   * @throws SandboxRefused when there may be no more
   */
  wake(name: string): Sandbox {
    const known = this.#byName.get(name)
    if (known) return known
    if (this.#byName.size >= this.#options.max) throw new SandboxRefused(this.#full())
    return this.#make(name)
  }

  /** The same of a project. @throws SandboxRefused */
  wakeProject(name: string, maker: World, config: JsonObject): Sandbox {
    if (this.#byName.size >= this.#options.max) throw new SandboxRefused(this.#full())
    return this.#newProject(name, { maker, config, settings: resolveSettings(config) })
  }

  get(name: string): Sandbox | undefined {
    return this.#byName.get(name)
  }

  /** All that are left when the idle ones are gone. */
  list(): readonly Sandbox[] {
    this.#disposeIdle(Date.now())
    return [...this.#byName.values()]
  }

  /**
   * Ends a sandbox, and the projects created through it with it; `default` is made anew. Answers whether there was one.
   */
  dispose(name: string): boolean {
    const gone = this.#byName.get(name)
    gone?.journal.close()
    this.#byName.delete(name)
    this.#projects.delete(name)
    if (name === DEFAULT_SANDBOX) this.#make(name)
    if (gone) for (const each of [...this.#projects]) if (this.get(each)?.maker === gone.world) this.dispose(each)
    return gone !== undefined
  }

  #make(name: string): Sandbox {
    const world = this.#options.makeWorld(name)
    const { start } = this.#options
    if (!this.#model?.copyInto(world)) fillFromStart(world, start, this.#worlds)
    const sandbox = this.#keep(name, world, start, undefined)
    this.#model ??= sandbox.filled
    return sandbox
  }

  /** @throws OryError 403 when there may be no more sandboxes */
  #makeProject(name: string, from: ProjectWorld): World {
    this.#disposeIdle(Date.now())
    if (this.#byName.size >= this.#options.max) throw forbidden(this.#full())
    return this.#newProject(name, from).world
  }

  #newProject(name: string, from: ProjectWorld): Sandbox {
    const start = { config: from.config, fixture: {} }
    return this.#keep(name, this.#options.makeProjectWorld(name, from), start, from.maker)
  }

  #keep(name: string, world: World, start: Start, maker: World | undefined): Sandbox {
    const journal = this.#options.journals.open()
    const filled = new WorldTemplate(world, start)
    const snapshots = new Snapshots(this.#options.maxSnapshots)
    const [worlds, usedAt] = [this.#worlds, Date.now()]
    const sandbox: Sandbox = { name, world, journal, snapshots, worlds, maker, start, filled, usedAt }
    this.#byName.set(name, sandbox)
    if (maker) this.#projects.add(name)
    return sandbox
  }

  #full(): string {
    return `There are ${this.#options.max} sandboxes already. Dispose of some (DELETE /__mock/sandboxes/{name}) or raise --max-sandboxes.`
  }

  /** Looks for idle sandboxes when a new one or the list is wanted, at most once in a thousandth of the allowed idle time. */
  #disposeIdle(now: Millis): void {
    if (now - this.#sweptAt < this.#options.ttl / 1000) return
    this.#sweptAt = now
    for (const sandbox of this.#byName.values()) {
      if (sandbox.name === DEFAULT_SANDBOX || isKept(sandbox)) continue
      if (now - sandbox.usedAt > this.#options.ttl) this.dispose(sandbox.name)
    }
  }
}

/** Fills a sandbox from another start; a later reset comes back to it. @throws ProblemError; nothing is changed then */
export function startSandbox(sandbox: Sandbox, start: Start): void {
  const { world, worlds } = sandbox
  fillFromStart(world, start, worlds)
  sandbox.start = start
  sandbox.filled = new WorldTemplate(world, start)
}

/** Back to what the sandbox started from; with a seed, the ids to come are the same again. */
export function resetSandbox(sandbox: Sandbox): void {
  const { world, worlds, start, filled } = sandbox
  if (filled.restore(world, worlds)) return
  world.chance.restore({ block: 0, used: 0 })
  startSandbox(sandbox, start)
}

/** A project lives as long as the world that created it knows it, idle or not. */
function isKept({ maker, world }: Sandbox): boolean {
  return maker?.createdProjects.get(world.project?.id ?? '') !== undefined
}
