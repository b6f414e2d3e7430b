import type { SeenViolation } from './read-journals.ts'
import type { Failure, Report } from './report.ts'
import type { CoveredPoint, OperationCoverage, UnmatchedCall } from './shown-coverage.ts'
import { DIMENSIONS } from './shown-coverage.ts'

/* How a report says things, in every format. */

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** In one line: what, and of how much. */
export function sayCoverage({ coverage, journals }: Report): string {
  const { percent, covered, points, operations, calls } = coverage
  const called = operations.filter((each) => each.calls > 0).length
  return `${percent} % covered: ${covered} of ${points} points, ${called} of ${count(operations.length, 'operation')}, by ${count(calls, 'call')} in ${count(journals.length, 'journal')}`
}

/** What is wrong: `request body /namespace: must be string`. */
export function sayViolation({ side, in: place, pointer, message }: SeenViolation): string {
  return `${side} ${place}${pointer === '' ? '' : ` ${pointer}`}: ${message}`
}

/** Where to look: `journal.jsonl:12, GET /sessions/whoami 200, sandbox default`. */
export function sayWhere({ first, calls }: SeenViolation): string {
  const { journal, line, method, path, status, sandbox } = first
  const often = calls === 1 ? '' : `, seen ${calls} times`
  return `${journal}:${line}, ${method} ${path} ${status}, sandbox ${sandbox}${often}`
}

export const sayOperation = ({ operation, first }: SeenViolation): string =>
  operation ?? `${first.method} ${first.path.split('?')[0]}`

export function sayUnmatched({ method, path, calls, nearest }: UnmatchedCall): string {
  const meant = nearest ? `; nearest is ${nearest.operation}, ${nearest.method} ${nearest.path}` : ''
  return `${method} ${path}: ${count(calls, 'call')}${meant}`
}

export const sayPoint = ({ dimension, value }: CoveredPoint): string => `${dimension} ${value}`

/** What of an operation was never seen, a dimension after the other: `status 401, 403; query parameter return_to`. */
export function sayNever({ points }: OperationCoverage): string {
  const never = points.filter(({ calls }) => calls === 0)
  const statuses = new Set(never.filter(({ dimension }) => dimension === 'status').map(({ value }) => value))
  const parts = DIMENSIONS.flatMap((wanted) => {
    const values = never.filter(({ dimension }) => dimension === wanted).map(({ value }) => value)
    // that a status was never seen says all about its media types
    const told =
      wanted === 'response type' ? values.filter((value) => !statuses.has(value.split(' ')[0] ?? '')) : values
    return told.length === 0 ? [] : [`${wanted} ${told.join(', ')}`]
  })
  return parts.join('; ')
}

export function sayFailure(failure: Failure): string {
  switch (failure.rule) {
    case 'violations':
      return `${sayOperation(failure.violation)}: ${sayViolation(failure.violation)}`
    case 'unmatched':
      return `No operation answers ${sayUnmatched(failure.call)}`
    case 'uncovered':
      return `${failure.operation}: ${sayPoint(failure.point)} was never seen (${failure.text})`
    case 'under':
      return `${failure.percent} % covered is under ${failure.wanted} %`
  }
}
