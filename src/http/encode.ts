const SPECIAL = ['<', '>', '&', '\u2028', '\u2029']
const EVERY_SPECIAL = /[<>&\u2028\u2029]/g

/**
 * JSON as Go's encoder writes it: `<`, `>`, `&` and the line separators escaped, a newline at the end.
 * @param escaped off where the real servers turn it off
 */
export function encodeJson(value: unknown, escaped = true): string {
  const text = JSON.stringify(value)
  // plain searches take a fifteenth of the time that the expression takes to find nothing
  if (!escaped || !SPECIAL.some((char) => text.includes(char))) return `${text}\n`
  return `${text.replace(EVERY_SPECIAL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}

/**
 * How a text is written fastest: of ASCII alone it is the same bytes in latin1, which Node need not encode.
 * @param size of the text in UTF-8, in bytes
 */
export const encodingOf = (text: string, size: number): 'latin1' | 'utf8' => (size === text.length ? 'latin1' : 'utf8')
