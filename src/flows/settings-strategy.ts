import type { Call } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import type { ActiveSession } from '../sessions/session.ts'
import type { AuthenticationMethod, Identity, SettingsFlow, UiNode } from '../state/records.ts'
import type { Continuity } from './continuity.ts'

export type SettingsMethod = 'password' | 'oidc' | 'profile' | 'totp' | 'webauthn' | 'lookup_secret'

/** A submit, past the checks that concern every method: who makes it, and in which flow. */
export interface SettingsAttempt {
  readonly call: Call
  readonly continuity: Continuity
  readonly flow: SettingsFlow
  readonly active: ActiveSession
}

/** What a flow keeps for one method between showing and submitting it. */
export type SettingsMemory = Pick<SettingsFlow, 'totp_url' | 'lookup_codes' | 'webauthn_challenge'>

/** A method's part of a new flow. */
export interface SettingsForm {
  readonly nodes: readonly UiNode[]
  readonly memory?: SettingsMemory
}

/** A change of the identity; it is neither validated nor saved. */
export interface SettingsChange {
  readonly identity: Identity
  /** What the person proved by making it: setting up a factor counts as using it. */
  readonly proved?: Omit<AuthenticationMethod, 'completed_at'>
  /** What the flow need not keep any longer. */
  readonly used?: keyof SettingsMemory
  /** The form with what was typed, in case that it cannot be saved. */
  readonly typed?: readonly UiNode[] | null
}

/** The flow as it is to be shown now, without any change of the identity. */
export interface ShownAgain {
  readonly show: SettingsFlow
}

export type SettingsOutcome = SettingsChange | ShownAgain | Reply

/** One way to change settings: its nodes, and what it does with a submit. */
export interface SettingsStrategy {
  readonly method: SettingsMethod
  /** Whether the project offers it. */
  readonly enabled: (call: Call) => boolean
  /** Only browser flows know it. */
  readonly browserOnly?: boolean
  /** It is paused for a re-login in API flows too, where nobody can resume it: so the real servers do. */
  readonly pausesApiFlows?: boolean
  /** Its part of a new flow; undefined where it has nothing to offer. */
  readonly form: (call: Call, identity: Identity, type: 'api' | 'browser') => SettingsForm | undefined
  /** Whether a submit is meant for it. @throws what is wrong with a body that nobody can read */
  readonly claims: (attempt: SettingsAttempt) => boolean
  /** What was submitted: this is what a re-login pauses. @throws Refused, OryError, InvalidError, GoJsonError */
  readonly read: (attempt: SettingsAttempt) => JsonObject
  /**
   * Checks what takes time, if anything does, and answers the synchronous step that makes the change; it reads the world
   * again.
   * @param payload as `read` answered it, now or before a re-login
   * @throws ReauthenticationNeeded, Refused, FormError, OryError, InvalidError
   */
  readonly prepare: (attempt: SettingsAttempt, payload: JsonObject) => SettingsStep | Promise<SettingsStep>
}

/** @throws as `prepare` does */
export type SettingsStep = () => SettingsOutcome
