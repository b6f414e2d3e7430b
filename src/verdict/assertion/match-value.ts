import { isDeepStrictEqual } from 'node:util'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'

/** A value of an exchange: as it was, which is compared, and as it may be shown. */
export interface Actual {
  readonly value: Json | undefined
  /** With secrets masked. */
  readonly shown: Json | undefined
  /** What it is called: `body /traits/email`, `header accept`. */
  readonly where: string
}

/** How a matcher looks at a value; undefined when the value is as it wants. */
type Matcher = (given: Json, actual: Actual, siblings: JsonObject) => readonly string[]

const MATCHERS: Readonly<Record<string, Matcher>> = {
  $regex: (given, actual, { $flags }) => {
    const expression = new RegExp(String(given), typeof $flags === 'string' ? $flags : '')
    return typeof actual.value === 'string' && expression.test(actual.value)
      ? []
      : [`${state(actual)}, which does not match ${expression}`]
  },
  $flags: () => [],
  $present: (given, actual) =>
    (actual.value !== undefined) === given
      ? []
      : [given ? `${actual.where} is missing` : `${state(actual)}, not absent`],
  $type: (given, actual) => (typeOf(actual.value) === given ? [] : [`${state(actual)}, which is not of type ${given}`]),
  $equal: (given, actual) =>
    isDeepStrictEqual(given, actual.value) ? [] : [`${state(actual)}, not exactly ${short(given)}`],
  $not: (given, actual) =>
    mismatchesOf(given, actual).length > 0 ? [] : [`${state(actual)}, which is what it should not be`],
  $contains: (given, actual) => {
    const { value } = actual
    const isThere = Array.isArray(value)
      ? value.some((each: Json) => mismatchesOf(given, { ...actual, value: each }).length === 0)
      : typeof value === 'string' && typeof given === 'string' && value.includes(given)
    return isThere ? [] : [`${state(actual)}, which does not contain ${short(given)}`]
  },
  $all: (given, actual) => (Array.isArray(given) ? given : []).flatMap((each: Json) => mismatchesOf(each, actual)),
}

/** The names of the matchers. */
export const MATCHER_NAMES: readonly string[] = Object.keys(MATCHERS)

/** An object whose members begin with `$` is no value, but says what a value is like. */
export const isMatcher = (expected: Json): expected is JsonObject =>
  isJsonObject(expected) && Object.keys(expected).some((key) => key.startsWith('$'))

/** Why a value is not as expected, in words; empty when it is. */
export function mismatchesOf(expected: Json, actual: Actual): readonly string[] {
  if (isMatcher(expected)) {
    return Object.entries(expected).flatMap(([name, given]) => MATCHERS[name]?.(given ?? null, actual, expected) ?? [])
  }
  if (actual.value === undefined) return [`${actual.where} is missing, and should be ${short(expected)}`]
  if (isJsonObject(expected)) return ofObject(expected, actual)
  if (Array.isArray(expected)) return ofList(expected, actual)
  return expected === actual.value ? [] : [`${state(actual)}, not ${short(expected)}`]
}

function ofObject(expected: JsonObject, actual: Actual): readonly string[] {
  if (!isJsonObject(actual.value)) return [`${state(actual)}, not like ${short(expected)}`]
  const { value } = actual
  return Object.entries(expected).flatMap(([name, wanted]) => {
    if (wanted === undefined) return []
    const found = mismatchesOf(wanted, member(actual, name))
    const others = Object.keys(value)
    return found.length > 0 && !Object.hasOwn(value, name) && others.length > 0 && !isMatcher(wanted)
      ? [`${found[0]} (there are: ${others.slice(0, 12).join(', ')})`]
      : found
  })
}

function ofList(expected: readonly Json[], actual: Actual): readonly string[] {
  const { value } = actual
  if (!Array.isArray(value) || value.length !== expected.length) return [`${state(actual)}, not ${short(expected)}`]
  return expected.flatMap((wanted, index) => mismatchesOf(wanted, member(actual, index)))
}

function member({ value, shown, where }: Actual, key: string | number): Actual {
  const token = String(key).replaceAll('~', '~0').replaceAll('/', '~1')
  return {
    value: memberOf(value, key),
    shown: memberOf(shown, key),
    where: `${where}${where.includes(' /') ? '' : ' '}/${token}`,
  }
}

function memberOf(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as { readonly [key: string | number]: Json })[key]
}

function state({ value, shown, where }: Actual): string {
  if (value === undefined) return `${where} is missing`
  return `${where} is ${shown === undefined ? 'not shown' : short(shown)}`
}

/** What of a value is shown at most, in characters. */
const LONGEST = 120

/** JSON, cut when it is long. */
export function short(value: Json): string {
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}

function typeOf(value: Json | undefined): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
