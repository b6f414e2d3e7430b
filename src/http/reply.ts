/** What an operation answers. `body` is sent as JSON, `text` as it is; a reply has one of them or neither. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly SetCookie[]
  readonly body?: unknown
  /** The JSON is sent with `<`, `>` and `&` as they are, not as `\u003c` …: a link that people copy. */
  readonly unescaped?: boolean
  readonly text?: string
  /** The body is as the dialect wants it already. */
  readonly inDialect?: true
}

/** One `Set-Cookie`. `maxAge` in seconds; absent for a cookie of the browser session. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly domain?: string | undefined
  readonly maxAge?: number | undefined
  /** Also writes `Expires`, which the CSRF cookie of the real servers lacks. */
  readonly expires?: boolean
  readonly sameSite: 'Lax' | 'Strict' | 'None'
  readonly secure: boolean
}

/** 200 with a JSON body. */
export function ok(body: unknown, rest: Omit<Reply, 'status' | 'body'> = {}): Reply {
  return { status: 200, body, ...rest }
}

export function created(body: unknown, location: string): Reply {
  return { status: 201, body, headers: { Location: location } }
}

export function noContent(rest: Omit<Reply, 'status' | 'body'> = {}): Reply {
  return { status: 204, ...rest }
}

/** A redirect as Go's `http.Redirect` sends it: on GET and HEAD with a short HTML page, else without a body. */
export function redirect(
  status: 301 | 302 | 303 | 307,
  location: string,
  method: string,
  rest: Omit<Reply, 'status'> = {},
): Reply {
  const headers: Record<string, string> = { ...rest.headers, Location: location }
  if (method !== 'GET' && method !== 'HEAD') return { ...rest, status, headers }
  headers['Content-Type'] = 'text/html; charset=utf-8'
  const text = `<a href="${escapeHtml(location)}">${REDIRECTS[status]}</a>.\n\n`
  return { ...rest, status, headers, text: method === 'HEAD' ? '' : text }
}

const REDIRECTS = { 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 307: 'Temporary Redirect' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
