import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** A request and its answer, byte by byte. */
export interface Recorded {
  readonly request: Buffer
  readonly answer: Buffer
}

export interface Recorder {
  readonly port: number
  /** What went through it, in order. */
  readonly recorded: readonly Recorded[]
  readonly close: () => Promise<void>
}

/** Stands in front of a server and keeps every byte of what is sent and answered. */
export async function recordTo(target: number): Promise<Recorder> {
  const recorded: Recorded[] = []
  const server = createServer((req, res) => {
    void bytesOf(req).then(async (request) => {
      const answer = await exchange(target, request)
      recorded.push({ request, answer })
      res.socket?.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections())
  return { port: (server.address() as AddressInfo).port, recorded, close }
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  const lines = [`${req.method} ${req.url} HTTP/1.1`]
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    if (!/^connection$/i.test(req.rawHeaders[at] ?? '')) lines.push(`${req.rawHeaders[at]}: ${req.rawHeaders[at + 1]}`)
  }
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`), ...chunks])
}

/** Sends the bytes and gives back all that come, until the server closes. */
export function exchange(port: number, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks)))
  })
}
