/* What coverage shows: types alone, because the test API publishes them, and nothing that they stand beside. */

/** What of an operation can be exercised. */
export const DIMENSIONS = [
  /** A documented status; `default` is any other. */
  'status',
  /** The media type of an answer, with its status: `200 application/json`. */
  'response type',
  /** The media type of the request's body. */
  'request type',
  /** The branch of a union that the body chose by its discriminator: the `method` of a submitted flow. */
  'method',
  /** The state of the flow that was answered. */
  'flow state',
  /** A query parameter that was given a value. */
  'query parameter',
] as const

export type Dimension = (typeof DIMENSIONS)[number]

/** One thing that a suite can exercise or not. */
export interface CoveragePoint {
  readonly dimension: Dimension
  readonly value: string
}

/** A point and how often it was exercised. */
export interface CoveredPoint extends CoveragePoint {
  readonly calls: number
}

export interface OperationCoverage {
  readonly operation: string
  readonly method: string
  /** As in the document: `/sessions/{id}`. */
  readonly path: string
  readonly calls: number
  readonly points: readonly CoveredPoint[]
}

/** Calls that no operation answers. */
export interface UnmatchedCall {
  readonly method: string
  readonly path: string
  readonly calls: number
  /** What was probably meant. */
  readonly nearest?: { readonly operation: string; readonly method: string; readonly path: string }
}

/** What of the contract was exercised, and what never was. */
export interface Coverage {
  /** How many points there are. */
  readonly points: number
  readonly covered: number
  /** Of the points, with one decimal, rounded down: 100 means all. */
  readonly percent: number
  readonly calls: number
  /** Every operation of the published document, in its order. */
  readonly operations: readonly OperationCoverage[]
  /** Routes that the real servers have and the published document lacks. */
  readonly additional: readonly { readonly operation: string; readonly calls: number }[]
  readonly unmatched: readonly UnmatchedCall[]
}
