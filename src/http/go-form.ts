import { goQuote } from './go-text.ts'

/** A query or form body as Go reads it: every key with its values in order, and the first thing wrong with it. */
export interface GoForm {
  readonly values: ReadonlyMap<string, readonly string[]>
  /** `invalid URL escape "%zz"` */
  readonly error?: string
}

/** `url.ParseQuery`: pairs that cannot be read are left out and reported. */
export function parseGoForm(text: string): GoForm {
  const values = new Map<string, string[]>()
  let error: string | undefined
  for (const pair of text.split('&')) {
    if (pair === '') continue
    if (pair.includes(';')) {
      error = 'invalid semicolon separator in query'
      continue
    }
    const equals = pair.indexOf('=')
    const [key, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    const broken = brokenEscape(key) ?? brokenEscape(value)
    if (broken !== undefined) {
      error ??= `invalid URL escape ${goQuote(broken)}`
      continue
    }
    const name = unescapeQuery(key)
    const known = values.get(name)
    if (known) known.push(unescapeQuery(value))
    else values.set(name, [unescapeQuery(value)])
  }
  return error === undefined ? { values } : { values, error }
}

/** The first `%` that is not followed by two hexadecimal digits, with what follows it, as far as Go shows it. */
function brokenEscape(text: string): string | undefined {
  const at = text.search(/%(?![0-9A-Fa-f]{2})/)
  return at === -1 ? undefined : text.slice(at, at + 3)
}

/** Bytes that are no UTF-8 become replacement characters. */
function unescapeQuery(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return Buffer.from(
      spaced.replace(/%([0-9A-Fa-f]{2})|[^%]+/g, (part, hex: string | undefined) =>
        hex === undefined
          ? Buffer.from(part, 'utf8').toString('latin1')
          : String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      'latin1',
    ).toString('utf8')
  }
}
