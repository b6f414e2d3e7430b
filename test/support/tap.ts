import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message as it stood on the wire. */
export interface RawMessage {
  /** `METHOD /path` or `STATUS phrase`. */
  readonly line: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
  /** A character a byte. */
  readonly body: string
}

/** A server in front of another that passes everything on and remembers what went past. */
export interface Tap {
  readonly port: number
  readonly seen: { readonly request: RawMessage; readonly answer: RawMessage }[]
  readonly close: () => Promise<void>
}

export async function startTap(port: number): Promise<Tap> {
  const seen: { request: RawMessage; answer: RawMessage }[] = []
  const server = http.createServer(async (req, res) => {
    const request = { line: `${req.method} ${req.url}`, headers: req.rawHeaders, body: await bodyOf(req) }
    const answer = await sendRaw(port, request)
    seen.push({ request, answer })
    const [, status, phrase = ''] = /^(\d+) (.*)$/.exec(answer.line) ?? []
    res.writeHead(Number(status), phrase, withoutConnection(answer.headers))
    res.end(req.method === 'HEAD' ? undefined : Buffer.from(answer.body, 'latin1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections())
  return { port: (server.address() as AddressInfo).port, seen, close }
}

/** Sends a request to a port of 127.0.0.1 exactly as it is. */
export function sendRaw(port: number, { line, headers, body }: RawMessage): Promise<RawMessage> {
  const [, method, path] = /^(\S+) (.*)$/.exec(line) ?? []
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers: withoutConnection(headers), agent: false }
    const request = http.request(options, async (response) => {
      const { statusCode, statusMessage, rawHeaders } = response
      resolve({ line: `${statusCode} ${statusMessage}`, headers: rawHeaders, body: await bodyOf(response) })
    })
    request.once('error', reject)
    request.end(Buffer.from(body, 'latin1'))
  })
}

async function bodyOf(message: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  // every byte as it is
  return Buffer.concat(chunks).toString('latin1')
}

const CONNECTION = /^(connection|keep-alive|transfer-encoding)$/i

/** Without the headers that belong to one connection. */
export const withoutConnection = (headers: readonly string[]): string[] =>
  headers.filter((_, at) => !CONNECTION.test(headers[at - (at % 2)] ?? ''))
