import type { OperationId } from '../simulation/switches/operation-ids.ts'
import type { SwitchName } from '../simulation/switches/switch-names.ts'

/** A switch as a test throws it: its name, and what narrows it. */
export interface SwitchRequest {
  readonly name: SwitchName
  /** Only for this operation. */
  readonly operation?: OperationId
  /** For so many calls; without it until it is cleared. */
  readonly times?: number
  /** From the n-th call on, counted from 1. */
  readonly after?: number
  /** For this share of the calls, 0 to 1. */
  readonly probability?: number
  /** Which calls `probability` chooses. */
  readonly seed?: string
  /** Such as `{ delay: '3s' }` of `slow`; `mock.switches.catalogue()` describes them. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>
}

/** A switch that is thrown. */
export interface ThrownSwitch extends SwitchRequest {
  readonly id: string
  readonly door: 'magic' | 'header' | 'prefer' | 'cookie' | 'control' | 'scenario' | 'config'
  /** Calls that it could have met. */
  readonly seen: number
  /** Calls that it met. */
  readonly met: number
}

/** What can be thrown. */
export interface SwitchCatalogue {
  readonly catalogue: readonly SwitchDescription[]
  readonly not_switchable: readonly { readonly name: string; readonly reason: string }[]
}

export interface SwitchDescription {
  readonly name: SwitchName
  readonly section: string
  /** In plain words. */
  readonly title: string
  /** The operations it can meet; `'*'` is all of them. */
  readonly operations: readonly OperationId[] | '*'
  /** How a client comes into this state in real life. */
  readonly how: string
  /** What the client sees. */
  readonly sees: string
  readonly status?: number
  readonly parameters?: Readonly<Record<string, SwitchParameterDescription>>
}

export interface SwitchParameterDescription {
  readonly type: 'string' | 'number' | 'duration' | 'boolean'
  readonly default: string | number | boolean
  readonly help: string
  /** A regular expression. */
  readonly pattern?: string
}
