import { isJsonObject, type JsonObject } from '../json.ts'
import { instant, type Millis } from '../state/clock.ts'
import { World, type WorldSnapshot } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import { applyFixture } from './build-world.ts'
import { exportState } from './export-state.ts'
import type { Fixture } from './fixture.ts'
import { moved } from './moved-snapshot.ts'

/*
 * Snapshots: what a sandbox held, kept under a name to come back to. The journal is no part of it, nor are the snapshots.
 */

/** What a world held, with the worlds of the projects that were created through it. */
export interface Snapshot {
  /** The world's time at which it was taken. */
  readonly takenAt: Millis
  readonly world: WorldSnapshot
  readonly projects: readonly Snapshot[]
}

/** Why a snapshot could not be kept or restored, in a sentence. */
export class SnapshotRefused extends Error {}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/

/** The snapshots of one sandbox, by name. */
export class Snapshots {
  readonly #max: number
  readonly #byName = new Map<string, Snapshot>()
  #revision = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  get(name: string): Snapshot | undefined {
    return this.#byName.get(name)
  }

  entries(): IterableIterator<readonly [string, Snapshot]> {
    return this.#byName.entries()
  }

  /**
   * Whether one more may be kept under that name.
   * @throws SnapshotRefused
   */
  check(name: string): void {
    if (!NAME.test(name)) {
      throw new SnapshotRefused(
        'The name of a snapshot has 1 to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit.',
      )
    }
    if (this.#byName.has(name) || this.#byName.size < this.#max) return
    throw new SnapshotRefused(
      `There are ${this.#max} snapshots already. Delete some (DELETE /__mock/snapshots/{name}) or raise --max-snapshots.`,
    )
  }

  /** @throws SnapshotRefused when the name is none, or there are too many */
  keep(name: string, snapshot: Snapshot): void {
    this.check(name)
    this.#byName.set(name, snapshot)
    this.#revision++
  }

  delete(name: string): boolean {
    this.#revision++
    return this.#byName.delete(name)
  }
}

/** It shares the records, so it costs a list of references. */
export function takeSnapshot(world: World, worlds: Worlds): Snapshot {
  const projects = [...world.createdProjects.values()].flatMap(({ id, slug }) => {
    const other = worlds.get(slug)
    return other?.project?.id === id ? [takeSnapshot(other, worlds)] : []
  })
  return { takenAt: world.now(), world: world.snapshot(), projects }
}

/**
 * Puts a sandbox back to what it held. Where its clock stood still, it stands there again; where it ran, it runs on, and
 * every time moves along: what was five minutes old is five minutes old.
 * @throws SnapshotRefused when a project's name is taken by now; nothing is changed then
 */
export function restoreSnapshot(world: World, worlds: Worlds, snapshot: Snapshot): void {
  checkSlugs(world, worlds, snapshot)
  restore(world, worlds, snapshot)
}

function checkSlugs(world: World, worlds: Worlds, { projects }: Snapshot): void {
  const own = new Set([...world.createdProjects.values()].map(({ slug }) => slug))
  for (const { world: project } of projects) {
    const slug = project.project?.slug ?? ''
    if (worlds.get(slug) === undefined || own.has(slug)) continue
    throw new SnapshotRefused(`A project of this snapshot is called "${slug}", and so is another sandbox by now.`)
  }
}

function restore(world: World, worlds: Worlds, { takenAt, world: held, projects }: Snapshot): void {
  for (const { slug } of world.createdProjects.snapshot()) worlds.end(slug)
  const { clock } = held
  const by = clock.frozenAt === undefined ? Date.now() + clock.offset - takenAt : 0
  world.restore(by === 0 ? held : moved(held, by))
  for (const project of projects) {
    const { config, settings, project: named } = project.world
    restore(worlds.make(named?.slug ?? '', { maker: world, config, settings }), worlds, project)
  }
}

/**
 * A snapshot as a fixture, with the time at which it was taken.
 * @param owner the world that it is of
 */
export function exportSnapshot(owner: World, { takenAt, world: held, projects }: Snapshot): JsonObject {
  const world = blank(owner)
  world.restore(held)
  return {
    ...exportState(world),
    clock: { now: instant(takenAt), frozen: held.clock.frozenAt !== undefined },
    projects: projects.map((project) => {
      const { project: named, ...state } = exportSnapshot(owner, project)
      return { ...(isJsonObject(named) ? named : {}), world: state }
    }),
  }
}

/**
 * A snapshot of the world that a fixture describes.
 * @param owner the world that it will be of
 * @throws ProblemError with JSON pointers into the fixture
 */
export function importSnapshot(owner: World, fixture: Fixture, startConfig: JsonObject): Snapshot {
  const worlds = new LooseWorlds()
  const world = blank(owner)
  applyFixture(world, fixture, { startConfig, worlds })
  return takeSnapshot(world, worlds)
}

function blank({ name, projectName, config, settings, seed, limits }: World): World {
  return new World({ name, projectName, config, settings, seed, limits })
}

/** Worlds that no request reaches. */
class LooseWorlds implements Worlds {
  readonly #byName = new Map<string, World>()

  get(name: string): World | undefined {
    return this.#byName.get(name)
  }

  make(name: string, { maker, config, settings }: Parameters<Worlds['make']>[1]): World {
    const world = new World({ name, config, settings, seed: maker.seed, limits: maker.limits })
    world.clock.restore(maker.clock.snapshot())
    this.#byName.set(name, world)
    return world
  }

  end(name: string): void {
    this.#byName.delete(name)
  }
}
