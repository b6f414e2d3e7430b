import type { Millis } from '../state/clock.ts'

type Unit = 'ms' | 's' | 'm' | 'h'
type Part = `${number}${Unit}`

/** A Go duration, as far as a compiler can tell: `'300ms'`, `'30m'`, `'1h30m'`. */
export type Duration = Part | `${Part}${Part}` | `${Part}${Part}${Part}`

/** The name under which JSON Schemas ask for a duration. */
export const DURATION_FORMAT = 'go-duration'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
])

const WHOLE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g

/** What a duration may look like, for messages. */
export const DURATION_HINT = 'Write a Go duration such as "30m", "1h30m", "1.5h" or "300ms".'

/**
 * A length of time as Go writes it (`time.ParseDuration`): numbers, fractions allowed, each with a unit, in sequence.
 * @returns milliseconds (fractions of one kept), or `undefined` when the text is none
 */
export function parseDuration(text: string): Millis | undefined {
  if (/^[+-]?0$/.test(text)) return 0
  if (!WHOLE.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNITS.get(unit ?? '') ?? 0)
  return text.startsWith('-') ? -total : total
}

/** A length of time as Go writes it (`Duration.String`): `30m0s`, `1h30m0s`, `1.5s`, `300ms`, `0s`. */
export function formatDuration(length: Millis): string {
  if (length === 0) return '0s'
  const sign = length < 0 ? '-' : ''
  const all = Math.abs(length)
  if (all < 1_000) return `${sign}${all}ms`
  const hours = Math.floor(all / 3_600_000)
  const minutes = Math.floor(all / 60_000) % 60
  const seconds = (all % 60_000) / 1_000
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`
}
