import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import leven from 'leven'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { DURATION_FORMAT, DURATION_HINT, parseDuration } from './duration.ts'
import { keysOf, type Problem, pointerOf } from './problem.ts'
import { describe } from './section.ts'

interface Format {
  readonly test: (text: string) => boolean
  readonly what: string
  readonly hint: string
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** The formats that our own schemas use. */
const FORMATS: Readonly<Record<string, Format>> = {
  [DURATION_FORMAT]: { test: (text) => parseDuration(text) !== undefined, what: 'a duration', hint: DURATION_HINT },
  'http-url-or-empty': {
    test: (text) => text === '' || (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)),
    what: 'an address',
    hint: 'Write it in full, e.g. "http://localhost:4455/".',
  },
  'uri-reference': {
    test: (text) => !/\s/.test(text) && URL.canParse(text, 'http://localhost/'),
    what: 'an address',
    hint: 'Write it in full ("http://localhost:4455/login") or as a path ("/ui/login").',
  },
  regex: { test: isRegularExpression, what: 'a regular expression', hint: 'Write one as JavaScript has them.' },
  /** An instant, or a length of time from the clock's now. */
  when: {
    test: (text) => (INSTANT.test(text) ? !Number.isNaN(Date.parse(text)) : parseDuration(text) !== undefined),
    what: 'a time',
    hint: 'Write an instant ("2022-07-27T12:00:00Z") or a length of time from now ("-25m", "1h").',
  },
  instant: {
    test: (text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)),
    what: 'an instant',
    hint: 'Write it like "2022-07-27T12:00:00Z".',
  },
}

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}

/**
 * Judges documents by a JSON Schema of ours and says what is wrong in words for people: what, where, what to do. The
 * schema is compiled the first time that it is needed.
 */
export class SchemaChecker {
  readonly #schema: JsonObject
  #validate: ValidateFunction | undefined

  constructor(schema: JsonObject) {
    this.#schema = schema
  }

  check(value: Json): Problem[] {
    this.#validate ??= compile(this.#schema)
    if (this.#validate(value)) return []
    return (this.#validate.errors ?? []).filter(speaks).map((error) => problemOf(error, this.#schema))
  }
}

function compile(schema: JsonObject): ValidateFunction {
  // what costs time when a server starts and adds nothing to our own, tested schemas is left out
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    code: { optimize: false },
  })
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format.test)
  return ajv.compile(schema)
}

/** `if` only says that its `then` or `else` failed, which has spoken for itself. */
const speaks = (error: ErrorObject) => error.keyword !== 'if'

function problemOf(error: ErrorObject, schema: JsonObject): Problem {
  const params: Record<string, unknown> = error.params
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, String(params['additionalProperty']), schema)
    case 'required':
      return { pointer: error.instancePath, message: `the key ${quote(params['missingProperty'])} is missing.` }
    case 'type':
      return at(error, `must be ${typeNames(params['type'])}, not ${describe(error.data as Json)}.`)
    case 'enum':
      return notOneOf(error, params['allowedValues'])
    case 'const':
      return at(error, `must be ${quote(params['allowedValue'])}.`)
    case 'format': {
      const format = FORMATS[String(params['format'])]
      return at(error, `${quote(error.data)} is not ${format?.what ?? `a ${params['format']}`}.`, format?.hint)
    }
    case 'pattern':
      return at(error, `${quote(error.data)} has not the form that is expected.`, hintOf(error))
    default:
      return at(error, `${describe(error.data as Json)} ${error.message ?? 'is wrong'}.`, hintOf(error))
  }
}

function at(error: ErrorObject, message: string, hint?: string): Problem {
  return { pointer: error.instancePath, message, ...(hint === undefined ? {} : { hint }) }
}

/** A schema says with `x-hint` what to do about a value that it refuses. */
function hintOf(error: ErrorObject): string | undefined {
  const hint: unknown = error.parentSchema?.['x-hint']
  return typeof hint === 'string' ? hint : undefined
}

function unknownKey(error: ErrorObject, key: string, schema: JsonObject): Problem {
  const known: unknown = error.parentSchema?.['properties']
  const names = isJsonObject(known) ? Object.keys(known) : []
  const pointer = pointerOf([...keysOf(error.instancePath), key])
  const hint = suggestion(key, names) ?? elsewhere(key, schema) ?? `Known here: ${names.join(', ')}.`
  return { pointer, ofKey: true, message: `the key ${quote(key)} is not known.`, hint }
}

function notOneOf(error: ErrorObject, allowed: unknown): Problem {
  const values = Array.isArray(allowed) ? allowed.map(String) : []
  const hint =
    suggestion(String(error.data), values) ??
    hintOf(error) ??
    `Write ${values.join(', ').replace(/, ([^,]*)$/, ' or $1')}.`
  return at(error, `${quote(error.data)} is not one of the possible values.`, hint)
}

function suggestion(word: string, known: readonly string[]): string | undefined {
  const near = (name: string) => leven(word.toLowerCase(), name.toLowerCase())
  const [best] = [...known].sort((a, b) => near(a) - near(b))
  if (best === undefined || near(best) > Math.max(1, Math.floor(best.length * 0.4))) return undefined
  return `Did you mean ${quote(best)}?`
}

/** Where else a key is known: a key one level too high or too low is the commonest slip of all in YAML. */
function elsewhere(key: string, schema: JsonObject): string | undefined {
  const paths = pathsTo(key, schema, []).sort((a, b) => a.length - b.length)
  return paths[0] === undefined ? undefined : `It is known as ${paths[0].join('.')}: check the indentation.`
}

function pathsTo(key: string, schema: JsonObject, path: readonly string[]): string[][] {
  const properties = schema['properties']
  if (!isJsonObject(properties)) return []
  return Object.entries(properties).flatMap(([name, child]) => {
    const here = name === key ? [[...path, name]] : []
    return isJsonObject(child) ? [...here, ...pathsTo(key, child, [...path, name])] : here
  })
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  null: 'null',
}

function typeNames(types: unknown): string {
  const names = Array.isArray(types) ? types : [types]
  return names.map((name) => TYPES[String(name)] ?? String(name)).join(' or ')
}

const quote = (value: unknown) => JSON.stringify(value)
