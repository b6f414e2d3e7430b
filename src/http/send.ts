import type { OutgoingHttpHeader, ServerResponse } from 'node:http'
import { serialiseCookie } from './cookies.ts'
import { encodeJson, encodingOf } from './encode.ts'
import type { Reply } from './reply.ts'

/** A reply with everything decided: what goes over the wire, and what the contract judges. */
export interface FinalReply extends Reply {
  readonly headers: Readonly<Record<string, string>>
  /** What is written: the JSON, the text or nothing. */
  readonly payload: string
}

/** How an answer is kept from arriving on purpose: nothing is sent, the connection breaks before it, or in its middle. */
export type Fault = 'hang' | 'reset' | 'half'

/** A reply as it went out, or as it would have. */
export interface SentReply extends FinalReply {
  readonly fault?: Fault
}

/**
 * Decides content type and payload.
 * @param extra headers of the server around the operation: caching, CORS, violations
 */
export function finalise(reply: Reply, extra: Readonly<Record<string, string>>): FinalReply {
  if (reply.body === undefined) return { ...reply, headers: { ...extra, ...reply.headers }, payload: reply.text ?? '' }
  const headers = { 'Content-Type': 'application/json; charset=utf-8', ...extra, ...reply.headers }
  return { ...reply, headers, payload: encodeJson(reply.body, !reply.unescaped) }
}

/** The one place that writes an answer. @param now the world's time, which `Date` and cookies show, in milliseconds */
export function send(res: ServerResponse, reply: FinalReply, now: number): void {
  const length = Buffer.byteLength(reply.payload)
  writeHead(res, reply, now, length)
  res.end(reply.payload, encodingOf(reply.payload, length))
}

/** Writes an answer and breaks the connection in the middle of its body. */
export function sendHalf(res: ServerResponse, reply: FinalReply, now: number): void {
  const payload = Buffer.from(reply.payload)
  writeHead(res, reply, now, payload.length)
  res.write(payload.subarray(0, payload.length >> 1), () => res.socket?.destroy())
}

function writeHead(res: ServerResponse, reply: FinalReply, now: number, length: number): void {
  const headers: OutgoingHttpHeader[] = ['Date', new Date(now).toUTCString()]
  for (const [name, value] of Object.entries(reply.headers)) headers.push(name, value)
  if (reply.cookies && reply.cookies.length > 0) {
    headers.push(
      'Set-Cookie',
      reply.cookies.map((c) => serialiseCookie(c, now)),
    )
  }
  if (reply.status !== 204) headers.push('Content-Length', length)
  res.writeHead(reply.status, headers)
}
