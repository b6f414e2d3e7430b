import type { IncomingHttpHeaders } from 'node:http'
import type { Call, RequestBody } from '../../http/call.ts'
import type { Reply } from '../../http/reply.ts'
import type { FinalReply } from '../../http/send.ts'
import type { Json } from '../../json.ts'
import type { Millis } from '../../state/clock.ts'

/*
 * What a switch is: one named error or edge state (ecosystem §4). It prefers to arrange the world, or the request as if the
 * client had sent it so, and lets the server answer; only what no state can produce replaces or spoils the answer.
 */

/** A parameter of a switch, e.g. how long `slow` waits. */
export interface SwitchParameter {
  readonly type: 'string' | 'number' | 'duration' | 'boolean'
  readonly default: string | number | boolean
  readonly help: string
}

/** One row of the catalogue. */
export interface SwitchDefinition {
  /** In plain words. */
  readonly title: string
  /** The operations it can meet, by `operationId`; `'*'` is all of them. */
  readonly operations: readonly string[] | '*'
  /** How a client comes into this state in real life. */
  readonly how: string
  /** The status that a JSON client sees; absent where the answer is no other than usual, or there is none. */
  readonly status?: number
  /** What the client sees: status, error id, message ids, where. */
  readonly sees: string
  readonly parameters?: Readonly<Record<string, SwitchParameter>>
  /** Its purpose is to break the contract: the answer is sent as it is, and says so in a header and the journal. */
  readonly breaksContract?: true
  /** It meets CORS preflights too. */
  readonly onPreflight?: true
  readonly effect: SwitchEffect
}

/** What a switch does; every part is optional, and they run in this order. */
export interface SwitchEffect {
  /** Before the operation: changes the world, answers what the request shall be, or throws the error of the catalogue. */
  readonly before?: (context: SwitchContext) => undefined | RequestChange | Promise<undefined | RequestChange>
  /** After the operation, before the dialect: another reply. An error that the operation threw comes as a reply too. */
  readonly after?: (reply: Reply, context: SwitchContext) => Reply
  /** Like `after`, when the cookies of the CSRF layer are there too. */
  readonly afterCookies?: (reply: Reply, context: SwitchContext) => Reply
  /** On what is about to be sent: bytes and headers as they are. */
  readonly onWire?: (reply: FinalReply, context: SwitchContext) => FinalReply
  /** How it is sent. */
  readonly transport?: (context: SwitchContext) => Transport
}

/** How an answer travels, or does not. */
export interface Transport {
  /** Waits before the answer, in milliseconds of real time. */
  readonly delay?: Millis
  /** `hang` never answers; `reset` breaks the connection before a byte; `half` sends half of the body and breaks it. */
  readonly fault?: 'hang' | 'reset' | 'half'
}

export interface SwitchContext {
  readonly call: Call
  readonly operationId: string
  /** Given ones, and defaults for the others. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>
  /** A number from 0 up to 1 that is the same for the same call of the same switch. */
  readonly chance: () => number
  /** How often this switch has met a call, this one included. */
  readonly count: number
  /** How many of those calls fell into the last so many milliseconds of the world's time, this one included. */
  readonly recent: (window: Millis) => number
}

/** A request as the client shall have sent it; what is absent stays. */
export interface RequestChange {
  readonly rawQuery?: string
  readonly headers?: IncomingHttpHeaders
  readonly cookies?: ReadonlyMap<string, string>
  readonly body?: RequestBody
  readonly params?: Readonly<Record<string, string>>
}

/** The doors to a switch, the narrowest first. Of those that meet a call, the narrowest counts. */
export const DOORS = ['magic', 'header', 'prefer', 'cookie', 'control', 'scenario', 'config'] as const

export type Door = (typeof DOORS)[number]

/** A switch as it was thrown. */
export interface SwitchRequest {
  readonly name: string
  /** Only for this operation. */
  readonly operation?: string
  /** For so many calls; without it until it is cleared. */
  readonly times?: number
  /** From the n-th call on, counted from 1. */
  readonly after?: number
  /** For this share of the calls, 0 to 1. */
  readonly probability?: number
  /** Which calls `probability` chooses. */
  readonly seed?: string
  readonly parameters?: Readonly<Record<string, Json>>
}
