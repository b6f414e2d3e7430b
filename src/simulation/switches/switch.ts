import type { IncomingHttpHeaders } from 'node:http'
import type { Call, Listener, RequestBody } from '../../http/call.ts'
import type { Reply } from '../../http/reply.ts'
import type { Fault, FinalReply } from '../../http/send.ts'
import type { Json } from '../../json.ts'
import type { Millis } from '../../state/clock.ts'
import type { WorldView } from '../../state/world.ts'

/*
 * What a switch is: one named error or edge state (ecosystem §4). It prefers to arrange the world, or the request as if the
 * client had sent it so, and lets the server answer; only what no state can produce replaces or spoils the answer.
 */

/** A parameter of a switch, e.g. how long `slow` waits. */
export interface SwitchParameter {
  readonly type: 'string' | 'number' | 'duration' | 'boolean'
  readonly default: string | number | boolean
  readonly help: string
  /** A regular expression that a text has to match. */
  readonly pattern?: string
  /** The least and the most that a number may be; of a duration, in milliseconds. */
  readonly minimum?: number
  readonly maximum?: number
}

/** One row of the catalogue. */
export interface SwitchDefinition {
  /** In plain words. */
  readonly title: string
  /** The operations it can meet, by `operationId`; `'*'` is all of them. */
  readonly operations: readonly string[] | '*'
  /** How a client comes into this state in real life. */
  readonly how: string
  /** The status that a JSON client sees; absent where it is the usual one, or there is none. `Prefer: code=` finds it by this. */
  readonly status?: number
  /** What the client sees: status, error id, message ids, where. */
  readonly sees: string
  readonly parameters?: Readonly<Record<string, SwitchParameter>>
  /**
   * Its purpose is to break the contract, always or with these statuses: such an answer is sent as it is, and says so in a
   * header and the journal.
   */
  readonly breaksContract?: true | readonly number[]
  /** What it does depends on the calls that it met before: they are counted at every door. */
  readonly counts?: true
  /** It meets CORS preflights too. */
  readonly onPreflight?: true
  readonly effect: SwitchEffect
}

/** What a switch does; every part is optional, and they run in this order. */
export interface SwitchEffect {
  /**
   * Which calls of its operations it is about: all, without it. Others it leaves alone, and they are not counted. For one
   * `'on the way'` it arranges the world, so that the call that it is about can come; that is not counted either.
   */
  readonly concerns?: (call: Call, operationId: string) => boolean | 'on the way'
  /** Before the operation: changes the world, says what the call shall be, throws an error of the catalogue, or answers itself. */
  readonly before?: (context: SwitchContext) => Arrangement | Promise<Arrangement>
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
  readonly fault?: Fault
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
  /** When it met them, by the world's clock: the last thousand, this one included. */
  readonly metAt: readonly Millis[]
  /** What it kept in mind, and how it keeps something in mind; only where its calls are counted. */
  readonly memory: Json | undefined
  readonly remember: (memory: Json) => void
}

export type Arrangement = undefined | RequestChange | Reply

/** A call as it shall be: the request as if the client had sent it so, the world as if it were so. What is absent stays. */
export interface RequestChange extends WorldView {
  readonly rawQuery?: string
  readonly headers?: IncomingHttpHeaders
  readonly cookies?: ReadonlyMap<string, string>
  readonly body?: RequestBody
  readonly params?: Readonly<Record<string, string>>
  /** The port that it came in by. */
  readonly listener?: Listener
}

/** Whether an answer of that status is one by which the switch breaks the contract. */
export function breaksContract({ breaksContract: breaks }: SwitchDefinition, status: number): boolean {
  return breaks === true || (breaks?.includes(status) ?? false)
}
