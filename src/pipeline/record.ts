import type { FinalReply } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import type { JournalViolation } from '../simulation/journal.ts'
import type { Exchange } from './exchange.ts'

/** Writes the exchange into its sandbox's journal. */
export function record(mock: Mock, exchange: Exchange, reply: FinalReply): void {
  const { sandbox, method, path, rawQuery } = exchange
  sandbox.journal.record({
    sandbox: sandbox.name,
    at: exchange.at,
    duration: performance.now() - exchange.startedAt,
    method,
    path: rawQuery === '' ? path : `${path}?${rawQuery}`,
    operation: exchange.match?.operation.operationId,
    status: reply.status,
    violations: exchange.violations.length + exchange.replyViolations.length === 0 ? NONE : sides(exchange),
    switches: exchange.switches.length === 0 ? NO_NAMES : exchange.switches.map(({ name }) => name),
    noted: exchange.noted,
  })
  mock.onExchange?.(`${sandbox.name} ${method} ${path} ${reply.status}`)
}

const NONE: readonly JournalViolation[] = []
const NO_NAMES: readonly string[] = []

function sides({ violations, replyViolations }: Exchange): readonly JournalViolation[] {
  return [
    ...violations.map((v) => ({ side: 'request' as const, ...v })),
    ...replyViolations.map((v) => ({ side: 'response' as const, ...v })),
  ]
}
