import { checkConfig, keysWithoutEffect } from '../config/check-config.ts'
import { configSchema } from '../config/config-schema.ts'
import { mergeConfig } from '../config/merge.ts'
import { type Problem, ProblemError } from '../config/problem.ts'
import { resolveSettings } from '../config/resolve.ts'
import type { Settings } from '../config/settings.ts'
import { badRequest } from '../errors.ts'
import { decodeGoStruct, type GoStruct, goInt, goString, goStruct } from '../http/go-struct.ts'
import { compileSchema } from '../identities/json-schema/compile.ts'
import { validate } from '../identities/json-schema/validate.ts'
import { formatValidationError } from '../identities/json-schema/validation-error.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { partConfig } from './importable.ts'
import { type Services, type Shown, servicesOf } from './project-config.ts'
import { uploadSchemas } from './schema-upload.ts'

/** What was sent and is not taken over, or is and changes nothing here. */
export interface Warning {
  readonly code: number
  readonly message: string
}

export interface Imported {
  readonly config: JsonObject
  readonly settings: Settings
  readonly warnings: readonly Warning[]
}

/** The configurations that a client sends; what is absent stays as it is. */
export interface SentServices {
  readonly identity: JsonObject | undefined
  readonly permission: JsonObject | undefined
}

const NOT_IMPORTED = 1
const WITHOUT_EFFECT = 2

/**
 * Takes over the configuration that a client sends (admin-keto-projects §6.4): a given service is replaced, keys that are
 * missing fall back to their defaults, keys that the server sets itself are left alone.
 * @param defaults what a missing key falls back to, beside Kratos' own defaults
 * @throws OryError 400 with the validator's report
 */
export function importServices(current: Shown, sent: SentServices, defaults: JsonObject): Imported {
  const shown = servicesOf(current)
  const warnings: Warning[] = []
  const identity = sent.identity && identityPatch(current, shown, sent.identity, warnings)
  const permission = sent.permission && permissionPatch(sent.permission, warnings)
  const patch = { ...identity, ...permission }
  const config = mergeConfig(mergeConfig(current.config, patch), fallbacks(patch, defaults))
  return { config, settings: settingsOf(config), warnings }
}

function identityPatch(current: Shown, shown: Services, sent: JsonObject, warnings: Warning[]): JsonObject {
  const { version: _, ...config } = sent
  validateIdentityConfig(config)
  const { kept, dropped } = partConfig(config)
  for (const key of dropped) {
    warnings.push({
      code: NOT_IMPORTED,
      message: `The configuration key "${key}" is not supported by Ory Network and is ignored.`,
    })
  }
  const before = partConfig(shown.identity.config).kept
  const patch = difference(before, kept)
  // merged into nothing, the patch is what it sets, without what it removes
  warnings.push(...keysWithoutEffect(mergeConfig({}, patch)).map((message) => ({ code: WITHOUT_EFFECT, message })))
  const { identity } = patch
  const section = kept['identity']
  if (!isJsonObject(identity) || !isJsonObject(section)) return patch
  return { ...patch, identity: { ...identity, ...uploadSchemas(section, current.settings.identity) } }
}

const REQUIRED = { required: ['identity', 'selfservice'] }
const CLOUD_SCHEMA = 'static://ory.cloud.schema.json#'

/** The report that Ory Network sends names every version of the schema in turn; ours the newest alone. */
function validateIdentityConfig(config: JsonObject): void {
  const error = validate(compileSchema(REQUIRED), config) ?? validate(compileSchema(configSchema), config)
  if (error === undefined) return
  throw invalidConfig([
    'I[#] S[#/oneOf/0/allOf/1] allOf failed',
    `  I[#] S[#/oneOf/0/allOf/1/$ref] doesn't validate with "${CLOUD_SCHEMA}"`,
    ...formatValidationError(error)
      .split('\n')
      .map((line) => `    ${line}`),
  ])
}

const PERMISSION: GoStruct = goStruct('Config', {
  namespaces: {
    kind: 'list',
    of: goStruct('Namespace', { id: goInt, name: goString }, 'namespace'),
    named: '[]*namespace.Namespace',
  },
  limit: goStruct('Limit', { max_read_depth: goInt }),
})

function permissionPatch(sent: JsonObject, warnings: Warning[]): JsonObject {
  const { error } = decodeGoStruct(sent, PERMISSION)
  if (error) throw badRequest(`Unable to validate config: ${error.message}`)
  const { namespaces, limit, ...others } = sent
  for (const key of Object.keys(others)) {
    warnings.push({
      code: NOT_IMPORTED,
      message: `The configuration key "${key}" is not supported by Ory Network and is ignored.`,
    })
  }
  return { namespaces: namespaces ?? null, limit: limit ?? null }
}

function settingsOf(config: JsonObject): Settings {
  const problems = checkConfig(config)
  if (problems.length > 0) throw invalidConfig(problems.map(lineOf))
  try {
    return resolveSettings(config)
  } catch (error) {
    if (error instanceof ProblemError) throw invalidConfig(error.problems.map(lineOf))
    throw error
  }
}

function lineOf({ pointer, message, hint }: Problem): string {
  return `I[#${pointer}] S[#] ${message}${hint === undefined ? '' : ` ${hint}`}`
}

function invalidConfig(report: readonly string[]) {
  return badRequest(
    ['Unable to validate config: I[#] S[#/oneOf] oneOf failed', ...report.map((l) => `  ${l}`)].join('\n'),
  )
}

/** The defaults of the keys that a merge patch removes. */
function fallbacks(patch: JsonObject, defaults: JsonObject): JsonObject {
  const restored = Object.entries(patch).flatMap(([key, value]): [string, Json][] => {
    const otherwise = Object.hasOwn(defaults, key) ? defaults[key] : undefined
    if (otherwise === undefined) return []
    if (value === null) return [[key, otherwise]]
    return isJsonObject(value) && isJsonObject(otherwise) ? [[key, fallbacks(value, otherwise)]] : []
  })
  return Object.fromEntries(restored)
}

/**
 * The merge patch (RFC 7396) that makes `after` of `before`. A whole section that is gone is removed key by key, so that
 * what stands in it and is not shown stays.
 */
function difference(before: JsonObject, after: JsonObject): JsonObject {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  const changes = [...keys].flatMap((key): [string, Json][] => {
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    const now = Object.hasOwn(after, key) ? after[key] : undefined
    if (isJsonObject(old) && (now === undefined || isJsonObject(now))) {
      const inner = difference(old, now ?? {})
      return Object.keys(inner).length === 0 ? [] : [[key, inner]]
    }
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [[key, now ?? null]]
  })
  return Object.fromEntries(changes)
}
