import { Duplex } from 'node:stream'
import type { Express } from 'express'
import { createServer } from '../src/http/listen.ts'
import type { LoadRequest } from './load.ts'

/** What was answered. */
export interface Answer {
  readonly status: number
  /** As text. */
  readonly body: string
}

/** Asks one request and waits for its answer. */
export type Ask = (request: LoadRequest) => Promise<Answer>

/**
 * A client of an app in this very process, over one connection that never leaves memory: everything of the server is run
 * and measured, Node's HTTP included, but no operating system.
 */
export function connectInProcess(app: Express): Ask {
  const wire = new Wire()
  createServer(app).emit('connection', wire)
  return (request) => wire.ask(bytesOf(request))
}

/** The same request is sent many times. */
const written = new WeakMap<LoadRequest, Buffer>()

function bytesOf(request: LoadRequest): Buffer {
  const known = written.get(request)
  if (known) return known
  const { method, path, headers = {}, body = '' } = request
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`)
  if (body !== '') lines.push(`content-length: ${Buffer.byteLength(body)}`)
  const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
  written.set(request, bytes)
  return bytes
}

/** The server's end of a connection. What the server writes is the answer to the one request that is under way. */
class Wire extends Duplex {
  #received = ''
  #resolve: ((answer: Answer) => void) | undefined

  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.push(request)
    })
  }

  override _read(): void {
    // requests are pushed when they are asked
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#receive(chunk.toString())
    done()
  }

  override _writev(chunks: readonly { chunk: Buffer }[], done: () => void): void {
    this.#receive(chunks.map(({ chunk }) => chunk.toString()).join(''))
    done()
  }

  #receive(text: string): void {
    this.#received += text
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.slice(0, end)
    const body = this.#received.slice(end + 4)
    if (Buffer.byteLength(body) < Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)) return
    this.#received = ''
    this.#resolve?.({ status: Number(head.slice(9, 12)), body })
  }
}
