import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkConfig } from './check-config.ts'
import { configSchema, NO_EFFECT } from './config-schema.ts'
import { mergeConfig } from './merge.ts'
import { keysOf, type Problem } from './problem.ts'

/**
 * What the environment says about the configuration, as Kratos and Keto read it: dots become underscores, upper case
 * (`SERVE_PUBLIC_BASE_URL`); lists are separated by commas, or written as JSON (ecosystem §6.2). Keys without effect are
 * not looked for: `LOG_LEVEL` or `VERSION` may be meant for anyone.
 * @returns a merge patch to lay over the configuration; a problem's `file` is the name of its variable
 */
export function configFromEnvironment(env: Readonly<Record<string, string | undefined>>): {
  readonly config: JsonObject
  readonly problems: readonly Problem[]
} {
  let config: JsonObject = {}
  for (const { path, schema } of leaves(configSchema, [])) {
    const text = env[variableOf(path)]
    if (text === undefined || text === '') continue
    const patch = path.reduceRight<Json>((value, key) => ({ [key]: value }), fromText(text, schema))
    if (isJsonObject(patch)) config = mergeConfig(config, patch)
  }
  if (Object.keys(config).length === 0) return { config, problems: [] }
  const problems = checkConfig(config).map((problem) => ({
    ...problem,
    file: `$${variableNear(problem.pointer, env)}`,
  }))
  return { config, problems }
}

interface Leaf {
  readonly path: readonly string[]
  readonly schema: JsonObject
}

function leaves(schema: JsonObject, path: readonly string[]): Leaf[] {
  if (schema[NO_EFFECT] !== undefined) return []
  const properties = schema['properties']
  if (!isJsonObject(properties)) return [{ path, schema }]
  return Object.entries(properties).flatMap(([key, child]) =>
    isJsonObject(child) && key !== '$schema' ? leaves(child, [...path, key]) : [],
  )
}

const variableOf = (path: readonly string[]) => path.join('_').toUpperCase().replaceAll('-', '_')

/** The variable that set the value at `pointer`, or the list or object that it stands in. */
function variableNear(pointer: string, env: Readonly<Record<string, string | undefined>>): string {
  const keys = keysOf(pointer)
  while (keys.length > 1 && env[variableOf(keys)] === undefined) keys.pop()
  return variableOf(keys)
}

function fromText(text: string, schema: JsonObject): Json {
  const types = [schema['type']].flat()
  if (types.includes('string') && !types.includes('array')) return text
  const parsed = parse(text)
  if (types.includes('array') && !Array.isArray(parsed)) return text.split(',').map((item) => item.trim())
  return parsed ?? text
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
