import type { Report } from './report.ts'
import { sayFailure } from './wording.ts'

/** The report as JSON, with a text for each failure. */
export function jsonReport(report: Report): string {
  const failures = report.failures.map((failure) => ({ text: sayFailure(failure), ...failure }))
  return `${JSON.stringify({ ...report, failures }, null, 2)}\n`
}
