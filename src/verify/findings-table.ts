import type { Json } from '../json.ts'
import { markdownTable } from './markdown-table.ts'
import type { Call } from './player.ts'
import type { Finding } from './verify.ts'

/** Differences that are one: at places of one name something else stands, in the same way. */
export interface FindingRow {
  /** A pointer into the answer; positions in lists are `*`, and `…` stands for what differs from answer to answer. */
  readonly where: string
  readonly recorded: string
  readonly here: string
  readonly times: number
  /** The answers that it shows in: an operation and the recorded status, or what was called where no operation has the route. */
  readonly answers: readonly string[]
  /** The first conversation and step that showed it. */
  readonly first: string
}

/** The `operationId` of a request; undefined where no operation has the route. */
export type OperationOf = (method: string, path: string) => string | undefined

/**
 * The differences as rows, the most frequent first. Where an answer has another status, the rest of it is another answer, and
 * only the status is told.
 */
export function rowsOf(findings: readonly Finding[], operationOf: OperationOf): FindingRow[] {
  const other = new Set(findings.filter(({ at }) => at === '/status').map(stepOf))
  const rows = new Map<string, FindingRow>()
  for (const finding of findings) {
    if (finding.at !== '/status' && other.has(stepOf(finding))) continue
    const row = rowOf(finding, operationOf)
    const key = keyOf(finding, row)
    const known = rows.get(key)
    rows.set(key, known ? both(known, row) : row)
  }
  return [...rows.values()].sort((a, b) => b.times - a.times)
}

const stepOf = ({ conversation, step }: Finding): string => `${conversation}\n${step}`

/** What makes a difference the same as another: where it stands in its object, and what became of what. */
function keyOf({ expected, actual }: Finding, { where, recorded, here }: FindingRow): string {
  const name = where.split('/').findLast((part) => part !== '*') ?? ''
  if (expected === undefined) return `${name} more`
  if (actual === undefined) return `${name} less`
  return [name, recorded, here].join('\n')
}

function both(known: FindingRow, { where, answers }: FindingRow): FindingRow {
  return {
    ...known,
    where: known.where === where ? where : `…/${where.split('/').findLast((part) => part !== '*') ?? ''}`,
    times: known.times + 1,
    answers: [...new Set([...known.answers, ...answers])],
  }
}

function rowOf(finding: Finding, operationOf: OperationOf): FindingRow {
  const { at, expected, actual, order, call, status, conversation, step } = finding
  const [recorded, here] = order ? [orderOf(expected), orderOf(actual)] : [textOf(expected), textOf(actual)]
  return {
    where: `${at.replaceAll('~1', '/').replace(/\/+(\d+(?=\/|$))?/g, (part) => (/\d/.test(part) ? '/*' : '/'))}${order ? ' (order)' : ''}`,
    recorded,
    here,
    times: 1,
    answers: [`${nameOf(call, operationOf)}${status === undefined ? '' : ` ${status}`}`],
    first: `${conversation}: ${step}`,
  }
}

function nameOf(call: Call | undefined, operationOf: OperationOf): string {
  if (call === undefined) return 'mail'
  const [path = ''] = call.path.split('?')
  return operationOf(call.method, path) ?? `${call.method} ${path}`
}

const textOf = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value))

/** What the items of a list are called. */
function orderOf(list: Json | undefined): string {
  const items = Array.isArray(list) ? list : []
  return items.map((item: Json) => /"(?:name|id)":"?([^",}]+)/.exec(textOf(item))?.[1] ?? textOf(item)).join(', ')
}

/** The rows as a table for people. */
export function findingsTable(rows: readonly FindingRow[]): string[] {
  return markdownTable(
    ['Where', 'Recorded', 'Here', 'Times', 'Answers of', 'First in'],
    rows.map(({ where, recorded, here, times, answers, first }) => [
      where,
      ...contrast(recorded, here),
      String(times),
      few(answers),
      first,
    ]),
  )
}

/** Some of a list, and how many more there are. */
export function few(names: readonly string[]): string {
  const more = names.length - 3
  return more > 0 ? `${names.slice(0, 3).join(', ')} and ${more} more` : names.join(', ')
}

/** How much of a value a table shows. */
const SHOWN = 50

/** Two values, long ones from where they begin to differ. */
function contrast(one: string, other: string): [string, string] {
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  const from = Math.max(one.length, other.length) > SHOWN ? Math.max(0, same - 15) : 0
  return [cut(one, from), cut(other, from)]
}

function cut(text: string, from: number): string {
  const begun = from > 0 ? `…${text.slice(from)}` : text
  return begun.length > SHOWN ? `${begun.slice(0, SHOWN - 1)}…` : begun
}
