/*
 * How Go prints values in the texts of its errors. The real servers are Go programs and pass these texts on, so that a
 * client sees them word for word.
 */

/** A character that Go prints as it is: letters, marks, numbers, punctuation, symbols and the plain space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

/** Whether Go prints a character as it is. */
export function isPrintable(char: string): boolean {
  return PRINTABLE.test(char)
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
])

/** What needs no escape: ASCII that can be printed, without quotes and backslashes. */
const PLAIN = /^[ !#-[\]-~]*$/

/** `strconv.Quote`: the text between double quotes, everything that cannot be printed escaped. */
export function goQuote(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  let out = ''
  for (const char of text) out += char === '"' ? '\\"' : escapeChar(char)
  return `"${out}"`
}

/** How `encoding/json` names the offending byte of a broken text: `'b'`, `'\n'`, `'\''`, `'"'`. */
export function goQuoteByte(byte: number): string {
  if (byte === 0x27) return "'\\''"
  if (byte === 0x22) return `'"'`
  return `'${escapeChar(String.fromCharCode(byte))}'`
}

/** A finite number as `strconv.FormatFloat(n, 'f', -1, 64)` writes it: never with an exponent. */
export function goDecimal(n: number): string {
  const text = String(n)
  const at = text.indexOf('e')
  if (at === -1) return text
  const [sign, digits] = text.startsWith('-') ? ['-', text.slice(1, at)] : ['', text.slice(0, at)]
  const [whole = '', fraction = ''] = digits.split('.')
  const point = whole.length + Number(text.slice(at + 1))
  const all = whole + fraction
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`
}

/** A number as `%v` prints a `big.Float`: shortest form, with an exponent from a million on and below 0.0001. */
export function goBigFloat(n: number): string {
  const size = Math.abs(n)
  if (n === 0 || (size >= 1e-4 && size < 1e6)) return goDecimal(n)
  const [mantissa = '', exponent = '0'] = n.toExponential().split('e')
  const power = Math.abs(Number(exponent))
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${String(power).padStart(2, '0')}`
}

function escapeChar(char: string): string {
  if (char === '\\') return '\\\\'
  if (isPrintable(char)) return char
  const short = SHORT_ESCAPES.get(char)
  if (short !== undefined) return short
  const code = char.codePointAt(0) ?? 0xfffd
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd'
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}
