import { isJsonObject, type JsonObject } from '../../json.ts'
import type { ClockState, Millis } from '../../state/clock.ts'
import { World } from '../../state/world.ts'
import { NO_WORLDS, type Worlds } from '../../state/worlds.ts'
import { applyFixture } from '../build-world.ts'
import { exportState } from '../export-state.ts'
import { readFixture } from '../load-fixture.ts'
import type { Sandbox } from '../sandboxes.ts'
import type { Snapshot } from '../snapshots.ts'
import type { Start } from '../start.ts'

/*
 * Sandboxes as a data file keeps them: each world by itself as a fixture, the worlds of projects beside their maker's. A
 * clock is kept by its distance from the machine's, so that it goes on while the server is down.
 */

/** Of a world, without the worlds of its projects. */
export interface KeptWorld {
  readonly clock: { readonly offset: Millis; readonly frozen_at?: Millis }
  /** A fixture; without `whole_config` the configuration is the server's. */
  readonly state: JsonObject
}

export interface KeptSandbox extends KeptWorld {
  readonly name: string
  /** The sandbox through which it was created, as the world of a project. */
  readonly maker?: string
  /** The scenario that it was put in while the server ran. */
  readonly scenario?: string
  readonly snapshots: readonly KeptSnapshot[]
}

export interface KeptSnapshot extends KeptProject {
  readonly name: string
}

interface KeptProject extends KeptWorld {
  readonly taken_at: Millis
  readonly projects: readonly KeptProject[]
}

/** The JSON of snapshots that were written before; they never change. */
export type Written = WeakMap<Snapshot, string>

/**
 * A sandbox as JSON.
 * @param maker the name of the sandbox that it is a project of
 * @param server what the server started with, which need not be repeated
 */
export function writeSandbox(sandbox: Sandbox, maker: string | undefined, server: Start, written: Written): string {
  const { name, world, start } = sandbox
  const head = {
    name,
    ...(maker === undefined ? {} : { maker }),
    ...(start !== server && start.scenario ? { scenario: start.scenario.name } : {}),
    ...keep(world, server.config),
  }
  const snapshots = [...sandbox.snapshots.entries()].map(([key, snapshot]) => {
    const text = written.get(snapshot) ?? JSON.stringify(keepSnapshot(world, snapshot, server.config))
    written.set(snapshot, text)
    return `{"name":${JSON.stringify(key)},${text.slice(1)}`
  })
  return `${JSON.stringify(head).slice(0, -1)},"snapshots":[${snapshots.join(',')}]}`
}

function keep(world: World, serverConfig: JsonObject): KeptWorld {
  const { whole_config, projects: _, clock: __, ...state } = exportState(world)
  const { offset, frozenAt } = world.clock.snapshot()
  return {
    clock: { offset, ...(frozenAt === undefined ? {} : { frozen_at: frozenAt }) },
    state: world.config === serverConfig ? state : { ...state, ...(whole_config ? { whole_config } : {}) },
  }
}

function keepSnapshot(owner: World, { takenAt, world, projects }: Snapshot, serverConfig: JsonObject): KeptProject {
  const { name, projectName, seed, limits } = owner
  const blank = new World({ name, projectName, config: world.config, settings: world.settings, seed, limits })
  blank.restore(world)
  return {
    taken_at: takenAt,
    ...keep(blank, serverConfig),
    projects: projects.map((project) => keepSnapshot(owner, project, serverConfig)),
  }
}

/**
 * Fills a world with what was kept of it; the worlds of its projects come by themselves.
 * @param startConfig the configuration where none was kept
 * @throws ProblemError with JSON pointers into the kept state
 */
export function fillKept(world: World, kept: KeptWorld, startConfig: JsonObject, worlds: Worlds = NO_WORLDS): void {
  applyFixture(world, readFixture(kept.state), { startConfig, worlds })
  world.clock.restore(clockOf(kept))
}

/**
 * A snapshot that was kept.
 * @param owner the world that it is of
 * @throws ProblemError with JSON pointers into the kept state
 */
export function readSnapshot(owner: World, kept: Omit<KeptSnapshot, 'name'>, startConfig: JsonObject): Snapshot {
  const { name, projectName, config, settings, seed, limits } = owner
  const blank = new World({ name, projectName, config, settings, seed, limits })
  fillKept(blank, kept, startConfig)
  for (const { state } of kept.projects) {
    const { project } = state
    if (isJsonObject(project)) blank.createdProjects.save({ id: String(project['id']), slug: String(project['slug']) })
  }
  const projects = kept.projects.map((project) => readSnapshot(owner, project, startConfig))
  return { takenAt: kept.taken_at, world: blank.snapshot(), projects }
}

function clockOf({ clock: { offset, frozen_at } }: KeptWorld): ClockState {
  return { offset, frozenAt: frozen_at }
}
