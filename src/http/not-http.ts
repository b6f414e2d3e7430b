import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'

/* What Node's parser refuses never becomes a request: it is answered here, as Node would, and told what is allowed. */

const ANSWERS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** @param maxHeaders how many bytes the first line and the headers of a request may take */
export function answerWhatIsNoRequest(server: Server, maxHeaders: number): void {
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const status = ANSWERS[code] ?? '400 Bad Request'
    const body = code === 'HPE_HEADER_OVERFLOW' ? tooLarge(status, maxHeaders) : ''
    const type = body === '' ? '' : 'Content-Type: application/json\r\n'
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\n${type}Content-Length: ${body.length}\r\n\r\n`
    socket.end(head + body, () => socket.destroy())
  })
}

function tooLarge(line: string, maxHeaders: number): string {
  const [code, ...phrase] = line.split(' ')
  const status = phrase.join(' ')
  const reason = `The first line and the headers of the request take more than ${maxHeaders} bytes. --max-headers allows more.`
  return `${JSON.stringify({ error: { code: Number(code), status, reason, message: 'The headers are too large' } })}\n`
}
