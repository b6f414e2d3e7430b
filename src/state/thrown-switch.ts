import type { Json } from '../json.ts'
import type { Millis } from './clock.ts'

/** The doors to a switch, the narrowest first. Of those that meet a call, the narrowest counts. */
export const DOORS = ['magic', 'header', 'prefer', 'cookie', 'control', 'scenario', 'config'] as const

export type Door = (typeof DOORS)[number]

/** The doors through which a switch is thrown until it is cleared; the others stand in the call that they are for. */
export type StandingDoor = Extract<Door, 'control' | 'scenario' | 'config'>

/** A switch as somebody throws it: its name, and what narrows it. */
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
  /** Which calls `probability` chooses, and what chance decides otherwise. */
  readonly seed?: string
  readonly parameters?: Readonly<Record<string, Json>>
}

/**
 * A switch that is thrown in a world, and what it has done so far. One that calls bring along themselves is written down
 * only where its calls count: then under an id that the same request always has.
 */
export interface ThrownSwitch extends SwitchRequest {
  readonly id: string
  readonly door: Door
  /** Calls that it could have met. */
  readonly seen: number
  /** Calls that it met. */
  readonly met: number
  /** When it met them, the last thousand. */
  readonly met_at?: readonly Millis[]
  /** What it keeps in mind from one call to the next. */
  readonly memory?: Json
}

/** An address `SWITCH-NAME@mock.test`: whatever the person does who has it meets the switch. */
export interface MagicIdentity {
  /** The address, in small letters. */
  readonly id: string
  readonly switch: string
}
