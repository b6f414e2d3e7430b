import http from 'node:http'
import https from 'node:https'
import type { Json } from '../json.ts'

/** A request exactly as it is to be sent: nothing is added but what HTTP itself needs. */
export interface OutgoingRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer | undefined
}

/** What came back. Redirects are not followed. */
export interface Answer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly setCookies: readonly string[]
  readonly text: string
  /** The parsed body; undefined when it is no JSON. */
  readonly json: Json | undefined
}

/** In milliseconds. */
const PATIENCE = 15_000

/**
 * Sends one request.
 * @param base where the server listens, such as `http://127.0.0.1:4433`. The `Host` is this address unless headers name another.
 * @throws when no answer comes within 15 seconds
 */
export function sendTo(base: string, { method, path, headers = {}, body }: OutgoingRequest): Promise<Answer> {
  const { protocol, hostname, port, pathname } = new URL(base)
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    method,
    path: (pathname === '/' ? '' : pathname.replace(/\/$/, '')) + path,
    headers: { ...headers, ...lengthOf(method, headers, body) },
  }
  return new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? https : http).request(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))))
    })
    request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer in ${PATIENCE} ms: ${method} ${path}`)))
    request.on('error', reject)
    request.end(body)
  })
}

function answerOf({ statusCode: status = 0, headers }: http.IncomingMessage, text: string): Answer {
  return { status, headers, setCookies: headers['set-cookie'] ?? [], text, json: parse(text) }
}

/** Clients name the length, also of nothing; GET and HEAD without a body name none. */
function lengthOf(method: string, headers: Readonly<Record<string, string>>, body: string | Buffer | undefined) {
  const named = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name))
  if (named || (body === undefined && (method === 'GET' || method === 'HEAD'))) return {}
  return { 'Content-Length': String(Buffer.byteLength(body ?? '')) }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
