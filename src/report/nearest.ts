import leven from 'leven'
import type { OperationInfo } from '../contract/contract.ts'

/*
 * How far a call is from an operation: the sum of what would have to be changed in it.
 */

const OTHER_METHOD = 3
/** A segment too much or too few. */
const SEGMENT = 4
/** That one is forgotten, or written where it does not belong, more easily than others. */
const ADMIN = 2
/** A segment that has nothing in common with the one that is wanted. */
const OTHER_SEGMENT = 8
/** What is farther says nothing about what was meant; nor does a path of which nothing is left. */
const TOO_FAR = 6

/** The operation that was probably meant by a call that none answers; undefined when nothing is near. */
export function nearestOperation(
  operations: readonly OperationInfo[],
  method: string,
  path: string,
): OperationInfo | undefined {
  const called = segmentsOf(path)
  if (called.length === 0) return undefined
  let nearest: OperationInfo | undefined
  let least = TOO_FAR
  for (const operation of operations) {
    const distance = pathDistance(called, segmentsOf(operation.path)) + (operation.method === method ? 0 : OTHER_METHOD)
    if (distance >= least) continue
    least = distance
    nearest = operation
  }
  return nearest
}

const segmentsOf = (path: string): readonly string[] => path.toLowerCase().split('/').filter(Boolean)

/** The edit distance of two lists of segments. */
function pathDistance(called: readonly string[], wanted: readonly string[]): number {
  let row = [0]
  for (const segment of wanted) row.push((row.at(-1) ?? 0) + lengthOf(segment))
  for (const segment of called) {
    const next = [(row[0] ?? 0) + lengthOf(segment)]
    for (const [at, other] of wanted.entries()) {
      const changed = (row[at] ?? 0) + segmentDistance(segment, other)
      const removed = (row[at + 1] ?? 0) + lengthOf(segment)
      const added = (next[at] ?? 0) + lengthOf(other)
      next.push(Math.min(changed, removed, added))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

const lengthOf = (segment: string): number => (segment === 'admin' ? ADMIN : SEGMENT)

/** A parameter takes any segment. */
function segmentDistance(called: string, wanted: string): number {
  if (wanted.startsWith('{')) return 0
  return (leven(called, wanted) / Math.max(called.length, wanted.length)) * OTHER_SEGMENT
}
