import { USUAL_LIMITS } from './state/world.ts'

/**
 * How much a server takes in and keeps. Each is an option of `serve`, of `createOryMock` and of `createMock`; what is above
 * a bound is refused, or the oldest is forgotten.
 */
export interface Bounds {
  /** Of a request body, in bytes; larger ones get 413. */
  readonly maxBody: number
  /** Of a request's first line and headers together, in bytes; more gets 431. */
  readonly maxHeaders: number
  /** How many sandboxes there are; further ones are refused. */
  readonly maxSandboxes: number
  /** How many flows each sandbox keeps, the newest. */
  readonly maxFlows: number
  /** How many mails each sandbox keeps, the newest. */
  readonly maxMails: number
  /** How many errors for the error page each sandbox keeps, the newest. */
  readonly maxErrors: number
  /** How many snapshots each sandbox keeps; further ones are refused. */
  readonly maxSnapshots: number
  /** How many exchanges each sandbox's journal keeps, the newest; with 0 and no file of the journal none is recorded. */
  readonly journalSize: number
  /** How much memory all journals take together, in bytes. */
  readonly journalBytes: number
}

export const USUAL_BOUNDS: Bounds = {
  maxBody: 1_048_576,
  maxHeaders: 16_384,
  maxSandboxes: 10_000,
  maxFlows: USUAL_LIMITS.flows,
  maxMails: USUAL_LIMITS.mails,
  maxErrors: USUAL_LIMITS.errors,
  maxSnapshots: 100,
  journalSize: 1_000,
  journalBytes: 33_554_432,
}

/** The bounds among other options. */
export function chosenBounds(options: Partial<Bounds>): Partial<Bounds> {
  const names = Object.keys(USUAL_BOUNDS) as (keyof Bounds)[]
  return Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}
