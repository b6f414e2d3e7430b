import type { RequestVerdict, RouteMatch, Violation } from '../contract/contract.ts'
import { badRequest } from '../errors.ts'
import { encodeJson } from '../http/encode.ts'
import type { FinalReply } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { breaksContract } from '../simulation/switches/switch.ts'
import type { Exchange } from './exchange.ts'

/**
 * Judges the request by the contract, before its operation sees it. Self-service submits are left to Ory's own answers;
 * elsewhere `--requests enforce` refuses what breaks the contract.
 * @throws OryError 400, in the shape that the operation documents
 */
export function judgeRequest(mock: Mock, exchange: Exchange): void | Promise<void> {
  const { match } = exchange
  if (!match) return
  const { method, headers, rawQuery, body } = exchange
  const verdict = mock.contract.validateRequest(match, { method, headers, rawQuery, text: body.text })
  if (verdict instanceof Promise) return verdict.then((late) => heed(mock, exchange, match, late))
  heed(mock, exchange, match, verdict)
}

function heed(mock: Mock, exchange: Exchange, match: RouteMatch, { violations, noted }: RequestVerdict): void {
  exchange.violations = violations
  exchange.noted = noted
  if (violations.length === 0 || match.operation.submits || mock.requests === 'report') return
  throw badRequest(
    `The request breaks the contract of ${match.operation.operationId}: ${violations.map(describe).join('; ')}.`,
  )
}

const describe = (v: Violation): string => `${v.in}${v.pointer === '' ? '' : ` ${v.pointer}`} ${v.message}`

/**
 * Judges the reply by the contract, just before it is sent. A reply of ours that breaks it is our defect: it is replaced
 * by a 500 that says so, and stands in the journal. Where a switch breaks it on purpose, nothing is judged.
 */
export function judgeReply(mock: Mock, exchange: Exchange, reply: FinalReply): FinalReply | Promise<FinalReply> {
  if (exchange.switches.some(({ definition }) => breaksContract(definition, reply.status))) return reply
  const violations = mock.contract.validateReply(reply.status === 413 ? undefined : exchange.match, {
    status: reply.status,
    headers: reply.headers,
    contentType: reply.headers['Content-Type'],
    body: reply.body,
    text: reply.text,
  })
  if (violations instanceof Promise) return violations.then((late) => judged(mock, exchange, reply, late))
  return judged(mock, exchange, reply, violations)
}

function judged(mock: Mock, exchange: Exchange, reply: FinalReply, violations: readonly Violation[]): FinalReply {
  if (violations.length === 0) return reply
  exchange.replyViolations = violations
  const what = violations.map(describe).join('; ')
  mock.onFailure(new Error(`${reply.status} breaks the contract: ${what}`), `${exchange.method} ${exchange.path}`)
  return {
    status: 500,
    headers: {
      'Content-Type': 'application/json',
      'X-Mock-Contract-Violation': what.replace(/[^\x20-\x7e]/g, '?').slice(0, 1024),
    },
    payload: encodeJson({
      error: {
        code: 500,
        status: 'Internal Server Error',
        reason: `The mock's own answer (${reply.status}) breaks the contract: ${what}`,
        message: 'This is a defect of the mock server.',
      },
      answer: reply.body,
    }),
  }
}
