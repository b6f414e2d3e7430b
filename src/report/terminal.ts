import type { Report } from './report.ts'
import {
  count,
  sayCoverage,
  sayFailure,
  sayNever,
  sayOperation,
  sayUnmatched,
  sayViolation,
  sayWhere,
} from './wording.ts'

/** The report as lines for a terminal. What fails stands last, where it is read first. */
export function terminalReport(report: Report): string {
  const { coverage, violations, failures, warnings } = report
  return [
    ...section('Operations', operationLines(report)),
    ...section('Never called', neverCalled(report)),
    ...section('Called, and not in the document', additionalLines(report)),
    ...section('Calls that no operation answers', coverage.unmatched.map(sayUnmatched)),
    ...section(
      'Violations of the contract',
      violations.flatMap((each) => [`${sayOperation(each)}: ${sayViolation(each)}`, `    ${sayWhere(each)}`]),
    ),
    ...section('Warnings', warnings),
    ...section(`Failed: ${count(failures.length, 'reason')}`, failures.map(sayFailure)),
    `${report.passed ? 'Passed' : 'Failed'}. ${sayCoverage(report)}.`,
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']
}

function operationLines({ coverage }: Report): readonly string[] {
  return coverage.operations
    .filter(({ calls }) => calls > 0)
    .flatMap((each) => {
      const covered = each.points.filter(({ calls }) => calls > 0).length
      const head = `${each.operation.padEnd(56)} ${count(each.calls, 'call').padStart(12)}  ${covered} of ${each.points.length}`
      const never = sayNever(each)
      return never === '' ? [head] : [head, `    never: ${never}`]
    })
}

function neverCalled({ coverage }: Report): readonly string[] {
  return coverage.operations
    .filter(({ calls }) => calls === 0)
    .map(({ operation, method, path }) => `${operation.padEnd(56)} ${method} ${path}`)
}

function additionalLines({ coverage }: Report): readonly string[] {
  return coverage.additional.map(
    ({ operation, calls }) => `${operation.padEnd(56)} ${count(calls, 'call').padStart(12)}`,
  )
}
