import type { Call } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { ActiveSession } from '../sessions/session.ts'
import type { AuthenticationMethod, CredentialsType, Identity, LoginFlow, UiNode } from '../state/records.ts'

/** What a login flow is begun for. */
export interface LoginContext {
  readonly type: 'api' | 'browser'
  readonly refresh: boolean
  readonly requested_aal: 'aal1' | 'aal2'
  /** The session that is refreshed or raised. */
  readonly active: ActiveSession | undefined
}

/** What the nodes of a new login flow are made for. */
export interface LoginFormContext extends LoginContext {
  /** What a security key is to sign, base64url; the flow keeps it when a node asks for a key. */
  readonly challenge: string
}

/** Who signed in, and by what. */
export interface LoggedIn {
  readonly identity: Identity
  readonly method: Omit<AuthenticationMethod, 'completed_at'>
}

/** One way to sign in: its nodes, and what it does with a submit. */
export interface LoginStrategy {
  readonly method: CredentialsType
  /** Whether the project offers it. */
  readonly enabled: (call: Call) => boolean
  /** Its nodes in a new flow; empty where it has nothing to offer. */
  readonly nodes: (call: Call, context: LoginFormContext) => readonly UiNode[]
  /** Whether a submit is meant for it. @throws what is wrong with a body that nobody can read */
  readonly claims: (call: Call, flow: LoginFlow) => boolean
  /**
   * Checks what was submitted. It may await, and then reads the world again.
   * @returns who signed in, or a reply that sends the client elsewhere first
   * @throws Refused, FormError, OryError, InvalidError, GoJsonError
   */
  readonly complete: (call: Call, flow: LoginFlow, active: ActiveSession | undefined) => Promise<LoggedIn | Reply>
}
