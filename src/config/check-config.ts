import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { configSchema, NO_EFFECT } from './config-schema.ts'
import { mergeConfig } from './merge.ts'
import { type Problem, ProblemError } from './problem.ts'
import { resolveSettings } from './resolve.ts'
import { SchemaChecker } from './schema-checker.ts'
import type { Settings } from './settings.ts'

const checker = new SchemaChecker(configSchema)

/** What is wrong with a configuration by its schema: unknown keys, values of the wrong kind. */
export function checkConfig(config: Json): Problem[] {
  return checker.check(config)
}

/**
 * A configuration changed while the server runs, and how operations read it from now on. Files are not read here.
 * @param patch a JSON Merge Patch (RFC 7396) of the keys of kratos.yml, keto.yml and our own
 * @throws ProblemError with JSON pointers into the patched configuration; nothing is changed then
 */
export function patchConfig(
  config: JsonObject,
  patch: Json,
): { readonly config: JsonObject; readonly settings: Settings } {
  if (!isJsonObject(patch)) {
    throw new ProblemError([
      {
        pointer: '',
        message: 'the patch must be an object.',
        hint: 'Send {"session": {"lifespan": "1h"}}, for example.',
      },
    ])
  }
  const patched = mergeConfig(config, patch)
  const problems = checkConfig(patched)
  if (problems.length > 0) throw new ProblemError(problems)
  return { config: patched, settings: resolveSettings(patched) }
}

/** The keys of a configuration that are known and change nothing here, as sentences for the start screen. */
export function keysWithoutEffect(config: JsonObject): string[] {
  return [...new Set(withoutEffect(config, configSchema, []))]
}

function withoutEffect(value: Json | undefined, schema: JsonObject, path: readonly string[]): string[] {
  const reason = schema[NO_EFFECT]
  if (typeof reason === 'string') return [`${path.join('.')} has no effect: ${reason}.`]
  const { properties, items } = schema
  if (isJsonObject(value) && value['hook'] === 'web_hook') {
    return [`the hook web_hook in ${path.join('.')} has no effect: the server opens no connection outwards.`]
  }
  if (Array.isArray(value) && isJsonObject(items)) {
    return value.flatMap((item: Json) => withoutEffect(item, items, path))
  }
  if (!isJsonObject(value) || !isJsonObject(properties)) return []
  return Object.entries(value).flatMap(([key, child]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : undefined
    return isJsonObject(known) ? withoutEffect(child, known, [...path, key]) : []
  })
}
