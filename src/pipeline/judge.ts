import type { Violation } from '../contract/contract.ts'
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
export async function judgeRequest(mock: Mock, exchange: Exchange): Promise<void> {
  const { match } = exchange
  if (!match) return
  const { method, headers, rawQuery, body } = exchange
  const { violations, noted } = await mock.contract.validateRequest(match, {
    method,
    headers,
    rawQuery,
    text: body.text,
  })
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
export async function judgeReply(mock: Mock, exchange: Exchange, reply: FinalReply): Promise<FinalReply> {
  if (exchange.switches.some(({ definition }) => breaksContract(definition, reply.status))) return reply
  const violations = await mock.contract.validateReply(reply.status === 413 ? undefined : exchange.match, {
    status: reply.status,
    headers: reply.headers,
    contentType: reply.headers['Content-Type'],
    body: reply.body,
    text: reply.text,
  })
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
