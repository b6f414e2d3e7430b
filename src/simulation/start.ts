import { type Problem, ProblemError } from '../config/problem.ts'
import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { SwitchRequest } from '../state/thrown-switch.ts'
import type { World } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import { applyFixture } from './build-world.ts'
import type { ClockSetting, Fixture } from './fixture.ts'
import { generateIdentities } from './generate.ts'
import { loadFixture } from './load-fixture.ts'
import { type LoadedScenario, loadScenario } from './scenario.ts'
import { asRequest, checkSwitches, throwConfigured, throwSwitch } from './switches/thrown.ts'

/** What a world is filled from when it is made and when it is reset. */
export interface Start {
  /** The server's configuration, which fixture and scenario change. */
  readonly config: JsonObject
  /** Its generated identities are made already. */
  readonly fixture: Fixture
  readonly scenario?: {
    readonly name: string
    readonly title: string
    readonly config: JsonObject
    readonly switches: readonly (string | SwitchRequest)[]
  }
  readonly clock?: ClockSetting
  /** Where in its file what is wrong with the fixture stands. */
  readonly locate?: Locate
}

type Locate = (problems: readonly Problem[]) => readonly Problem[]

export interface StartOptions {
  readonly config: JsonObject
  /** A name or a file, or a fixture itself; `empty` when absent. */
  readonly fixture?: string | Fixture | undefined
  /** A name or a file. Its fixture counts when none is given. */
  readonly scenario?: string | undefined
  /** Where the clock stands still. */
  readonly clock?: Millis | undefined
}

/**
 * Reads fixture and scenario.
 * @throws ProblemError with file, line and column
 */
export async function prepareStart({ config, fixture, scenario, clock }: StartOptions): Promise<Start> {
  const loaded = scenario === undefined ? undefined : loadScenario(scenario)
  const chosen = chooseFixture(fixture, loaded)
  const patches = loaded?.scenario.config === undefined ? [] : [loaded.scenario.config]
  const at: ClockSetting | undefined = clock === undefined ? loaded?.scenario.clock : new Date(clock).toISOString()
  const { locate } = chosen
  const generated = await generateIdentities(chosen.fixture, { startConfig: config, patches }).catch(placing(locate))
  return {
    config,
    fixture: generated,
    locate,
    ...(loaded ? { scenario: scenarioOf(loaded) } : {}),
    ...(at === undefined ? {} : { clock: at }),
  }
}

interface Chosen {
  readonly fixture: Fixture
  readonly locate: Locate
}

function chooseFixture(fixture: string | Fixture | undefined, loaded: LoadedScenario | undefined): Chosen {
  if (typeof fixture === 'string') return loadFixture(fixture)
  if (fixture) return { fixture, locate: (problems) => problems }
  return loaded ?? loadFixture('empty')
}

/** Throws on what was thrown, its problems with their places. */
function placing(locate: Locate): (error: unknown) => never {
  return (error) => {
    throw error instanceof ProblemError ? new ProblemError(locate(error.problems)) : error
  }
}

function scenarioOf({ name, scenario }: LoadedScenario): NonNullable<Start['scenario']> {
  const { title, config = {}, switches = [] } = scenario
  return { name, title, config, switches }
}

/**
 * Fills a world from its start; what it held is gone.
 * @param worlds where the projects of the fixture get their worlds
 * @throws ProblemError with the places of what is wrong with the fixture
 */
export function fillFromStart(world: World, start: Start, worlds: Worlds): void {
  const { config, fixture, scenario, clock, locate = (problems) => problems } = start
  const patches = scenario ? [scenario.config] : []
  try {
    applyFixture(world, fixture, { startConfig: config, patches, clock, worlds })
  } catch (error) {
    placing(locate)(error)
  }
  throwSwitches(world, start)
}

/** Throws the switches that configuration and scenario name. @throws ProblemError with pointers into them */
export function throwSwitches(world: World, { scenario }: Start): void {
  throwConfigured(world)
  const { switches = [] } = scenario ?? {}
  const problems = checkSwitches(switches, '/switches')
  if (problems.length > 0) throw new ProblemError(problems)
  for (const entry of switches) throwSwitch(world, asRequest(entry), 'scenario')
}
