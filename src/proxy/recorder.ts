import type { Json } from '../json.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import type { ProxiedAnswer } from './rewriting.ts'

/** Told about every exchange with a server behind, after its answer was sent. */
export interface Recorder {
  readonly saw: (exchange: Exchange, answer: ProxiedAnswer, body: Json | undefined) => void
}
