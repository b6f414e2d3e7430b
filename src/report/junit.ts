import { VERSION } from '../metadata.ts'
import { escapeMarkup } from './markup.ts'
import type { Failure, Report } from './report.ts'
import type { OperationCoverage } from './shown-coverage.ts'
import { sayFailure, sayOperation, sayPoint, sayUnmatched, sayViolation, sayWhere } from './wording.ts'

/*
 * The report as JUnit's XML, as build servers read it: what fails the build is a failure, what was not seen is skipped.
 * It keeps the schema of Ant's JUnit tasks and that of Jenkins.
 */

interface TestCase {
  readonly name: string
  readonly failure?: { readonly message: string; readonly detail: string }
  /** Why nothing is said about it. */
  readonly skipped?: string
}

interface TestSuite {
  readonly name: string
  readonly cases: readonly TestCase[]
}

/** @param at the time of the report, in milliseconds */
export function junitReport(report: Report, at: number): string {
  const suites = suitesOf(report).map((suite, id) => suiteXml(suite, id, new Date(at).toISOString().slice(0, 19)))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`
}

function suitesOf(report: Report): readonly TestSuite[] {
  const { coverage, failures } = report
  const under = failures.find(({ rule }) => rule === 'under')
  return [
    { name: 'coverage', cases: [{ name: 'is as high as wanted', ...failed(under) }] },
    { name: 'violations', cases: violationCases(report) },
    { name: 'unmatched calls', cases: unmatchedCases(report) },
    ...coverage.operations.map((each) => ({ name: each.operation, cases: pointCases(each, failures) })),
  ]
}

function violationCases({ violations, failures }: Report): readonly TestCase[] {
  return violations.map((violation) => {
    const failure = failures.find((each) => each.rule === 'violations' && each.violation === violation)
    const name = `${sayOperation(violation)}: ${sayViolation(violation)}`
    return failure
      ? { name, failure: { message: sayViolation(violation), detail: sayWhere(violation) } }
      : { name, skipped: sayWhere(violation) }
  })
}

function unmatchedCases({ coverage, failures }: Report): readonly TestCase[] {
  return coverage.unmatched.map((call) => {
    const failure = failures.find((each) => each.rule === 'unmatched' && each.call === call)
    const name = `${call.method} ${call.path}`
    return failure ? { name, ...failed(failure) } : { name, skipped: sayUnmatched(call) }
  })
}

function pointCases({ operation, points }: OperationCoverage, failures: readonly Failure[]): readonly TestCase[] {
  return points.map((point) => {
    const failure = failures.find(
      (each) => each.rule === 'uncovered' && each.operation === operation && each.point === point,
    )
    const name = sayPoint(point)
    if (failure) return { name, ...failed(failure) }
    return point.calls === 0 ? { name, skipped: 'never seen' } : { name }
  })
}

function failed(failure: Failure | undefined): Pick<TestCase, 'failure'> {
  return failure ? { failure: { message: sayFailure(failure), detail: sayFailure(failure) } } : {}
}

function suiteXml({ name, cases }: TestSuite, id: number, timestamp: string): string {
  const failures = cases.filter(({ failure }) => failure).length
  const skipped = cases.filter((each) => each.skipped !== undefined).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`
  const head = `name=${quoted(name)} package="ory-mock" id="${id}" timestamp="${timestamp}" hostname="localhost"`
  return [
    `  <testsuite ${head} ${counts} time="0">`,
    `    <properties><property name="ory-mock" value=${quoted(VERSION)}/></properties>`,
    ...cases.map((each) => `    ${caseXml(each, name)}`),
    '    <system-out/>',
    '    <system-err/>',
    '  </testsuite>\n',
  ].join('\n')
}

function caseXml({ name, failure, skipped }: TestCase, suite: string): string {
  const head = `<testcase name=${quoted(name)} classname=${quoted(suite)} time="0"`
  if (failure) {
    const { message, detail } = failure
    return `${head}><failure type="ory-mock" message=${quoted(message)}>${escaped(detail)}</failure></testcase>`
  }
  return skipped === undefined ? `${head}/>` : `${head}><skipped>${escaped(skipped)}</skipped></testcase>`
}

const quoted = (text: string): string => `"${escaped(text).replace(/\s+/g, ' ').trim()}"`

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return escapeMarkup(text.replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '\ufffd'))
}
