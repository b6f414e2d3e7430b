import type { Contract } from '../contract/contract.ts'
import { coverageOf } from './coverage.ts'
import type { JournalsRead, SeenViolation } from './read-journals.ts'
import { missing, type Rules } from './rules.ts'
import type { Coverage, CoveredPoint, UnmatchedCall } from './shown-coverage.ts'

/** Everything that a report says, in whatever format. */
export interface Report {
  readonly passed: boolean
  readonly failures: readonly Failure[]
  readonly coverage: Coverage
  readonly violations: readonly SeenViolation[]
  readonly journals: JournalsRead['journals']
  readonly warnings: readonly string[]
}

/** Something that fails the build. */
export type Failure =
  | { readonly rule: 'violations'; readonly violation: SeenViolation }
  | { readonly rule: 'unmatched'; readonly call: UnmatchedCall }
  | { readonly rule: 'uncovered'; readonly operation: string; readonly point: CoveredPoint; readonly text: string }
  | { readonly rule: 'under'; readonly percent: number; readonly wanted: number }

/**
 * @param wanted which operations count
 */
export function makeReport(
  contract: Pick<Contract, 'document' | 'operations'>,
  read: JournalsRead,
  rules: Rules,
  wanted: (operationId: string) => boolean,
): Report {
  const coverage = coverageOf(contract, read.tally, wanted)
  const { violations, journals, warnings } = read
  const failures = failuresOf(coverage, violations, rules)
  return { passed: failures.length === 0, failures, coverage, violations, journals, warnings }
}

function failuresOf(coverage: Coverage, violations: readonly SeenViolation[], rules: Rules): readonly Failure[] {
  const uncovered = rules.uncovered.flatMap((rule) =>
    coverage.operations.flatMap((each) =>
      missing(rule, each).map(
        (point): Failure => ({ rule: 'uncovered', operation: each.operation, point, text: rule.text }),
      ),
    ),
  )
  const { percent } = coverage
  return [
    ...(rules.violations ? violations.map((violation): Failure => ({ rule: 'violations', violation })) : []),
    ...(rules.unmatched ? coverage.unmatched.map((call): Failure => ({ rule: 'unmatched', call })) : []),
    ...uncovered,
    ...(rules.under !== undefined && percent < rules.under
      ? [{ rule: 'under', percent, wanted: rules.under } as const]
      : []),
  ]
}
