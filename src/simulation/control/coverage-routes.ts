import { noContent, ok, type Reply } from '../../http/reply.ts'
import type { JsonObject } from '../../json.ts'
import { coverageOf } from '../../report/coverage.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

/** Whether the whole server is meant, and not one sandbox. */
const meansAll = ({ exchange }: ControlCall): boolean => exchange.query.has('all')

function getCoverage(call: ControlCall): Reply {
  const { mock, exchange } = call
  const tally = meansAll(call) ? mock.journals.exercised() : exchange.sandbox.journal.exercised
  return ok(coverageOf(mock.contract, tally))
}

function deleteCoverage(call: ControlCall): Reply {
  if (meansAll(call)) call.mock.journals.forgetExercised()
  else call.exchange.sandbox.journal.exercised.clear()
  return noContent()
}

const count = { type: 'integer', minimum: 0 }
const text = { type: 'string' }

function list(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'array', items: { type: 'object', required, properties } }
}

const route = { operation: text, method: text, path: text }

const COVERAGE = {
  type: 'object',
  required: ['points', 'covered', 'percent', 'calls', 'operations', 'additional', 'unmatched'],
  properties: {
    points: count,
    covered: count,
    percent: { type: 'number', description: 'With one decimal, rounded down: 100 means all.' },
    calls: count,
    operations: list({
      ...route,
      calls: count,
      points: list({ dimension: text, value: text, calls: count }),
    }),
    additional: list({ operation: text, calls: count }),
    unmatched: list({ method: text, path: text, calls: count, nearest: { type: 'object', properties: route } }, [
      'nearest',
    ]),
  },
}

export const coverageRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/coverage',
    summary:
      'What of the contract this sandbox exercised, and what never: statuses, media types, methods, flow states, query parameters; with `all` what the whole server did, in sandboxes that are gone too.',
    query: ['all'],
    answer: COVERAGE,
    handle: getCoverage,
  },
  {
    method: 'DELETE',
    path: '/coverage',
    summary: 'Counts anew, of this sandbox, or with `all` of the whole server. The journal stays.',
    query: ['all'],
    handle: deleteCoverage,
  },
]
