import net from 'node:net'

/** What came back over one connection, read as far as a test needs it. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number
  /** Status line and headers. */
  readonly head: string
  readonly body: string
  /** How many answers came: one request has exactly one. */
  readonly count: number
}

const PATIENCE = 10_000

/**
 * Writes bytes to a port of this machine and reads until the server has answered and closed, or the client gives up.
 * @param chunks written one after the other; the last request says `Connection: close`, or is broken so that the server ends it
 * @throws when nothing ends within ten seconds: the server hangs
 */
export function sendRaw(port: number, ...chunks: readonly (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = []
    const socket = net.connect(port, '127.0.0.1', () => {
      for (const chunk of chunks) socket.write(chunk)
    })
    const impatient = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no end within ${PATIENCE} ms; so far: ${Buffer.concat(received).toString('latin1')}`))
    }, PATIENCE)
    socket.on('data', (chunk) => received.push(chunk))
    // the server may close while a large body is still on its way
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(impatient)
      resolve(read(Buffer.concat(received).toString('utf8')))
    })
  })
}

function read(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0)
  const count = text.match(/^HTTP\/1\.1 \d{3} /gm)?.length ?? 0
  return { status, head, body: end < 0 ? '' : text.slice(end + 4), count }
}

/** A request as text, with the header lines given and an end of the connection. */
export function request(line: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = { Host: 'localhost', Connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
