import type { Contract, OperationInfo } from '../contract/contract.ts'
import type { Exercise } from '../verdict/exercise.ts'
import type { Tally } from '../verdict/tally.ts'
import { coveragePoints, type OperationPoints } from './coverage-points.ts'
import { nearestOperation } from './nearest.ts'
import type { Coverage, CoveragePoint, OperationCoverage, UnmatchedCall } from './shown-coverage.ts'

/**
 * @param wanted which operations count; by default all
 */
export function coverageOf(
  contract: Pick<Contract, 'document' | 'operations'>,
  tally: Tally,
  wanted: (operationId: string) => boolean = () => true,
): Coverage {
  const byOperation = new Map<string | undefined, { exercise: Exercise; calls: number }[]>()
  for (const counted of tally.counted()) {
    const { operation } = counted.exercise
    const known = byOperation.get(operation)
    if (known) known.push(counted)
    else byOperation.set(operation, [counted])
  }
  const of = (operation: string | undefined) => byOperation.get(operation) ?? []
  const operations = coveragePoints(contract)
    .filter(({ operation }) => wanted(operation.operationId))
    .map((each) => operationCoverage(each, of(each.operation.operationId)))
  const additional = contract.operations
    .filter((operation) => operation.additional && wanted(operation.operationId))
    .map(({ operationId }) => ({ operation: operationId, calls: sum(of(operationId)) }))
  const all = operations.flatMap(({ points }) => points)
  const covered = all.filter(({ calls }) => calls > 0).length
  return {
    points: all.length,
    covered,
    percent: all.length === 0 ? 100 : Math.floor((covered / all.length) * 1000) / 10,
    calls: [...byOperation.values()].reduce((total, each) => total + sum(each), 0),
    operations,
    additional: additional.filter(({ calls }) => calls > 0),
    unmatched: unmatchedCalls(contract.operations, of(undefined)),
  }
}

type Counted = readonly { readonly exercise: Exercise; readonly calls: number }[]

const sum = (counted: Counted): number => counted.reduce((total, { calls }) => total + calls, 0)

function operationCoverage({ operation, points }: OperationPoints, counted: Counted): OperationCoverage {
  const { operationId, method, path } = operation
  const statuses = new Set(points.filter(({ dimension }) => dimension === 'status').map(({ value }) => value))
  const covered = points.map((point) => ({
    ...point,
    calls: sum(counted.filter(({ exercise }) => exercises(exercise, point, statuses))),
  }))
  return { operation: operationId, method, path, calls: sum(counted), points: covered }
}

function exercises(exercise: Exercise, { dimension, value }: CoveragePoint, statuses: ReadonlySet<string>): boolean {
  const status = statuses.has(String(exercise.status)) ? String(exercise.status) : 'default'
  switch (dimension) {
    case 'status':
      return value === status
    case 'response type':
      return value === `${status} ${exercise.responseType}`
    case 'request type':
      return value === exercise.requestType
    case 'method':
      return value === exercise.branch
    case 'flow state':
      return value === exercise.flowState
    case 'query parameter':
      return exercise.query.includes(value)
  }
}

function unmatchedCalls(operations: readonly OperationInfo[], counted: Counted): UnmatchedCall[] {
  const calls = new Map<string, UnmatchedCall>()
  for (const { exercise, calls: more } of counted) {
    const { method, path } = exercise
    const key = `${method} ${path}`
    const before = calls.get(key)
    if (before) {
      calls.set(key, { ...before, calls: before.calls + more })
      continue
    }
    const found = nearestOperation(operations, method, path)
    const nearest = found && { operation: found.operationId, method: found.method, path: found.path }
    calls.set(key, { method, path, calls: more, ...(nearest && { nearest }) })
  }
  return [...calls.values()]
}
