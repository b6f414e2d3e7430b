import type { IncomingMessage, ServerResponse } from 'node:http'
import { refusal } from '../http/guard.ts'
import { type FinalReply, finalise, send } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import type { Exchange } from './exchange.ts'
import type { Stages } from './stages.ts'

/**
 * A failure of ours: reported, and said to be one, so that it is never taken for an answer of Ory's.
 * @returns what was answered; undefined where nothing could be
 */
export function lastResort(
  mock: Mock,
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
): FinalReply | undefined {
  // a client that went away in the middle of its request waits for nothing, and nothing failed
  if (error === req.errored) {
    res.destroy()
    return undefined
  }
  mock.onFailure(error, `${req.method} ${req.url}`)
  if (res.headersSent) {
    res.destroy()
    return undefined
  }
  const reply = refusal(
    500,
    'The mock server failed on this request. This is a defect of the mock, not an answer of Ory.',
  )
  const final = finalise(reply, { 'X-Mock-Failure': 'true' })
  send(res, final, Date.now())
  return final
}

/** The same where the exchange is known: it stands in the journal, as an answer that breaks the contract. */
export function failedOn(mock: Mock, { record }: Pick<Stages, 'record'>, exchange: Exchange, error: unknown): void {
  const said = lastResort(mock, error, exchange.req, exchange.res)
  if (!said) return
  exchange.replyViolations = [{ in: 'status', pointer: '', message: 'The mock server failed on this request.' }]
  record(mock, exchange, said)
}
