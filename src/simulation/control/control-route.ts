import type { Reply } from '../../http/reply.ts'
import type { Json } from '../../json.ts'
import type { Mock } from '../../mock.ts'
import type { Exchange } from '../../pipeline/exchange.ts'

/** A request to the control API, its body read. */
export interface ControlCall {
  readonly mock: Mock
  readonly exchange: Exchange
  readonly params: Readonly<Record<string, string>>
  /** Undefined when there is none. */
  readonly body: Json | undefined
}

/** One route of the control API. `control.json` is made of these. */
export interface ControlRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/__mock`, with `{parameters}`. */
  readonly path: string
  readonly summary: string
  /** JSON Schema of the body, where there is one. */
  readonly body?: Json
  /** JSON Schema of the answer; absent for 204. */
  readonly answer?: Json
  readonly query?: readonly string[]
  readonly handle: (call: ControlCall) => Reply | Promise<Reply>
}

/** What is wrong with a request to the control API, in a sentence. */
export class ControlError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
