import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkConfig, keysWithoutEffect } from './check-config.ts'
import { inlineFiles } from './inline-files.ts'
import { mergeConfig } from './merge.ts'
import { keysOf, type Problem, ProblemError } from './problem.ts'
import { resolveSettings } from './resolve.ts'
import { readSource, type SourceText } from './source-text.ts'

export interface LoadedConfig {
  /** All files merged, the later over the earlier; it names no file any more. */
  readonly config: JsonObject
  /** Each with file, line and column. */
  readonly problems: readonly Problem[]
  /** Known keys without effect, each once, as sentences. */
  readonly notices: readonly string[]
  /** The places, in the files, of what is wrong with the merged configuration. */
  readonly locate: (problems: readonly Problem[]) => Problem[]
}

/**
 * Reads configuration files (kratos.yml, keto.yml; YAML or JSON) when the server starts. What they name by `file://`,
 * relative to themselves, is read here and never again: identity schemas, mail templates, namespaces.
 */
export function loadConfig(paths: readonly string[]): LoadedConfig {
  const sources = paths.map(readSource)
  const problems: Problem[] = []
  let config: JsonObject = {}
  for (const source of sources) {
    problems.push(...source.problems)
    if (source.value === undefined) continue
    problems.push(...source.locate(checkConfig(source.value)))
    if (isJsonObject(source.value)) config = mergeConfig(config, inlineFiles(source.value, source, problems))
  }
  const locate = (found: readonly Problem[]) => locateIn(sources, found)
  if (problems.length === 0) problems.push(...locate(problemsInUse(config)))
  return { config, problems, notices: keysWithoutEffect(config), locate }
}

/** What shows only when values are used: a schema that is no JSON, a default schema that does not exist. */
function problemsInUse(config: JsonObject): readonly Problem[] {
  try {
    resolveSettings(config)
    return []
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    return error.problems
  }
}

/** Each in the last file that has the value. */
function locateIn(sources: readonly SourceText[], problems: readonly Problem[]): Problem[] {
  return problems.flatMap((problem) => {
    const source = sources.findLast(({ value }) => holds(value, keysOf(problem.pointer))) ?? sources.at(-1)
    return source?.locate([problem]) ?? [problem]
  })
}

function holds(value: Json | undefined, keys: readonly string[]): boolean {
  const [key, ...rest] = keys
  if (key === undefined) return value !== undefined
  if (Array.isArray(value)) return holds(value[Number(key)], rest)
  return isJsonObject(value) && Object.hasOwn(value, key) && holds(value[key], rest)
}
