import { formatProblem, ProblemError } from '../config/problem.ts'
import type { OperationInfo } from '../contract/contract.ts'
import { badRequest, OryError } from '../errors.ts'
import { errorReply } from '../http/error-reply.ts'
import { hold, holdForEver } from '../http/hold.ts'
import type { Reply } from '../http/reply.ts'
import { type FinalReply, type SentReply, send, sendHalf } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { afterwards, arrange, findSwitches, onWire } from '../simulation/switches/apply.ts'
import { preferredStatus } from '../simulation/switches/carried.ts'
import type { Exchange } from './exchange.ts'
import { operate } from './operate.ts'
import { route } from './route.ts'

/** Answers by the operation, arranged and altered by the switches that meet the call. */
export function operateSwitched(mock: Mock, exchange: Exchange, operation: OperationInfo): Reply | Promise<Reply> {
  const { switches, preferred } = sayingWhere(() => ({
    switches: findSwitches(exchange, operation.sameAs, mock),
    preferred: preferredStatus(exchange),
  }))
  exchange.switches = switches
  if (exchange.switches.length === 0 && preferred === undefined) return operate(mock, exchange, operation)
  return operateAltered(mock, exchange, operation, preferred)
}

async function operateAltered(
  mock: Mock,
  exchange: Exchange,
  operation: OperationInfo,
  preferred: number | undefined,
): Promise<Reply> {
  const id = operation.sameAs
  if (exchange.switches.length === 0 && preferred !== undefined) {
    const plain = await asReply(exchange, () => operate(mock, exchange, operation))
    return prefer(mock, exchange, operation, { preferred, reply: plain })
  }
  const reply = afterwards(exchange, id, await asReply(exchange, () => arrangeAndOperate(mock, exchange, operation)))
  const only = exchange.switches.every(({ door }) => door === 'prefer')
  return only && preferred !== undefined ? prefer(mock, exchange, operation, { preferred, reply }) : reply
}

/** @throws OryError 400 that says what is wrong with a header or cookie, where, and what to do */
function sayingWhere<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw badRequest(error.problems.map(formatProblem).join(' '))
  }
}

async function arrangeAndOperate(mock: Mock, exchange: Exchange, operation: OperationInfo): Promise<Reply> {
  const { listener } = exchange
  const answered = await arrange(exchange, operation.sameAs)
  if (answered) return answered
  if (exchange.listener !== listener) {
    // another port may know nothing of the path
    const routed = route(mock.contract, exchange)
    exchange.handled = routed.handled
    exchange.match = routed.match
    if (!routed.match) return routed.leftover
  }
  return await operate(mock, exchange, operation)
}

/** Errors of the catalogue are replies here, so that a switch can alter them too. */
async function asReply(exchange: Exchange, answer: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await answer()
  } catch (thrown) {
    if (thrown instanceof OryError) return errorReply(thrown, exchange.requestId)
    throw thrown
  }
}

interface Preferred {
  readonly preferred: number
  /** What was answered so far. */
  readonly reply: Reply
}

/** The documented answer of a status that neither state nor switch produced: a generated, valid body, and a header that says so. */
async function prefer(
  mock: Mock,
  exchange: Exchange,
  operation: OperationInfo,
  { preferred, reply }: Preferred,
): Promise<Reply> {
  if (reply.status === preferred) return reply
  const { named, others } = mock.contract.statusesOf(operation.operationId)
  if (!others && !named.includes(preferred)) {
    throw badRequest(
      `the header Prefer: ${operation.operationId} does not document the status ${preferred}. It has ${named.join(', ')}. Any other is had by a switch: see "ory-mock switches".`,
    )
  }
  const body = await mock.contract.sample(operation.operationId, preferred, 'prefer')
  const headers: Record<string, string> = { 'X-Mock-Generated': 'true' }
  if (preferred === 201) headers['Location'] = `${exchange.urls.public}${exchange.path}/made-up`
  if (preferred >= 300 && preferred < 400) headers['Location'] = `${exchange.urls.public}/ui/welcome`
  return { status: preferred, headers, inDialect: true, ...(body === undefined ? {} : { body }) }
}

/** Sends the answer as the switches want it to travel; answers what was sent, or what was kept from arriving and how. */
export function deliver(exchange: Exchange, reply: FinalReply): FinalReply | Promise<SentReply> {
  if (exchange.switches.length > 0) return deliverSpoilt(exchange, reply)
  send(exchange.res, reply, exchange.world.now())
  return reply
}

async function deliverSpoilt(exchange: Exchange, reply: FinalReply): Promise<SentReply> {
  const { res, world } = exchange
  const { reply: spoilt, transport } = onWire(exchange, reply)
  if (transport.delay && !(await hold(res, transport.delay))) return { ...spoilt, fault: 'hang' }
  // an answer without a body has no middle
  const fault = transport.fault === 'half' && spoilt.payload === '' ? 'reset' : transport.fault
  if (fault === undefined) {
    send(res, spoilt, world.now())
    return spoilt
  }
  if (fault === 'hang') holdForEver(res)
  else if (fault === 'reset') res.socket?.resetAndDestroy()
  else sendHalf(res, spoilt, world.now())
  return { ...spoilt, fault }
}
