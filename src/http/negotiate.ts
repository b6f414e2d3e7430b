import type { IncomingHttpHeaders } from 'node:http'

interface Range {
  readonly type: string
  readonly q: number
}

/** The media ranges of an `Accept` header as Go's gddo/httputil reads them: it stops at the first parameter that is not `q`. */
function parseAccept(accept: string): Range[] {
  const ranges: Range[] = []
  for (const part of accept.split(',')) {
    const [type = '', parameter, ...more] = part.split(';').map((s) => s.trim())
    if (type === '') continue
    if (parameter === undefined) {
      ranges.push({ type, q: 1 })
      continue
    }
    const q = /^q=(\d+(?:\.\d+)?)$/.exec(parameter)
    if (!q) return ranges
    ranges.push({ type, q: Number(q[1]) })
    if (more.length > 0) return ranges
  }
  return ranges
}

/** The offer that the header likes best: highest q, then the more specific range, then the earlier offer. */
function negotiate(accept: string, offers: readonly string[], fallback: string): string {
  let best = fallback
  let bestQ = -1
  let bestWildness = 3
  const ranges = parseAccept(accept)
  for (const offer of offers) {
    for (const { type, q } of ranges) {
      const wildness = matches(type, offer)
      if (wildness === undefined || q === 0 || q < bestQ) continue
      if (q > bestQ || wildness < bestWildness) {
        best = offer
        bestQ = q
        bestWildness = wildness
      }
    }
  }
  return best
}

/** 2 for any type, 1 for any subtype, 0 for the type itself; undefined when the range does not cover the offer. */
function matches(range: string, offer: string): number | undefined {
  if (range === '*/*') return 2
  if (range.endsWith('/*')) return offer.startsWith(range.slice(0, -1)) ? 1 : undefined
  return range === offer ? 0 : undefined
}

const WIDE = ['text/html', 'text/*', '*/*', 'application/json']
const NARROW = ['text/html', 'application/json']

interface WithHeaders {
  readonly headers: IncomingHttpHeaders
}

/**
 * A JSON client: it prefers JSON, or sends exactly `Content-Type: application/json`. Decides between a JSON answer and a
 * redirect (kratos-login-registration-sessions §1.2, "isJSON").
 */
export function isJsonRequest({ headers }: WithHeaders): boolean {
  return (
    negotiate(headers.accept ?? '', WIDE, 'text/html') === 'application/json' ||
    headers['content-type'] === 'application/json'
  )
}

/** The narrower rule, by `Accept` alone, of the answers to a successful `/browser` init ("acceptsJSON"). */
export function acceptsJson({ headers }: WithHeaders): boolean {
  return negotiate(headers.accept ?? '', NARROW, 'text/html') === 'application/json'
}
