import { basename, dirname } from 'node:path'
import { demoConfig } from '../config/demo.ts'
import { loadConfig } from '../config/load.ts'
import { type Problem, ProblemError } from '../config/problem.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { SourceText } from '../config/source-text.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import { World } from '../state/world.ts'
import { applyFixture } from './build-world.ts'
import type { Fixture } from './fixture.ts'
import { generateIdentities } from './generate.ts'
import { checkFixtureSource } from './load-fixture.ts'
import { namedFiles, readNamedFile } from './named-files.ts'
import { checkScenarioSource, loadScenario } from './scenario.ts'
import { checkConfiguredSwitches } from './switches/thrown.ts'

export interface CheckOptions {
  /** Whose `fixtures/` and `scenarios/` names mean. */
  readonly directory?: string
  /** What fixtures must fit; by default the built-in project. */
  readonly config?: JsonObject
}

/** The fixtures and scenarios that can be named: what `ory-mock check` looks at when no file is given. */
export function checkableFiles(directory = '.'): string[] {
  return [...namedFiles('fixtures', directory), ...namedFiles('scenarios', directory)].map(({ file }) => file)
}

/**
 * Everything that is wrong with configurations, fixtures and scenarios, with file, line and column. Fixtures are tried on
 * a world: a session of nobody, two people with one e-mail, traits that break their schema are found too.
 */
export async function checkFiles(files: readonly string[], options: CheckOptions = {}): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const file of files) problems.push(...(await checkFile(file, options)))
  return problems
}

async function checkFile(file: string, options: CheckOptions): Promise<Problem[]> {
  const source = readNamedFile(file)
  if (source.value === undefined) return [...source.problems]
  switch (kindOf(source)) {
    case 'configuration':
      return checkConfiguration(source)
    case 'fixture': {
      const problems = checkFixtureSource(source)
      return problems.length > 0
        ? problems
        : source.locate(await tryFixture(source.value as unknown as Fixture, [], options))
    }
    case 'scenario': {
      const problems = checkScenarioSource(source, options.directory)
      return problems.length > 0 ? problems : source.locate(await tryScenario(file, options))
    }
  }
}

function checkConfiguration(source: SourceText): Problem[] {
  const { config, problems, locate } = loadConfig([source.file])
  return problems.length > 0 ? [...problems] : locate(checkConfiguredSwitches(config))
}

const OF_FIXTURES = ['identities', 'sessions', 'flows', 'relation_tuples', 'mails', 'errors', 'link_tokens', 'clock']
const OF_SCENARIOS = ['steps', 'story', 'fixture']

/** By the schema that the file names, else by its keys, else by its folder. */
function kindOf({ file, value }: SourceText): 'configuration' | 'fixture' | 'scenario' {
  const has = (keys: readonly string[]) => isJsonObject(value) && keys.some((key) => Object.hasOwn(value, key))
  const schema = isJsonObject(value) ? String(value['$schema'] ?? '') : ''
  if (schema.endsWith('scenario.schema.json')) return 'scenario'
  if (schema.endsWith('fixture.schema.json')) return 'fixture'
  if (has(OF_SCENARIOS)) return 'scenario'
  if (has(OF_FIXTURES)) return 'fixture'
  const folder = basename(dirname(file))
  if (folder === 'scenarios') return 'scenario'
  return folder === 'fixtures' ? 'fixture' : 'configuration'
}

async function tryScenario(file: string, options: CheckOptions): Promise<Problem[]> {
  const { scenario, fixture } = loadScenario(file, options.directory)
  const problems = await tryFixture(fixture, scenario.config === undefined ? [] : [scenario.config], options)
  return problems.map((problem) => ({
    ...problem,
    pointer: `/fixture${typeof scenario.fixture === 'object' ? problem.pointer : ''}`,
  }))
}

async function tryFixture(
  fixture: Fixture,
  patches: readonly JsonObject[],
  { config = demoConfig() }: CheckOptions,
): Promise<Problem[]> {
  const world = new World({ name: 'check', config, settings: resolveSettings(config) })
  try {
    const options = { startConfig: config, patches }
    applyFixture(world, await generateIdentities(fixture, options), options)
    return []
  } catch (error) {
    if (error instanceof ProblemError) return [...error.problems]
    throw error
  }
}
