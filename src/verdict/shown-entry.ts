import type { Json } from '../json.ts'

/* What the journal shows: types alone, because the test API publishes them, and nothing that they stand beside. */

/** One way in which a side of an exchange broke the contract. */
export interface Breach {
  /** `body`, `query`, `path`, `header`, `cookie`, `media-type` or `status`. */
  readonly in: string
  /** A JSON Pointer into that part, or the name of the header; `''` for the whole part. */
  readonly pointer: string
  readonly message: string
}

/** Headers as they are shown: names in lower case. */
export type ShownHeaders = Readonly<Record<string, string | readonly string[]>>

/** One side of an exchange, as the journal shows it. */
export interface ShownMessage {
  /** Names in lower case. */
  readonly headers: ShownHeaders
  /** JSON where it is JSON, else text; absent when there was none, or when `omitted` says why it is not shown. */
  readonly body?: Json
  readonly omitted?: string
}

/** A request, as the journal shows it. */
export interface ShownRequest extends ShownMessage {
  /** Where it was sent: with host, sandbox and query. */
  readonly url: string
}

/** One way in which a side of an exchange broke the contract. */
export interface ShownViolation extends Breach {
  readonly side: 'request' | 'response'
}

/** One exchange, as the control API shows it and a line of a journal's file holds it. */
export interface JournalEntry {
  /** Counts up from 1 in each sandbox. */
  readonly id: number
  readonly sandbox: string
  /** The sandbox's time at which it began. */
  readonly at: string
  /** How long the answer took, in milliseconds of the machine's time. */
  readonly duration: number
  readonly method: string
  /** With query, without the sandbox's prefix. */
  readonly path: string
  /** Absent where no operation answers the route. */
  readonly operation?: string
  readonly status: number
  /**
   * How a switch kept the answer from arriving: `hang` sent nothing, `reset` broke the connection before it, `half` in its
   * middle. Status and response are what would have come.
   */
  readonly fault?: 'hang' | 'reset' | 'half'
  readonly violations: readonly ShownViolation[]
  /** The switches that met the call. */
  readonly switches: readonly string[]
  /** Unknown query parameters: noted, never refused. */
  readonly noted: readonly string[]
  readonly request: ShownRequest
  readonly response: ShownMessage
}
