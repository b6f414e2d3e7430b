import { readFileSync } from 'node:fs'

import { type Problem, ProblemError, under } from '../config/problem.ts'
import { SchemaChecker } from '../config/schema-checker.ts'
import type { SourceText } from '../config/source-text.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { SwitchRequest } from '../state/thrown-switch.ts'
import { checkStep } from './check-step.ts'
import type { ClockSetting, Fixture } from './fixture.ts'
import { checkFixture, checkPatch, loadFixture } from './load-fixture.ts'
import { findNamedFile, isOurs, namedFiles, readNamedFile } from './named-files.ts'
import { checkSwitches } from './switches/thrown.ts'

/**
 * A situation by name: what the world holds, how it is configured, where its clock stands, and steps whose expected
 * answers prove it. The form of the files under `scenarios/`; `scenario.schema.json` describes it for editors.
 */
export interface Scenario {
  readonly title: string
  readonly story: string
  /** A name, a path, or a fixture itself; `empty` when left out. */
  readonly fixture?: string | Fixture
  /** A merge patch over the server's configuration. */
  readonly config?: JsonObject
  readonly clock?: ClockSetting
  /** Switches that are thrown: by name, or with what narrows them. */
  readonly switches?: readonly (string | SwitchRequest)[]
  readonly steps: readonly Step[]
}

export interface Step {
  readonly title?: string
  /** A Go duration: moves the clock; such a step has nothing else. */
  readonly advance?: string
  /** Throws a switch, by name or with what narrows it; such a step has nothing else. */
  readonly throw?: string | SwitchRequest
  /** Clears all switches; such a step has nothing else. */
  readonly clear?: true
  /** Each name is a browser with cookies of its own; without one it is a native app, which keeps none. */
  readonly as?: string
  readonly request?: StepRequest
  readonly expect?: Expectation
  /** Name → JSON pointer, `node:NAME`, `header:NAME`, `location:NAME` or `cookie:NAME`. */
  readonly save?: Readonly<Record<string, string>>
}

export interface StepRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
}

export interface Expectation {
  /** One, or those that it may be: the dialects differ in a few. */
  readonly status: number | readonly number[]
  /** `null`: must be absent. `set-cookie` is all of them, one a line. */
  readonly headers?: Readonly<Record<string, string | null | { readonly matches: string }>>
  /** By JSON pointer: the value, or `{matches}` with a regular expression. */
  readonly body?: JsonObject
  readonly absent?: readonly string[]
  /** The body as it is, for what is no JSON. */
  readonly text?: string | { readonly matches: string }
  readonly messages?: readonly number[]
}

/** A scenario that has no problems, with the fixture that it begins with. */
export interface LoadedScenario {
  readonly name: string
  readonly file: string
  readonly scenario: Scenario
  readonly fixture: Fixture
  /** Problems of the fixture that show only when a world is filled, with file, line and column. */
  readonly locate: (problems: readonly Problem[]) => Problem[]
}

const checker = new SchemaChecker(
  JSON.parse(readFileSync(new URL('../../scenarios/scenario.schema.json', import.meta.url), 'utf8')),
)

/**
 * The scenario of that name or file, with its fixture.
 * @param directory whose `scenarios/` and `fixtures/` come before ours
 * @throws ProblemError with file, line and column
 */
export function loadScenario(nameOrPath: string, directory = '.'): LoadedScenario {
  const file = findNamedFile('scenarios', nameOrPath, directory)
  const source = readNamedFile(file)
  const problems = isOurs('scenarios', file) ? source.problems : checkScenarioSource(source, directory)
  if (problems.length > 0) throw new ProblemError(problems)
  const scenario = source.value as unknown as Scenario
  const { fixture = 'empty' } = scenario
  if (typeof fixture !== 'string') {
    return {
      name: nameOrPath,
      file,
      scenario,
      fixture,
      locate: (problems) => source.locate(under('/fixture', problems)),
    }
  }
  return { ...loadFixture(fixture, directory), name: nameOrPath, file, scenario }
}

/** The scenarios that can be named, as their files describe them; whether they are fit for use is not looked at. */
export function describeScenarios(directory = '.'): { name: string; title: string; story: string }[] {
  return namedFiles('scenarios', directory).map(({ name, file }) => {
    const { value } = readNamedFile(file)
    const { title = name, story = '' } = isJsonObject(value) ? value : {}
    return { name, title: String(title), story: String(story) }
  })
}

/** Everything that is wrong with a scenario file, with line and column. */
export function checkScenarioSource(source: SourceText, directory = '.'): Problem[] {
  if (source.value === undefined) return [...source.problems]
  return source.locate(checkScenario(source.value, directory))
}

function checkScenario(value: Json, directory: string): Problem[] {
  const problems = checker.check(value)
  if (problems.length > 0 || !isJsonObject(value)) return problems
  const scenario = value as unknown as Scenario
  return [
    ...under('/config', checkPatch(scenario.config ?? {})),
    ...checkSwitches(scenario.switches ?? [], '/switches'),
    ...checkItsFixture(scenario, value, directory),
    ...scenario.steps.flatMap(checkStep),
  ]
}

function checkItsFixture({ fixture }: Scenario, value: JsonObject, directory: string): Problem[] {
  if (fixture === undefined) return []
  if (typeof fixture !== 'string') return under('/fixture', checkFixture(value['fixture'] ?? {}))
  try {
    loadFixture(fixture, directory)
    return []
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return [{ pointer: '/fixture', message: error.message }]
  }
}
