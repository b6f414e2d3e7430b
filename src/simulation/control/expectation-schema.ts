import { type Problem, pointerOf } from '../../config/problem.ts'
import { SchemaChecker } from '../../config/schema-checker.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { CallPattern, Expectation } from '../../verdict/assertion/expectation.ts'
import { isMatcher, MATCHER_NAMES } from '../../verdict/assertion/match-value.ts'
import { EVERY } from '../switches/operation-ids.ts'

const COUNT = { type: 'integer', minimum: 0 } as const
const OPERATION = { enum: [...EVERY], 'x-hint': '"ory-mock operations" lists them.' } as const
const STATUS = { enum: ['1xx', '2xx', '3xx', '4xx', '5xx'] } as const
const VALUES = {
  type: 'object',
  description: 'Values by name: as they are, or {"$regex": "…"} and its relatives.',
} as const
const BODY = {
  description:
    'JSON: objects may have other members too. {"$regex": "…", "$flags": "i"}, {"$present": true|false}, {"$type": "string"}, {"$contains": …}, {"$equal": …}, {"$not": …} and {"$all": […]} say what a value is like.',
} as const

const PATTERN = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    operation: OPERATION,
    method: { type: 'string' },
    path: { description: 'Without query and sandbox: a text, or {"$regex": "…"}.' },
    status: {
      description: 'A status, a class such as "4xx", or a list of these.',
      type: ['integer', 'string', 'array'],
      items: { type: ['integer', 'string'] },
    },
    query: VALUES,
    headers: VALUES,
    body: BODY,
    response: {
      type: 'object',
      additionalProperties: false,
      properties: { headers: VALUES, body: BODY },
    },
    switches: { type: 'array', items: { type: 'string' } },
  },
} as const

/** JSON Schema of what `POST /__mock/journal/verify` takes. */
export const EXPECTATION = {
  type: 'object',
  description: 'One of called, in_order and never_violated.',
  additionalProperties: false,
  properties: {
    called: { ...PATTERN, description: 'A call like this was made; with times: 0 it never was.' },
    times: { ...COUNT, description: 'Exactly so often.' },
    at_least: COUNT,
    at_most: COUNT,
    in_order: {
      type: 'array',
      minItems: 1,
      items: PATTERN,
      description: 'One after the other; others may come between.',
    },
    never_violated: {
      type: 'object',
      description: 'Nobody broke the contract: no request and no answer.',
      additionalProperties: false,
      properties: { side: { enum: ['request', 'response'] }, operation: OPERATION },
    },
  },
} as const

const checker = new SchemaChecker(EXPECTATION)

/** What is wrong with an expectation; empty when it can be judged. */
export function checkExpectation(body: JsonObject): readonly Problem[] {
  const problems = checker.check(body)
  if (problems.length > 0) return problems
  const expectation = body as Expectation
  const kinds = (['called', 'in_order', 'never_violated'] as const).filter((kind) => expectation[kind] !== undefined)
  if (kinds.length !== 1) {
    return [
      {
        pointer: '',
        message: `the expectation has ${kinds.length === 0 ? 'neither called, in_order nor never_violated' : kinds.join(' and ')}.`,
        hint: 'Send one of them: {"called": {"operation": "toSession"}, "times": 1}.',
      },
    ]
  }
  const counts = (['times', 'at_least', 'at_most'] as const).filter((name) => expectation[name] !== undefined)
  if (expectation.called === undefined && counts.length > 0) {
    return [
      { pointer: `/${counts[0]}`, ofKey: true, message: `${counts[0]} belongs to called.`, hint: 'Leave it out.' },
    ]
  }
  const { called, in_order = [] } = expectation
  return [
    ...(called ? checkPattern(called, ['called']) : []),
    ...in_order.flatMap((pattern, index) => checkPattern(pattern, ['in_order', index])),
  ]
}

type Keys = readonly (string | number)[]

function checkPattern({ status, path, query, headers, body, response }: CallPattern, keys: Keys): Problem[] {
  const statuses = status === undefined ? [] : [status].flat()
  const odd = statuses.filter((each) => typeof each === 'string' && !STATUS.enum.includes(each))
  return [
    ...odd.map((each) => ({
      pointer: pointerOf([...keys, 'status']),
      message: `"${each}" is no status.`,
      hint: 'Write a number such as 200, or a class such as "4xx".',
    })),
    ...checkValue(path ?? null, [...keys, 'path']),
    ...checkValue({ ...query }, [...keys, 'query']),
    ...checkValue({ ...headers }, [...keys, 'headers']),
    ...checkValue(body ?? null, [...keys, 'body']),
    ...checkValue({ ...response?.headers }, [...keys, 'response', 'headers']),
    ...checkValue(response?.body ?? null, [...keys, 'response', 'body']),
  ]
}

/** What is wrong with the matchers in a value. */
function checkValue(value: Json, keys: Keys): Problem[] {
  if (Array.isArray(value)) return value.flatMap((each: Json, index) => checkValue(each, [...keys, index]))
  if (!isJsonObject(value)) return []
  const isMatching = isMatcher(value)
  return Object.entries(value).flatMap(([name, given = null]) => {
    const here = [...keys, name]
    if (!isMatching) return checkValue(given, here)
    if (!MATCHER_NAMES.includes(name)) return [unknownMatcher(name, here)]
    if (name === '$regex') return checkExpression(given, value['$flags'], here)
    if (name === '$present' && typeof given !== 'boolean') {
      return [{ pointer: pointerOf(here), message: '$present is true or false.', hint: 'Write {"$present": true}.' }]
    }
    if (name === '$all' && !Array.isArray(given)) {
      return [{ pointer: pointerOf(here), message: '$all is a list.', hint: 'Write {"$all": [{"$contains": "a"}]}.' }]
    }
    return name === '$equal' ? [] : checkValue(given, here)
  })
}

function unknownMatcher(name: string, keys: Keys): Problem {
  const hint = `Known are ${MATCHER_NAMES.join(', ')}; {"$equal": …} compares with a value whose own members begin with $.`
  return { pointer: pointerOf(keys), ofKey: true, message: `there is no matcher "${name}".`, hint }
}

function checkExpression(source: Json, flags: Json | undefined, keys: Keys): Problem[] {
  try {
    if (typeof source !== 'string') throw new TypeError('it is no text')
    new RegExp(source, typeof flags === 'string' ? flags : '')
    return []
  } catch (error) {
    const message = `is no regular expression: ${(error as Error).message}.`
    return [{ pointer: pointerOf(keys), message, hint: 'Write one as JavaScript has them, without slashes.' }]
  }
}
