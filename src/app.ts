import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { OryError } from './errors.ts'
import { guardCsrf } from './flows/csrf.ts'
import type { Listener } from './http/call.ts'
import { errorReply } from './http/error-reply.ts'
import { readBody } from './http/read-body.ts'
import type { Reply } from './http/reply.ts'
import { finalise, send } from './http/send.ts'
import type { Mock } from './mock.ts'
import { arrive } from './pipeline/arrive.ts'
import { authenticate } from './pipeline/authenticate.ts'
import { toDialect } from './pipeline/dialect.ts'
import type { Exchange } from './pipeline/exchange.ts'
import { preflight, serverHeaders, withCsrfCookies } from './pipeline/headers.ts'
import { judgeReply, judgeRequest } from './pipeline/judge.ts'
import { lastResort } from './pipeline/last-resort.ts'
import { answerOutside } from './pipeline/outside.ts'
import { record } from './pipeline/record.ts'
import { route } from './pipeline/route.ts'
import { deliver, operateSwitched } from './pipeline/switched.ts'
import { afterCookies, afterPreflight } from './simulation/switches/apply.ts'

/**
 * The whole way of a request, in its order: host and sandbox, route, body, the contract, the operation, the dialect, the
 * contract again, the wire, the journal.
 * @param listener which of the server's addresses this app answers for
 */
export function createApp(mock: Mock, listener: Listener = 'all'): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use((req: Request, res: Response, next: NextFunction) => {
    handle(mock, listener, req, res).catch(next)
  })
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => lastResort(mock, error, req, res))
  return app
}

async function handle(mock: Mock, listener: Listener, req: Request, res: Response): Promise<void> {
  const arrival = arrive(mock, listener, req, res)
  if ('refused' in arrival) return send(res, finalise(arrival.refused, {}), Date.now())
  const { exchange, headers } = arrival
  exchange.world.sweep()
  const flight = preflight(exchange)
  if (flight) return send(res, afterPreflight(mock, exchange, finalise(flight, headers)), exchange.world.now())
  const outside = await answerOutside(mock, exchange)
  if (outside) return send(res, finalise(outside, headers), exchange.world.now())

  const reply = afterCookies(exchange, withCsrfCookies(exchange, await answer(mock, exchange)))
  const written = finalise(toDialect(mock.contract.dialect, exchange, reply), {
    ...serverHeaders(exchange, reply.status),
    ...headers,
  })
  const judged = await judgeReply(mock, exchange, written)
  const sent = await deliver(exchange, judged)
  record(mock, exchange, sent)
}

/** What Ory's servers answer, before the dialect. */
async function answer(mock: Mock, exchange: Exchange): Promise<Reply> {
  try {
    const routed = route(mock.contract, exchange)
    exchange.handled = routed.handled
    exchange.match = routed.match
    exchange.body = await readBody(exchange.req, mock.limits.body)
    if (exchange.throughCsrfLayer) guardCsrf(exchange)
    if (!routed.match) return routed.leftover
    authenticate(mock.auth, exchange)
    await judgeRequest(mock, exchange)
    return await operateSwitched(mock, exchange, routed.match.operation)
  } catch (thrown) {
    if (thrown instanceof OryError) return errorReply(thrown, exchange.requestId)
    throw thrown
  }
}
