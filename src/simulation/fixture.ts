import type { Duration } from '../config/duration.ts'
import type { Json, JsonObject } from '../json.ts'
import type { ChanceState } from '../state/chance-state.ts'
import type {
  AuthenticationMethod,
  Flow,
  FlowKind,
  Mail,
  OidcAnswer,
  OidcCode,
  Project,
  ProjectMember,
  SelfServiceError,
  UiContainer,
} from '../state/records.ts'
import type { MagicIdentity, ThrownSwitch } from '../state/thrown-switch.ts'
import type { OperationId } from './switches/operation-ids.ts'
import type { SwitchName } from './switches/switch-names.ts'

/*
 * The form of the files under `fixtures/`, and of what `GET /__mock/state` writes and `PUT` reads. Written for people: an
 * identity is an e-mail and a password, everything else has a default. `fixture.schema.json` describes it for editors, and
 * is what a fixture is checked by; these types are the same for the compiler.
 */

/** An instant (`2022-07-27T12:00:00Z`), or a Go duration from the clock's now (`-25m`). */
export type When = string

/** An instant freezes the clock there. */
export type ClockSetting = string | { readonly now?: string; readonly frozen?: boolean }

export interface Fixture {
  readonly title?: string
  readonly clock?: ClockSetting
  /** A merge patch over the server's configuration. */
  readonly config?: JsonObject
  /** A configuration in place of the server's. */
  readonly whole_config?: JsonObject
  readonly identities?: readonly FixtureIdentity[]
  readonly sessions?: readonly FixtureSession[]
  readonly flows?: readonly FixtureFlow[]
  readonly relation_tuples?: readonly (string | FixtureTuple)[]
  readonly mails?: readonly FixtureMail[]
  readonly errors?: readonly FixtureError[]
  readonly link_tokens?: readonly FixtureLinkToken[]
  readonly continuities?: readonly FixtureContinuity[]
  /** What social providers answer from now on, by their ids. */
  readonly oidc_answers?: readonly OidcAnswer[]
  readonly oidc_codes?: readonly FixtureOidcCode[]
  /** Thrown from the start; a name alone throws it for every call that it can meet. */
  readonly switches?: readonly (SwitchName | FixtureSwitch)[]
  readonly magic_identities?: readonly MagicIdentity[]
  /** The project that the world belongs to. */
  readonly project?: FixtureProject
  /** Projects created through it, each with a world of its own. */
  readonly projects?: readonly (FixtureProject & { readonly world?: Fixture })[]
  readonly chance?: ChanceState
}

/** Shorthands for people (`email`, `password`, `totp` …) or, under the names of the records, all that a world knows. */
export interface FixtureIdentity {
  readonly generate?: Generate
  readonly id?: string
  readonly email?: string
  readonly username?: string
  readonly traits?: JsonObject
  readonly schema_id?: string
  readonly state?: 'active' | 'inactive'
  readonly state_changed_at?: When
  readonly password?: string
  readonly hashed_password?: string
  readonly verified?: boolean
  /** Base32. */
  readonly totp?: string
  readonly lookup_secret?: readonly (string | { readonly code: string; readonly used_at?: When })[]
  readonly oidc?: readonly { readonly provider: string; readonly subject: string }[]
  readonly webauthn?: readonly FixtureKey[]
  readonly metadata_public?: Json
  readonly metadata_admin?: Json
  readonly created_at?: When
  readonly updated_at?: When
  readonly credentials?: FixtureCredentials
  readonly verifiable_addresses?: readonly FixtureVerifiableAddress[]
  readonly recovery_addresses?: readonly FixtureRecoveryAddress[]
}

/** So many identities with made-up traits. */
export interface Generate {
  readonly schema?: string
  readonly count: number
  readonly seed?: string
  readonly password?: string
}

export interface FixtureKey {
  readonly id: string
  readonly public_key: string
  readonly attestation_type?: string
  readonly authenticator?: { readonly aaguid: string; readonly sign_count: number; readonly clone_warning: boolean }
  readonly display_name?: string
  readonly added_at?: When
  readonly is_passwordless?: boolean
}

export interface FixtureCredential<Config> {
  readonly identifiers: readonly string[]
  readonly config: Config
  readonly version?: number
  readonly unlisted?: true
  readonly created_at?: When
  readonly updated_at?: When
}

