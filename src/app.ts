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
import { failedOn, lastResort } from './pipeline/last-resort.ts'
import { answerOutside } from './pipeline/outside.ts'
import { route } from './pipeline/route.ts'
import { STAGES, type Stages } from './pipeline/stages.ts'

/**
 * The whole way of a request, in its order: host and sandbox, route, body, the contract, the operation, the dialect, the
 * contract again, the wire, the journal.
 * @param listener which of the server's addresses this app answers for
 * @param stages switches and journal, all of them but where their cost is measured
 */
export function createApp(mock: Mock, listener: Listener = 'all', stages: Stages = STAGES): Express {
  const app = express()
  app.disable('x-powered-by')
  const served = { mock, listener, stages }
  app.use((req: Request, res: Response, next: NextFunction) => {
    handle(served, req, res).catch(next)
  })
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    lastResort(mock, error, req, res)
  })
  return app
}

interface Served {
  readonly mock: Mock
  readonly listener: Listener
  readonly stages: Stages
}

async function handle({ mock, listener, stages }: Served, req: Request, res: Response): Promise<void> {
  const arrival = arrive(mock, listener, req, res)
  if ('refused' in arrival) return send(res, finalise(arrival.refused, {}), Date.now())
  const { exchange, headers } = arrival
  exchange.world.sweep()
  const flight = preflight(exchange)
  if (flight) return send(res, stages.afterPreflight(mock, exchange, finalise(flight, headers)), exchange.world.now())
  const outside = await answerOutside(mock, exchange)
  if (outside) return send(res, finalise(outside, headers), exchange.world.now())

  try {
    const reply = stages.afterCookies(exchange, withCsrfCookies(exchange, await answer(mock, stages, exchange)))
    const written = finalise(toDialect(mock.contract.dialect, exchange, reply), {
      ...serverHeaders(exchange, reply.status),
      ...headers,
    })
    const judged = await judgeReply(mock, exchange, written)
    const sent = await stages.deliver(exchange, judged)
    stages.record(mock, exchange, sent)
  } catch (error) {
    failedOn(mock, stages, exchange, error)
  }
}

/** What Ory's servers answer, before the dialect. */
async function answer(mock: Mock, stages: Stages, exchange: Exchange): Promise<Reply> {
  try {
    const routed = route(mock.contract, exchange)
    exchange.handled = routed.handled
    exchange.match = routed.match
    exchange.body = await readBody(exchange.req, mock.limits.body)
    if (exchange.throughCsrfLayer) guardCsrf(exchange)
    if (!routed.match) return routed.leftover
    authenticate(mock.auth, exchange)
    await judgeRequest(mock, exchange)
    return await stages.operate(mock, exchange, routed.match.operation)
  } catch (thrown) {
    if (thrown instanceof OryError) return errorReply(thrown, exchange.requestId)
    throw thrown
  }
}
