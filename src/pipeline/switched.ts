import { setTimeout as wait } from 'node:timers/promises'
import { formatProblem, ProblemError } from '../config/problem.ts'
import type { OperationInfo } from '../contract/contract.ts'
import { badRequest, OryError } from '../errors.ts'
import { errorReply } from '../http/error-reply.ts'
import type { Reply } from '../http/reply.ts'
import { type FinalReply, send } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { afterwards, arrange, findSwitches, onWire } from '../simulation/switches/apply.ts'
import { preferredStatus } from '../simulation/switches/doors.ts'
import type { Exchange } from './exchange.ts'
import { operate } from './operate.ts'

/** Answers by the operation, arranged and altered by the switches that meet the call. */
export async function operateSwitched(mock: Mock, exchange: Exchange, operation: OperationInfo): Promise<Reply> {
  const id = operation.sameAs
  exchange.switches = switchesOf(exchange, id)
  const preferred = preferredStatus(exchange)
  if (exchange.switches.length === 0) {
    return preferred === undefined ? operate(mock, exchange, operation) : prefer(mock, exchange, operation, preferred)
  }
  return afterwards(exchange, id, await replyOrError(mock, exchange, operation))
}

function switchesOf(exchange: Exchange, operationId: string): Exchange['switches'] {
  try {
    return findSwitches(exchange, operationId)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw badRequest(error.problems.map(formatProblem).join(' '))
  }
}

/** Errors of the catalogue are replies here, so that a switch can alter them too. */
async function replyOrError(mock: Mock, exchange: Exchange, operation: OperationInfo): Promise<Reply> {
  try {
    await arrange(exchange, operation.sameAs)
    return await operate(mock, exchange, operation)
  } catch (thrown) {
    if (thrown instanceof OryError) return errorReply(thrown, exchange.requestId)
    throw thrown
  }
}

/** The documented answer of a status for which there is no switch: a generated, valid body, and a header that says so. */
async function prefer(mock: Mock, exchange: Exchange, operation: OperationInfo, status: number): Promise<Reply> {
  const reply = await operate(mock, exchange, operation).catch((thrown: unknown) => {
    if (thrown instanceof OryError) return errorReply(thrown, exchange.requestId)
    throw thrown
  })
  if (reply.status === status) return reply
  const body = await mock.contract.sample(operation.operationId, status, 'prefer')
  if (body === undefined && status !== 204 && status !== 303) {
    throw badRequest(`Prefer: code=${status} is not possible: ${operation.operationId} does not document this status.`)
  }
  const headers: Record<string, string> = { 'X-Mock-Generated': 'true' }
  if (status === 303) headers['Location'] = `${exchange.urls.public}/ui/welcome`
  return body === undefined ? { status, headers } : { status, headers, body }
}

/** Sends the answer as the switches want it to travel; answers what was sent. */
export async function deliver(exchange: Exchange, reply: FinalReply): Promise<FinalReply> {
  const { res, world } = exchange
  if (exchange.switches.length === 0) {
    send(res, reply, world.now())
    return reply
  }
  const { reply: spoilt, transport } = onWire(exchange, reply)
  if (transport.delay) await wait(transport.delay)
  switch (transport.fault) {
    case 'hang':
      return spoilt
    case 'reset':
      res.socket?.resetAndDestroy()
      return spoilt
    case 'half':
      res.writeHead(spoilt.status, { ...spoilt.headers, 'Content-Length': Buffer.byteLength(spoilt.payload) })
      res.write(spoilt.payload.slice(0, Math.floor(spoilt.payload.length / 2)), () => res.socket?.destroy())
      return spoilt
    default:
      send(res, spoilt, world.now())
      return spoilt
  }
}
