import type { Json } from '../../json.ts'

/**
 * What is expected of the journal; one of `called`, `in_order` and `never_violated`. Values (of queries, headers and bodies)
 * are given as JSON: objects may have other members too, everything else is the same; or as `{"$regex": "…"}` and its
 * relatives (match-value.ts).
 */
export interface Expectation {
  /** A call like this was made: at least once, unless `times`, `at_least` or `at_most` say otherwise. */
  readonly called?: CallPattern
  /** Exactly so often; 0 for never. */
  readonly times?: number
  readonly at_least?: number
  readonly at_most?: number
  /** Calls like these were made, one after the other; others may have come between. */
  readonly in_order?: readonly CallPattern[]
  /** Nobody broke the contract. */
  readonly never_violated?: ViolationPattern
}

/** What a call is like; what is not named is not looked at. */
export interface CallPattern {
  /** The operationId. */
  readonly operation?: string
  readonly method?: string
  /** Without query and sandbox. */
  readonly path?: Json
  /** `200`, `"4xx"`, or a list of such. */
  readonly status?: StatusPattern | readonly StatusPattern[]
  readonly query?: Values
  /** Names in any case. */
  readonly headers?: Values
  /** Of a form, its fields; a dotted name is a member of a member. */
  readonly body?: Json
  readonly response?: { readonly headers?: Values; readonly body?: Json }
  /** Each of them met the call. */
  readonly switches?: readonly string[]
}

export type StatusPattern = number | `${1 | 2 | 3 | 4 | 5}xx`

export type Values = { readonly [name: string]: Json | undefined }

export interface ViolationPattern {
  readonly side?: 'request' | 'response'
  readonly operation?: string
}

/** A call that came near to what was expected. */
export interface NearCall {
  readonly id: number
  readonly method: string
  readonly path: string
  readonly status: number
  /** Why it is not what was expected. */
  readonly mismatches: readonly string[]
}

/** Whether the journal is as expected. */
export interface Outcome {
  /** The ids of the calls that are as expected. */
  readonly matched: readonly number[]
  /** Undefined when all is well. */
  readonly failure: { readonly message: string; readonly nearest: readonly NearCall[] } | undefined
}
