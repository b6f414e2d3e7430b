import type { Json } from '../json.ts'
import type { Millis } from './clock.ts'

/** A switch that is thrown in a world, and what it has done so far. */
export interface ThrownSwitch {
  readonly id: string
  readonly name: string
  readonly door: 'control' | 'scenario' | 'config'
  readonly operation?: string
  readonly times?: number
  readonly after?: number
  readonly probability?: number
  readonly seed?: string
  readonly parameters?: Readonly<Record<string, Json>>
  /** Calls that it could have met. */
  readonly seen: number
  /** Calls that it met. */
  readonly met: number
  /** When it met them, the last thousand. */
  readonly met_at?: readonly Millis[]
}

/** An identity `SWITCH-NAME@mock.test`: whatever it does meets the switch. */
export interface MagicIdentity {
  /** The identity's. */
  readonly id: string
  readonly switch: string
}
