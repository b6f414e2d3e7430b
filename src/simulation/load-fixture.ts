import { readFileSync } from 'node:fs'
import { checkConfig } from '../config/check-config.ts'
import { type Problem, ProblemError, under } from '../config/problem.ts'
import { SchemaChecker } from '../config/schema-checker.ts'
import type { SourceText } from '../config/source-text.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Fixture } from './fixture.ts'
import { findNamedFile, isOurs, readNamedFile } from './named-files.ts'
import { checkConfiguredSwitches } from './switches/thrown.ts'

/*
 * Fixtures as they come in: from files, and over the wire.
 */

export interface LoadedFixture {
  readonly name: string
  readonly fixture: Fixture
  /** Problems that show only when a world is filled, with file, line and column. */
  readonly locate: (problems: readonly Problem[]) => Problem[]
}

const checker = new SchemaChecker(
  JSON.parse(readFileSync(new URL('../../fixtures/fixture.schema.json', import.meta.url), 'utf8')),
)

/**
 * The fixture of that name or file.
 * @param directory whose `fixtures/` comes before ours
 * @throws ProblemError with file, line and column
 */
export function loadFixture(nameOrPath: string, directory = '.'): LoadedFixture {
  const file = findNamedFile('fixtures', nameOrPath, directory)
  const source = readNamedFile(file)
  const problems = isOurs('fixtures', file) ? source.problems : checkFixtureSource(source)
  if (problems.length > 0) throw new ProblemError(problems)
  return { name: nameOrPath, fixture: source.value as unknown as Fixture, locate: source.locate }
}

/** Everything that is wrong with the form of a fixture file, with line and column. */
export function checkFixtureSource(source: SourceText): Problem[] {
  if (source.value === undefined) return [...source.problems]
  return source.locate(checkFixture(source.value))
}

/** What is wrong with the form of a fixture, and with the configuration in it, by JSON pointer. */
export function checkFixture(value: Json): Problem[] {
  return [...checker.check(value), ...(isJsonObject(value) ? configProblems(value) : [])]
}

/** The schema looks into the worlds of projects, but not into configurations. */
function configProblems(fixture: JsonObject): Problem[] {
  const own = ['config', 'whole_config'].flatMap((key) => {
    const config = fixture[key]
    return isJsonObject(config) ? under(`/${key}`, checkPatch(config)) : []
  })
  const projects: readonly Json[] = Array.isArray(fixture['projects']) ? fixture['projects'] : []
  const others = projects.flatMap((project, index) => {
    const world = isJsonObject(project) ? project['world'] : undefined
    return isJsonObject(world) ? under(`/projects/${index}/world`, configProblems(world)) : []
  })
  return [...own, ...others]
}

/** What is wrong with a merge patch of a configuration, by JSON pointer. */
export function checkPatch(patch: JsonObject): Problem[] {
  const kept = withoutNulls(patch)
  const problems = checkConfig(kept)
  return problems.length > 0 ? problems : checkConfiguredSwitches(kept)
}

/** In a merge patch `null` removes a key: it is no value of the key. */
function withoutNulls(patch: JsonObject): JsonObject {
  const kept = Object.entries(patch).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([key, value]) => [key, isJsonObject(value) ? withoutNulls(value) : value]))
}

/**
 * A fixture that came over the wire.
 * @throws ProblemError with JSON pointers
 */
export function readFixture(value: Json): Fixture {
  const problems = checkFixture(value)
  if (problems.length > 0) throw new ProblemError(problems)
  return value as unknown as Fixture
}
