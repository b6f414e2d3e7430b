import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Answer, sendTo } from '../../src/verify/http-client.ts'

/** An answer that may still be changed. */
export interface Doctored {
  status: number
  /** As the server sent them; names in lower case. */
  headers: Record<string, string>
  setCookies: string[]
  text: string
}

/** A server in front of another, which changes some of its answers. */
export interface DoctoredServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * @param base the server behind
 * @param doctor changes an answer; what was called is `METHOD /path`, without sandbox and query
 */
export async function startDoctored(
  base: string,
  doctor: (call: string, answer: Doctored) => void,
): Promise<DoctoredServer> {
  const server = http.createServer((req, res) => {
    answer(req, base, doctor)
      .then(({ status, headers, setCookies, text }) => {
        res.writeHead(status, setCookies.length > 0 ? { ...headers, 'set-cookie': setCookies } : headers)
        res.end(text)
      })
      .catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

async function answer(
  req: http.IncomingMessage,
  base: string,
  doctor: (call: string, answer: Doctored) => void,
): Promise<Doctored> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const { method = 'GET', url: path = '/' } = req
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]))
  const received = await sendTo(base, { method, path, headers, body: Buffer.concat(chunks) })
  const doctored = asDoctored(received)
  doctor(`${method} ${path.replace(/^\/~[^/]+/, '').replace(/\?.*/, '')}`, doctored)
  return doctored
}

const OWN = new Set(['set-cookie', 'content-length', 'connection', 'keep-alive', 'transfer-encoding'])

function asDoctored({ status, headers, setCookies, text }: Answer): Doctored {
  const kept = Object.entries(headers).filter(([name]) => !OWN.has(name))
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    setCookies: [...setCookies],
    text,
  }
}
