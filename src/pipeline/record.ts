import type { SetCookie } from '../http/reply.ts'
import type { SentReply } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import type { Exchange } from './exchange.ts'

/**
 * Writes the exchange into its sandbox's journal: what the client sent, not what switches made of it. It is on the way of
 * every request: one object, made of references.
 * @param cookieLines `Set-Cookie` as a server behind wrote them, where the reply was passed on
 */
export function record(mock: Mock, exchange: Exchange, reply: SentReply, cookieLines?: readonly string[]): void {
  const { sandbox, address, req } = exchange
  const { journal } = sandbox
  if (journal.isOn) {
    journal.record({
      id: journal.nextId(),
      sandbox: sandbox.name,
      at: exchange.at,
      order: mock.journals.next(),
      micros: Math.round((performance.now() - exchange.startedAt) * 1000),
      method: exchange.method,
      front: address.front,
      target: req.url ?? '/',
      path: address.path,
      rawQuery: address.rawQuery,
      operation: exchange.match?.operation.operationId,
      status: reply.status,
      fault: reply.fault,
      requestBreaches: exchange.violations,
      responseBreaches: exchange.replyViolations,
      switches: exchange.switches,
      noted: exchange.noted,
      requestHeaders: req.rawHeaders,
      requestType: exchange.received.contentType,
      requestBody: exchange.received.text,
      responseHeaders: reply.headers,
      cookies: reply.cookies ?? NO_COOKIES,
      cookieLines,
      sentAfter: exchange.world.now() - exchange.at,
      responseBody: reply.payload,
      flowState: flowStateOf(reply.body),
    })
  }
  mock.onExchange?.(`${sandbox.name} ${exchange.method} ${exchange.path} ${reply.status}`)
}

const NO_COOKIES: readonly SetCookie[] = []

/** A flow is what has a `ui` to be drawn. */
function flowStateOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, 'ui')) return undefined
  const { state } = body as { readonly state?: unknown }
  return typeof state === 'string' ? state : undefined
}
