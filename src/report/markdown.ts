import type { Report } from './report.ts'
import type { OperationCoverage } from './shown-coverage.ts'
import { sayCoverage, sayFailure, sayNever, sayOperation, sayUnmatched, sayViolation, sayWhere } from './wording.ts'

/** The report as a summary in Markdown, for a pull request or the page of a build. */
export function markdownReport(report: Report): string {
  const { coverage, violations, failures, warnings } = report
  const called = coverage.operations.filter(({ calls }) => calls > 0)
  const never = coverage.operations.filter(({ calls }) => calls === 0)
  return [
    `## Ory contract: ${report.passed ? 'passed' : 'failed'}`,
    '',
    `${sayCoverage(report)}.`,
    '',
    ...section('Failures', failures.map(sayFailure)),
    ...section(
      'Violations of the contract',
      violations.map((each) => `${sayOperation(each)}: ${sayViolation(each)} (${sayWhere(each)})`),
    ),
    ...section('Calls that no operation answers', coverage.unmatched.map(sayUnmatched)),
    ...section('Warnings', warnings),
    ...table(called),
    ...(never.length === 0
      ? []
      : ['', `Never called: ${never.map(({ operation }) => `\`${operation}\``).join(', ')}.`]),
    '',
  ].join('\n')
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines.map((line) => `- ${escaped(line)}`), '']
}

function table(called: readonly OperationCoverage[]): readonly string[] {
  if (called.length === 0) return []
  const rows = called.map((each) => {
    const covered = each.points.filter(({ calls }) => calls > 0).length
    return `| \`${each.operation}\` | ${each.calls} | ${covered} of ${each.points.length} | ${escaped(sayNever(each))} |`
  })
  return ['| Operation | Calls | Covered | Never seen |', '| --- | ---: | ---: | --- |', ...rows]
}

/** What a client sent is shown, not read as Markdown or HTML. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+!|~&]/g, '\\$&').replace(/[\r\n]+/g, ' ')
