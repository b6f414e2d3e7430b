import http from 'node:http'
import type { Json } from '../../src/json.ts'

/** A request exactly as it is to be sent: nothing is added but what HTTP itself needs. */
export interface OutgoingRequest {
  /** Of 127.0.0.1. The `Host` is this address unless `headers` name another. */
  readonly port: number
  readonly method: string
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

const PATIENCE = 15_000

/** Sends one request. @throws when no answer comes within 15 seconds, so that a hang is a failed test */
export function send({ port, method, path, headers = {}, body }: OutgoingRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers, ...lengthOf(method, headers, body) } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, headers: received, setCookies: received['set-cookie'] ?? [], text, json: parse(text) })
        })
      },
    )
    request.setTimeout(PATIENCE, () => request.destroy(new Error(`no answer in ${PATIENCE} ms: ${method} ${path}`)))
    request.on('error', reject)
    request.end(body)
  })
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
