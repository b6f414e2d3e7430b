/**
 * A query string as Go's `url.ParseQuery` reads it: pairs with a semicolon or a broken escape are left out, and the others
 * still count.
 * @param raw without `?`
 */
export function parseGoQuery(raw: string): URLSearchParams {
  if (!SUSPECT.test(raw)) return new URLSearchParams(raw)
  const sound = raw.split('&').filter((pair) => !BROKEN.test(pair))
  // URLSearchParams would take a question mark at the beginning for its own
  return new URLSearchParams(`&${sound.join('&')}`)
}

const SUSPECT = /[;%]|^\?/
const BROKEN = /;|%(?![0-9a-f]{2})/i
