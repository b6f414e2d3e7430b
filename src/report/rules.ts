import type { CoveredPoint, OperationCoverage } from './shown-coverage.ts'
import { DIMENSIONS, type Dimension } from './shown-coverage.ts'

/** What fails a build. */
export interface Rules {
  /** In percent of the points. */
  readonly under: number | undefined
  readonly violations: boolean
  readonly unmatched: boolean
  readonly uncovered: readonly UncoveredRule[]
}

/** `uncovered=toSession:status=401`: which operations, which of their points. */
export interface UncoveredRule {
  /** As it was given. */
  readonly text: string
  /** An operationId, in which `*` stands for any letters. */
  readonly operations: string
  /** Without one the operation has to be called at all. */
  readonly dimension?: Dimension
  /** Without one every point of the dimension counts. */
  readonly value?: string
}

/** A rule that cannot be read: which, and how rules are written. */
export class UnreadableRule extends Error {}

const HOW =
  'Write violations, unmatched, none, or uncovered=OPERATION, uncovered=OPERATION:DIMENSION, uncovered=OPERATION:DIMENSION=VALUE; in OPERATION * stands for anything.'

/**
 * @param given of `--fail-on`, each with rules between commas; nothing means violations
 * @param operationIds of the contract, which patterns have to meet
 * @throws UnreadableRule
 */
export function readRules(given: readonly string[], under: string | undefined, operationIds: readonly string[]): Rules {
  const texts = given.length === 0 ? ['violations'] : given.flatMap((text) => text.split(',')).map((one) => one.trim())
  const uncovered = texts
    .filter((text) => text.startsWith('uncovered'))
    .map((text) => uncoveredRule(text, operationIds))
  const unknown = texts.find((text) => !/^(violations|unmatched|none|uncovered.*)$/s.test(text))
  if (unknown !== undefined) throw new UnreadableRule(`--fail-on does not know "${unknown}". ${HOW}`)
  return {
    under: under === undefined ? undefined : percentOf(under),
    violations: texts.includes('violations'),
    unmatched: texts.includes('unmatched'),
    uncovered,
  }
}

function percentOf(text: string): number {
  const percent = Number(text.replace(/%$/, ''))
  if (text.trim() === '' || !(percent >= 0 && percent <= 100))
    throw new UnreadableRule(`--fail-under takes a percentage from 0 to 100, not "${text}".`)
  return percent
}

const NAMES = new Map<string, Dimension>(DIMENSIONS.map((name) => [name.replaceAll(' ', '-'), name]))

function uncoveredRule(text: string, operationIds: readonly string[]): UncoveredRule {
  const [, operations, name, value] = /^uncovered=([\w*]+)(?::([\w-]+)(?:=(.+))?)?$/s.exec(text) ?? []
  if (operations === undefined) throw new UnreadableRule(`--fail-on cannot read "${text}". ${HOW}`)
  if (!operationIds.some((id) => matches(operations, id)))
    throw new UnreadableRule(`--fail-on: no operation is called "${operations}". "ory-mock operations" lists them.`)
  if (name === undefined) return { text, operations }
  const dimension = NAMES.get(name)
  if (dimension === undefined)
    throw new UnreadableRule(`--fail-on: "${name}" is none of ${[...NAMES.keys()].join(', ')}.`)
  return { text, operations, dimension, ...(value === undefined ? {} : { value }) }
}

/** Whether the pattern means the operation. */
export function matches(pattern: string, operationId: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`).test(operationId)
}

/** The points of an operation that the rule wants exercised, and that are not. Without a dimension: its first status. */
export function missing(rule: UncoveredRule, { operation, calls, points }: OperationCoverage): readonly CoveredPoint[] {
  if (!matches(rule.operations, operation)) return []
  if (rule.dimension === undefined) return calls === 0 ? points.slice(0, 1) : []
  return points.filter(
    ({ dimension, value, calls: exercised }) =>
      exercised === 0 && dimension === rule.dimension && (rule.value === undefined || rule.value === value),
  )
}
