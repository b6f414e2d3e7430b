import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { OryError } from '../errors.ts'
import type { Listener } from '../http/call.ts'
import { readRawBody } from '../http/read-body.ts'
import { finalise, send } from '../http/send.ts'
import { arrive } from '../pipeline/arrive.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { judgeRequest } from '../pipeline/judge.ts'
import { lastResort } from '../pipeline/last-resort.ts'
import { route } from '../pipeline/route.ts'
import { answerControl } from '../simulation/control.ts'
import { conclude, type Handled, isControl } from './conclude.ts'
import { failureOf, failureReply, ownReply } from './failure.ts'
import type { OryProxy } from './proxy.ts'
import { outgoing, rewritten } from './rewriting.ts'
import { forward, type Upstream } from './upstream.ts'

/**
 * The way of a request through the proxy: host, the proxy's own routes, body, the contract, the server behind, the contract
 * again, the wire, the journal.
 * @param api which of the proxy's addresses this app answers for
 */
export function createProxyApp(proxy: OryProxy, api: Listener): Express {
  const upstream = proxy.upstreams.get(api)
  if (upstream === undefined) throw new Error(`the proxy has no server behind for ${api}`)
  const app = express()
  app.disable('x-powered-by')
  app.use((req: Request, res: Response, next: NextFunction) => {
    handle(proxy, upstream, api, req, res).catch(next)
  })
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => lastResort(proxy.mock, error, req, res))
  return app
}

/** What the proxy answers itself of the control API: what it has seen, and what it judges by. */
const OWN = /^\/__mock\/(journal|coverage|openapi\.json)(\/|$)/

async function handle(proxy: OryProxy, upstream: Upstream, api: Listener, req: Request, res: Response): Promise<void> {
  const arrival = arrive(proxy.mock, api, req, res)
  if ('refused' in arrival) return send(res, finalise(arrival.refused, {}), Date.now())
  const { exchange } = arrival
  const own = OWN.test(exchange.path) ? await answerControl(proxy.mock, exchange) : undefined
  if (own) return send(res, finalise(own, {}), Date.now())
  const handled = await pass(proxy, upstream, api, exchange)
  if (handled) await conclude(proxy, exchange, handled)
}

/** Sends the request on; undefined when the client has gone away meanwhile. */
async function pass(
  proxy: OryProxy,
  upstream: Upstream,
  api: Listener,
  exchange: Exchange,
): Promise<Handled | undefined> {
  const gone = new AbortController()
  exchange.res.once('close', () => {
    if (!exchange.res.writableEnded) gone.abort()
  })
  try {
    const body = await readRawBody(exchange.req, proxy.maxBody)
    exchange.body = { contentType: exchange.headers['content-type'], text: body.toString('utf8') }
    const judging = proxy.checks ? judge(proxy, exchange) : undefined
    if (judging) await judging
    const request = outgoing(proxy, upstream, api, exchange, body)
    const patience = { timeout: proxy.timeout, held: proxy.maxBody, gone: gone.signal }
    const answer = await forward(upstream, request, patience)
    return { answer: await rewritten(proxy, upstream, api, exchange, answer) }
  } catch (error) {
    if (gone.signal.aborted) return undefined
    if (error instanceof OryError) {
      return { own: ownReply(error.status, 'too-large', 'Request Entity Too Large', error.error.reason ?? '') }
    }
    const failure = failureOf(error, upstream.base)
    return { own: failureReply(failure), failure }
  }
}

/** Which operation is called, and what is wrong with the call. */
function judge({ mock, contract }: OryProxy, exchange: Exchange): void | Promise<void> {
  if (isControl(exchange)) return
  exchange.match = route(contract, exchange).match
  return judgeRequest(mock, exchange)
}
