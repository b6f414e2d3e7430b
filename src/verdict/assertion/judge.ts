import { violationsOf } from '../entry.ts'
import type { CallPattern, Expectation, NearCall, Outcome, ViolationPattern } from './expectation.ts'
import { type Judged, type Mismatch, mismatchesWith } from './match-call.ts'
import { describePattern, expectedCount, type Failure, lineOf, list, times } from './words.ts'

/** What of the journal is judged. */
export interface JudgedJournal {
  /** Oldest first. */
  readonly calls: readonly Judged[]
  /** How many older ones the journal has forgotten. */
  readonly forgotten: number
}

/** So many calls that came near are shown. */
const NEAREST = 3

/** Whether the journal is as expected; if not, what came nearest and why it is not that. */
export function judge(expectation: Expectation, journal: JudgedJournal): Outcome {
  const { called, in_order, never_violated } = expectation
  if (called) return judgeCalled(called, expectation, journal)
  if (in_order) return judgeOrder(in_order, journal)
  return judgeViolations(never_violated ?? {}, journal)
}

interface Compared {
  readonly call: Judged
  readonly mismatches: readonly Mismatch[]
}

function judgeCalled(pattern: CallPattern, expectation: Expectation, journal: JudgedJournal): Outcome {
  const compared = journal.calls.map((call) => ({ call, mismatches: mismatchesWith(pattern, call) }))
  const matched = compared.filter(({ mismatches }) => mismatches.length === 0).map(({ call }) => call)
  const [least, most] = boundsOf(expectation)
  const ids = matched.map(({ recorded }) => recorded.id)
  const expected = `${describePattern(pattern)}was expected ${expectedCount(least, most)}`
  if (matched.length > most) {
    return failed(ids, [`${expected}, and was called ${times(matched.length)}:`, ...matched.map(lineOf)], [])
  }
  if (matched.length < least) {
    const found = [`${expected}, and was ${matched.length === 0 ? 'never called' : `called ${times(matched.length)}`}.`]
    if (matched.length > 0) found.push(...matched.map(lineOf))
    return failed(ids, [...found, ...forgetful(journal)], nearest(compared))
  }
  // what is forgotten could be one too many
  if (most < Number.POSITIVE_INFINITY && journal.forgotten > 0) {
    return failed(ids, [`${expected}. Nobody can tell.`, ...forgetful(journal)], [])
  }
  return { matched: ids, failure: undefined }
}

function boundsOf({ times: exactly, at_least, at_most }: Expectation): readonly [least: number, most: number] {
  if (exactly !== undefined) return [exactly, exactly]
  return [at_least ?? (at_most === undefined ? 1 : 0), at_most ?? Number.POSITIVE_INFINITY]
}

function judgeOrder(patterns: readonly CallPattern[], journal: JudgedJournal): Outcome {
  const matched: Judged[] = []
  let from = 0
  for (const [step, pattern] of patterns.entries()) {
    const compared = journal.calls.map((call) => ({ call, mismatches: mismatchesWith(pattern, call) }))
    const at = compared.findIndex(({ mismatches }, index) => index >= from && mismatches.length === 0)
    const found = journal.calls[at]
    if (!found) return outOfOrder({ step, of: patterns.length, pattern, matched }, compared, from, journal)
    matched.push(found)
    from = at + 1
  }
  return { matched: matched.map(({ recorded }) => recorded.id), failure: undefined }
}

interface Step {
  readonly step: number
  readonly of: number
  readonly pattern: CallPattern
  /** The calls of the steps before. */
  readonly matched: readonly Judged[]
}

function outOfOrder(
  { step, of, pattern, matched }: Step,
  compared: readonly Compared[],
  from: number,
  journal: JudgedJournal,
): Outcome {
  const before = compared
    .slice(0, from)
    .filter(({ mismatches, call }) => mismatches.length === 0 && !matched.includes(call))
  const place = step === 0 ? '' : `, after step ${step}`
  const lines = [
    `Step ${step + 1} of ${of}: ${describePattern(pattern)}was not called${place}.`,
    ...matched.map((call, index) => `  step ${index + 1} was ${lineOf(call).trim()}`),
    ...(before.length > 0 ? ['It was called too early:', ...before.map(({ call }) => lineOf(call))] : []),
    ...forgetful(journal),
  ]
  return failed(
    matched.map(({ recorded }) => recorded.id),
    lines,
    nearest(compared.slice(from)),
  )
}

function judgeViolations({ side, operation }: ViolationPattern, journal: JudgedJournal): Outcome {
  const broken = journal.calls.flatMap((call) => {
    if (operation !== undefined && call.operation !== operation) return []
    const violations = violationsOf(call.recorded).filter((each) => side === undefined || each.side === side)
    return violations.length === 0
      ? []
      : [{ call, violations: call.masked.violations.filter((each) => side === undefined || each.side === side) }]
  })
  const who = side === undefined ? 'Nobody' : side === 'request' ? 'No request' : 'No answer'
  const what = `${who} was expected to break the contract${operation === undefined ? '' : ` of ${operation}`}`
  if (broken.length > 0) {
    const calls = broken.map(({ call, violations }) => ({
      ...summary(call),
      mismatches: violations.map(
        (each) => `${each.side} ${each.in}${each.pointer === '' ? '' : ` ${each.pointer}`}: ${each.message}`,
      ),
    }))
    const ids = broken.map(({ call }) => call.recorded.id)
    return failed(
      ids,
      [`${what}, and ${broken.length === 1 ? 'one call' : `${broken.length} calls`} did:`, ...list(calls)],
      [],
      calls,
    )
  }
  if (journal.forgotten > 0) return failed([], [`${what}. Nobody can tell.`, ...forgetful(journal)], [])
  return { matched: [], failure: undefined }
}

/** The calls that are least unlike, and of those the newest. */
function nearest(compared: readonly Compared[]): readonly NearCall[] {
  const unlike = compared.filter(({ mismatches }) => mismatches.length > 0).reverse()
  const weightOf = ({ mismatches }: Compared) => mismatches.reduce((sum, { weight }) => sum + weight, 0)
  return unlike
    .map((each) => ({ each, weight: weightOf(each) }))
    .sort((one, other) => one.weight - other.weight)
    .slice(0, NEAREST)
    .map(({ each: { call, mismatches } }) => ({ ...summary(call), mismatches: mismatches.map(({ text }) => text) }))
}

function summary({ masked, recorded }: Judged): Omit<NearCall, 'mismatches'> {
  return { id: recorded.id, method: recorded.method, path: masked.path, status: recorded.status }
}

function forgetful({ forgotten }: JudgedJournal): readonly string[] {
  if (forgotten === 0) return []
  return [
    `The journal has forgotten ${forgotten} older ${forgotten === 1 ? 'call' : 'calls'}: empty it before what is to be judged, or keep more (--journal-size, --journal-bytes).`,
  ]
}

/** @param shown the calls that the lines show already */
function failed(matched: readonly number[], lines: Failure, near: readonly NearCall[], shown = near): Outcome {
  const nearLines = near.length === 0 ? [] : ['Nearest:', ...list(near)]
  return { matched, failure: { message: [...lines, ...nearLines].join('\n'), nearest: shown } }
}
