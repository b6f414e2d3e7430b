import http from 'node:http'
import https from 'node:https'

/** A server behind the proxy, for one of its addresses. */
export interface Upstream {
  /** Without a slash at the end: `https://slug.projects.oryapis.com`, `http://127.0.0.1:4434`. */
  readonly base: string
  /** What stands in `Host` when it is asked in its own name. */
  readonly host: string
  /** The path before all of its paths; mostly `''`. */
  readonly prefix: string
  readonly secure: boolean
  readonly open: (options: http.RequestOptions) => http.ClientRequest
}

/** So long, in milliseconds, an unused connection is kept: shorter than any server keeps it, so that none is used that is closing. */
const IDLE = 2_000

export function createUpstream(base: string): Upstream {
  const url = new URL(base)
  const secure = url.protocol === 'https:'
  const { request, Agent } = secure ? https : http
  const agent = new Agent({ keepAlive: true, timeout: IDLE })
  // a name in brackets is an address of IPv6
  const [host, port] = [url.hostname.replace(/^\[|\]$/g, ''), url.port]
  return {
    base: base.replace(/\/+$/, ''),
    host: url.host,
    prefix: url.pathname.replace(/\/+$/, ''),
    secure,
    open: (options) => request({ ...options, agent, host, port }),
  }
}

export interface ForwardedRequest {
  readonly method: string
  /** With the query, as it stands in the request line. */
  readonly target: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** What a server behind answered. */
export interface UpstreamAnswer {
  readonly message: http.IncomingMessage
  /** The whole body, or its beginning when `rest` is still to come. */
  readonly body: Buffer
  /** The answer is larger than what is held in memory: what follows is to be passed on as it comes. */
  readonly isWhole: boolean
}

export interface Patience {
  /** So long, in milliseconds, may pass without a sign of life. */
  readonly timeout: number
  /** So many bytes of an answer are held in memory. */
  readonly held: number
  /** The client went away: nobody waits any more. */
  readonly gone: AbortSignal
}

/** The server behind was too slow. */
export class TooSlow extends Error {}

/**
 * Sends a request on and waits for the answer, until all of it is there or it is too large to be held.
 * @throws whatever breaks the connection; TooSlow
 */
export function forward(upstream: Upstream, request: ForwardedRequest, patience: Patience): Promise<UpstreamAnswer> {
  const { method, target, headers, body } = request
  const { timeout, held, gone } = patience
  return new Promise((resolve, reject) => {
    const outgoing = upstream.open({ method, path: upstream.prefix + target, headers: [...headers], signal: gone })
    outgoing.setTimeout(timeout, () => {
      reject(new TooSlow(`nothing came for ${timeout} ms`))
      outgoing.destroy()
    })
    // what breaks after that has been told already
    outgoing.on('error', reject)
    outgoing.once('response', (message) => collect(message, held, resolve, reject))
    outgoing.end(body)
  })
}

function collect(
  message: http.IncomingMessage,
  held: number,
  resolve: (answer: UpstreamAnswer) => void,
  reject: (error: unknown) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  const take = (chunk: Buffer): void => {
    chunks.push(chunk)
    size += chunk.length
    if (size <= held) return
    message.pause()
    message.off('data', take).off('end', end).off('error', reject)
    resolve({ message, body: Buffer.concat(chunks), isWhole: false })
  }
  const end = (): void => resolve({ message, body: joined(chunks), isWhole: true })
  message.on('data', take).once('end', end).once('error', reject)
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