export interface FixtureCredentials {
  readonly password?: FixtureCredential<{ readonly hashed_password?: string }>
  readonly oidc?: FixtureCredential<{
    readonly providers: readonly {
      readonly provider: string
      readonly subject: string
      readonly initial_id_token: string
      readonly initial_access_token: string
      readonly initial_refresh_token: string
    }[]
  }>
  readonly totp?: FixtureCredential<{ readonly totp_url: string }>
  readonly lookup_secret?: FixtureCredential<{
    readonly recovery_codes: readonly { readonly code: string; readonly used_at?: When }[]
  }>
  readonly webauthn?: FixtureCredential<{ readonly credentials: readonly FixtureKey[]; readonly user_handle?: string }>
}

export interface FixtureVerifiableAddress {
  readonly id?: string
  readonly value: string
  readonly verified?: boolean
  readonly via?: 'email' | 'phone'
  readonly status?: 'pending' | 'sent' | 'completed'
  readonly verified_at?: When
  readonly created_at?: When
  readonly updated_at?: When
}

export interface FixtureRecoveryAddress {
  readonly id?: string
  readonly value: string
  readonly via?: 'email'
  readonly created_at?: When
  readonly updated_at?: When
}

export interface FixtureSession {
  /** An e-mail, user name or id of an identity. */
  readonly identity: string
  readonly id?: string
  readonly token?: string
  readonly logout_token?: string
  readonly aal?: 'aal1' | 'aal2'
  readonly methods?: readonly AuthenticationMethod['method'][]
  /** A Go duration: so long ago the person signed in. */
  readonly age?: Duration
  readonly active?: boolean
  readonly expired?: boolean
  readonly issued_at?: When
  readonly authenticated_at?: When
  readonly expires_at?: When
  readonly authenticator_assurance_level?: 'aal0' | 'aal1' | 'aal2'
  readonly authentication_methods?: readonly {
    readonly method: AuthenticationMethod['method']
    readonly aal: 'aal1' | 'aal2'
    readonly completed_at: When
  }[]
}

export interface FixtureFlow {
  readonly kind: FlowKind
  readonly id?: string
  readonly type?: Flow['type']
  /** Whose settings: an e-mail, user name or id of an identity. */
  readonly identity?: string
  readonly expired?: boolean
  readonly issued_at?: When
  readonly expires_at?: When
  readonly created_at?: When
  readonly updated_at?: When
  readonly request_url?: string
  readonly return_to?: string
  readonly active?: string
  readonly csrf_token?: string
  readonly state?: 'show_form' | 'success' | 'choose_method' | 'sent_email' | 'passed_challenge'
  readonly refresh?: boolean
  readonly requested_aal?: 'aal1' | 'aal2'
  readonly webauthn_challenge?: string
  readonly webauthn_user_handle?: string
  readonly totp_url?: string
  readonly lookup_codes?: readonly string[]
  readonly ui?: UiContainer
}

export interface FixtureSubjectSet {
  readonly namespace?: string
  readonly namespace_id?: number
  readonly object: string
  readonly relation: string
}

export interface FixtureTuple extends FixtureSubjectSet {
  readonly subject_id?: string
  readonly subject_set?: FixtureSubjectSet
}

export interface FixtureMail {
  readonly id?: string
  readonly to: string
  readonly from?: string
  readonly subject?: string
  readonly body?: string
  readonly html?: string
  readonly template_type?: Mail['template_type']
  readonly sent_at?: When
}

export interface FixtureError extends Pick<SelfServiceError, 'id' | 'error'> {
  readonly created_at?: When
  readonly updated_at?: When
}

export interface FixtureLinkToken {
  readonly id?: string
  readonly kind: 'recovery' | 'verification'
  readonly token: string
  readonly identity: string
  readonly flow_id: string
  readonly address_id?: string
  readonly used?: boolean
  readonly issued_at?: When
  readonly expires_at?: When
}

export interface FixtureContinuity {
  readonly id: string
  readonly name: string
  readonly identity_id?: string
  readonly expires_at: When
  readonly payload: JsonObject
}

export interface FixtureOidcCode extends Omit<OidcCode, 'expires_at'> {
  readonly expires_at: When
}

export interface FixtureSwitch
  extends Omit<ThrownSwitch, 'id' | 'door' | 'seen' | 'met' | 'met_at' | 'name' | 'operation'> {
  readonly id?: string
  readonly name: SwitchName
  readonly operation?: OperationId
  readonly door?: ThrownSwitch['door']
  readonly seen?: number
  readonly met?: number
  readonly met_at?: readonly When[]
}

export interface FixtureProject {
  readonly id?: string
  readonly name: string
  readonly slug?: string
  readonly revision_id?: string
  readonly state?: Project['state']
  readonly members?: readonly ProjectMember[]
  readonly network?: boolean
  readonly purged?: boolean
  readonly created_at?: When
  readonly updated_at?: When
}
