import { goQuote } from './go-text.ts'

/*
 * Numbers in queries, as Go's strconv reads them.
 */

/** The message of a number that cannot be read, e.g. `strconv.ParseInt: parsing "x": invalid syntax`. */
export class NumberError extends Error {}

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/**
 * `strconv.ParseInt(text, 0, 64)`: decimal, `0x`, `0o`, `0b` or a leading `0`, with underscores between digits.
 * @throws NumberError with Go's text
 */
export function parseInt64(text: string): bigint {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  const plain = withoutUnderscores(digits)
  if (plain === undefined || !INTEGER.test(plain))
    throw new NumberError(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`)
  // BigInt reads 0x, 0o and 0b, and takes a leading zero for decimal
  const magnitude = BigInt(plain.replace(/^0(?=[0-9])/, '0o'))
  const value = sign === '-' ? -magnitude : magnitude
  if (value > MAX_INT64 || value < MIN_INT64)
    throw new NumberError(`strconv.ParseInt: parsing ${goQuote(text)}: value out of range`)
  return value
}

const INTEGER = /^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/

/** Underscores may only stand between digits, or between the base's prefix and a digit. */
function withoutUnderscores(digits: string): string | undefined {
  if (!digits.includes('_')) return digits
  // without a prefix the number is decimal for this rule, and `1_000` is fine
  const body = digits.replace(/^0[xXoObB]/, '0')
  return /^[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*$/.test(body) ? digits.replaceAll('_', '') : undefined
}
