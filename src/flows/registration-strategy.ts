import type { Call } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { CredentialsType, Identity, RegistrationFlow, UiNode } from '../state/records.ts'

/** Who signed up, validated and not yet saved, and by what. */
export interface SignedUp {
  readonly identity: Identity
  readonly method: CredentialsType
}

export type RegistrationCeremony = Required<Pick<RegistrationFlow, 'webauthn_challenge' | 'webauthn_user_handle'>>

/** One way to sign up: its nodes, and what it does with a submit. */
export interface RegistrationStrategy {
  readonly method: CredentialsType
  readonly enabled: (call: Call) => boolean
  /**
   * Its nodes in a new flow; empty where it has nothing to offer.
   * @param ceremony what a new security key is to sign; the flow keeps it when a node asks for a key
   */
  readonly nodes: (call: Call, type: 'api' | 'browser', ceremony: RegistrationCeremony) => readonly UiNode[]
  /** Whether a submit is meant for it. @throws what is wrong with a body that nobody can read */
  readonly claims: (call: Call, flow: RegistrationFlow) => boolean
  /**
   * Checks what was submitted. It may await, and then reads the world again.
   * @returns who signed up, or a reply that sends the client elsewhere first
   * @throws Refused, FormError, OryError, InvalidError, GoJsonError
   */
  readonly complete: (call: Call, flow: RegistrationFlow) => Promise<SignedUp | Reply>
}
