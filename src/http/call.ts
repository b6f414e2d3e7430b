import type { IncomingHttpHeaders } from 'node:http'
import type { World } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'
import type { Reply, SetCookie } from './reply.ts'

/**
 * One of the operations of the document, or one of the additional routes of the real servers: from a call to a reply.
 * It may await something slow (a hash, a security key) before its one synchronous step, and then reads the world again.
 * It throws an `OryError` to refuse. It knows neither Express nor dialects nor switches.
 */
export type Operation = (call: Call) => Reply | Promise<Reply>

/** Which address a request came in by: `all` is the one-port server, the others exist with `--self-hosted`. */
export type Listener = 'all' | 'public' | 'admin' | 'read' | 'write'

/** A request as the operations see it: decoded, of one sandbox, without the sandbox's path prefix. */
export interface Call {
  readonly method: string
  /** The path without query and without `/~sandbox`. */
  readonly path: string
  /** The query as sent, without `?`. */
  readonly rawQuery: string
  readonly query: URLSearchParams
  /** Decoded path parameters, by their name in the document. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  readonly cookies: ReadonlyMap<string, string>
  readonly body: RequestBody
  readonly listener: Listener
  readonly urls: Urls
  readonly world: World
  /** The worlds beside it, for the operations on projects. */
  readonly worlds: Worlds
  /** The anti-CSRF token of a request on the public API; `regenerateCsrf` (flows/csrf.ts) replaces it. */
  csrf: CsrfToken
}

export interface RequestBody {
  /** The header as sent; `undefined` when there is none. */
  readonly contentType: string | undefined
  /** The body as text, `''` when there is none. */
  readonly text: string
}

/** What the request's cookie says, or what a new cookie will say. */
export interface CsrfToken {
  /** Base64 of 32 bytes. */
  readonly value: string
  /** Cookies that the reply must set, in the order in which they were made. */
  readonly cookies: readonly SetCookie[]
}

/** The addresses that replies are made of; none ends in a slash. They carry the sandbox where path or host chose it. */
export interface Urls {
  /** `http` or `https`, host and sandbox prefix of this very request: what `request_url` begins with. */
  readonly request: string
  readonly public: string
  readonly admin: string
  /** What mailed links and social callbacks begin with: with the sandbox's path prefix where nothing else would lead there. */
  readonly links: string
  /** The public base URL exactly as configured: the CSRF cookie's name is its hash. */
  readonly publicBase: string
}
