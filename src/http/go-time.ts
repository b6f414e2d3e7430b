import { GoJsonError } from './go-json.ts'
import { goQuote } from './go-text.ts'

/** The parts of RFC 3339 in the order in which Go reads them, each under the name that its errors give it. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d/],
  [':', /^:/],
  ['04', /^\d\d/],
  [':', /^:/],
  ['05', /^\d\d(?:\.\d+)?/],
  ['Z07:00', /^(?:Z|[+-]\d\d:\d\d)/],
]

/**
 * An instant of RFC 3339 in milliseconds.
 * @throws GoJsonError in Go's words: `parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"`
 */
export function parseGoTime(text: string): number {
  let rest = text
  for (const [name, pattern] of PARTS) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) {
      const layout = '"2006-01-02T15:04:05Z07:00"'
      throw new GoJsonError(
        `parsing time ${goQuote(text)} as ${layout}: cannot parse ${goQuote(rest)} as ${goQuote(name)}`,
      )
    }
    rest = rest.slice(found.length)
  }
  if (rest !== '') throw new GoJsonError(`parsing time ${goQuote(text)}: extra text: ${goQuote(rest)}`)
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new GoJsonError(`parsing time ${goQuote(text)}: day out of range`)
  return at
}
