import type { OperationInfo } from '../contract/contract.ts'
import type { Reply } from '../http/reply.ts'
import type { FinalReply } from '../http/send.ts'
import type { Mock } from '../mock.ts'
import { afterCookies, afterPreflight } from '../simulation/switches/apply.ts'
import type { Exchange } from './exchange.ts'
import { record } from './record.ts'
import { deliver, operateSwitched } from './switched.ts'

/**
 * The stages of the pipeline that Ory's servers have nothing of: the switches, which stand around the operation, its
 * cookies, preflights and the wire, and the journal. A server without one of them shows what it costs.
 */
export interface Stages {
  readonly operate: (mock: Mock, exchange: Exchange, operation: OperationInfo) => Reply | Promise<Reply>
  readonly afterCookies: (exchange: Exchange, reply: Reply) => Reply
  readonly afterPreflight: (mock: Mock, exchange: Exchange, reply: FinalReply) => FinalReply
  /** Sends; answers what was sent. */
  readonly deliver: (exchange: Exchange, reply: FinalReply) => FinalReply | Promise<FinalReply>
  readonly record: (mock: Mock, exchange: Exchange, sent: FinalReply) => void
}

export const STAGES: Stages = { operate: operateSwitched, afterCookies, afterPreflight, deliver, record }
