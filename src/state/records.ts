import type { Json, JsonObject } from '../json.ts'
import type { Millis } from './clock.ts'

/*
 * What a world remembers. The names are Ory's own, spelt as the API spells them; instants are milliseconds. Records are
 * read-only: a change is a new record (see collection.ts).
 */

export type AuthenticatorAssuranceLevel = 'aal0' | 'aal1' | 'aal2'

/** The ways to prove who one is that the API knows; `link_recovery` is what a recovery link leaves in a session. */
export type CredentialsType = 'password' | 'oidc' | 'totp' | 'lookup_secret' | 'webauthn'

export interface Credential<Config> {
  readonly identifiers: readonly string[]
  readonly config: Config
  readonly version: number
  /** Administrators do not see it since a PATCH: the real servers lose it there, this one only stops showing it. */
  readonly unlisted?: true
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface PasswordConfig {
  /** Absent when only the identifier is known: such a credential cannot sign in. */
  readonly hashed_password?: string
}

export interface OidcConfig {
  readonly providers: readonly {
    readonly provider: string
    readonly subject: string
    readonly initial_id_token: string
    readonly initial_access_token: string
    readonly initial_refresh_token: string
  }[]
}

export interface TotpConfig {
  /** `otpauth://totp/…` */
  readonly totp_url: string
}

export interface LookupSecretConfig {
  readonly recovery_codes: readonly { readonly code: string; readonly used_at?: Millis }[]
}

export interface WebAuthnKey {
  /** Credential id, base64url without padding. */
  readonly id: string
  /** COSE public key, base64url without padding. */
  readonly public_key: string
  readonly attestation_type: string
  readonly authenticator: { readonly aaguid: string; readonly sign_count: number; readonly clone_warning: boolean }
  readonly display_name: string
  readonly added_at: Millis
  readonly is_passwordless: boolean
}

export interface WebAuthnConfig {
  readonly credentials: readonly WebAuthnKey[]
  /** Base64 of the bytes that the browser knows the user by. */
  readonly user_handle?: string
}

export interface Credentials {
  readonly password?: Credential<PasswordConfig>
  readonly oidc?: Credential<OidcConfig>
  readonly totp?: Credential<TotpConfig>
  readonly lookup_secret?: Credential<LookupSecretConfig>
  readonly webauthn?: Credential<WebAuthnConfig>
}

export interface VerifiableAddress {
  readonly id: string
  /** Trimmed and lower-cased. */
  readonly value: string
  readonly verified: boolean
  readonly via: 'email' | 'phone'
  readonly status: 'pending' | 'sent' | 'completed'
  readonly verified_at?: Millis
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface RecoveryAddress {
  readonly id: string
  readonly value: string
  readonly via: 'email'
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface Identity {
  readonly id: string
  readonly schema_id: string
  readonly state: 'active' | 'inactive'
  /** Absent after a change of the profile, which forgets it on the real servers. */
  readonly state_changed_at?: Millis
  readonly traits: JsonObject
  readonly credentials: Credentials
  readonly verifiable_addresses: readonly VerifiableAddress[]
  readonly recovery_addresses: readonly RecoveryAddress[]
  readonly metadata_public: Json
  readonly metadata_admin: Json
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface AuthenticationMethod {
  readonly method: CredentialsType | 'link_recovery'
  readonly aal: 'aal1' | 'aal2'
  readonly completed_at: Millis
}

export interface Session {
  readonly id: string
  readonly identity_id: string
  readonly token: string
  readonly logout_token: string
  /** The stored flag; an expired session may still carry `true`. */
  readonly active: boolean
  readonly expires_at: Millis
  readonly authenticated_at: Millis
  readonly authenticator_assurance_level: AuthenticatorAssuranceLevel
  readonly authentication_methods: readonly AuthenticationMethod[]
  readonly issued_at: Millis
}

export type MessageType = 'info' | 'error' | 'success'

export interface UiText {
  readonly id: number
  readonly text: string
  readonly type: MessageType
  readonly context?: JsonObject
}

export type NodeGroup = 'default' | 'password' | 'oidc' | 'profile' | 'link' | 'totp' | 'lookup_secret' | 'webauthn'

export interface InputAttributes {
  readonly node_type: 'input'
  readonly name: string
  readonly type: string
  readonly value?: Json
  readonly required?: boolean
  readonly autocomplete?: string
  readonly pattern?: string
  readonly disabled: boolean
  readonly onclick?: string
}

export interface ImageAttributes {
  readonly node_type: 'img'
  readonly src: string
  readonly id: string
  readonly width: number
  readonly height: number
}

export interface TextAttributes {
  readonly node_type: 'text'
  readonly text: UiText
  readonly id: string
}

export interface ScriptAttributes {
  readonly node_type: 'script'
  readonly src: string
  readonly async: boolean
  readonly referrerpolicy: string
  readonly crossorigin: string
  readonly integrity: string
  readonly type: string
  readonly id: string
  readonly nonce: string
}

export interface UiNode {
  readonly type: 'input' | 'img' | 'text' | 'script'
  readonly group: NodeGroup
  readonly attributes: InputAttributes | ImageAttributes | TextAttributes | ScriptAttributes
  readonly messages: readonly UiText[]
  /** `{}` or `{label}`. */
  readonly meta: { readonly label?: UiText }
}

export interface UiContainer {
  readonly action: string
  readonly method: 'POST'
  /** `null` when no node was ever added, as on the real servers. */
  readonly nodes: readonly UiNode[] | null
  readonly messages: readonly UiText[]
}

export type FlowKind = 'login' | 'registration' | 'settings' | 'recovery' | 'verification'

interface AnyFlow {
  readonly id: string
  /** Fixed by the address that began the flow: `/api` or `/browser`. */
  readonly type: 'api' | 'browser'
  readonly issued_at: Millis
  readonly expires_at: Millis
  /** The full address of the request that began the flow. */
  readonly request_url: string
  readonly return_to?: string
  readonly active?: string
  readonly ui: UiContainer
  /** The masked CSRF token made with the flow; `''` in API flows. */
  readonly csrf_token: string
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface LoginFlow extends AnyFlow {
  readonly kind: 'login'
  readonly refresh: boolean
  readonly requested_aal: 'aal1' | 'aal2'
  /** What a security key is to sign, base64url. */
  readonly webauthn_challenge?: string
  /** Base64 of the bytes by which the browser knows whose key it is. */
  readonly webauthn_user_handle?: string
}

export interface RegistrationFlow extends AnyFlow {
  readonly kind: 'registration'
  readonly webauthn_challenge?: string
  /** Base64 of the bytes that the browser will know the new user by. */
  readonly webauthn_user_handle?: string
}

export interface SettingsFlow extends AnyFlow {
  readonly kind: 'settings'
  readonly identity_id: string
  readonly state: 'show_form' | 'success'
  /** The secret that this very flow shows; another flow has another. */
  readonly totp_url?: string
  readonly lookup_codes?: readonly string[]
  readonly webauthn_challenge?: string
}

/** `failed` is a state that no flow comes into by itself: what the real servers call every state that they do not know. */
export type LinkFlowState = 'choose_method' | 'sent_email' | 'passed_challenge' | 'failed'

export interface RecoveryFlow extends AnyFlow {
  readonly kind: 'recovery'
  readonly state: LinkFlowState
}

export interface VerificationFlow extends AnyFlow {
  readonly kind: 'verification'
  readonly state: LinkFlowState
}

export type Flow = LoginFlow | RegistrationFlow | SettingsFlow | RecoveryFlow | VerificationFlow

/** A token in a mailed or admin-issued link. */
export interface LinkToken {
  readonly id: string
  readonly token: string
  readonly kind: 'recovery' | 'verification'
  readonly flow_id: string
  readonly identity_id: string
  /** The address the link was mailed to; absent in admin-issued recovery links. */
  readonly address_id?: string
  readonly used: boolean
  readonly issued_at: Millis
  readonly expires_at: Millis
}

/** Something paused until the browser comes back: a settings change before re-login, a social sign-in. */
export interface Continuity {
  readonly id: string
  /** What was paused, e.g. `ory_kratos_settings_password`. */
  readonly name: string
  readonly identity_id?: string
  readonly expires_at: Millis
  readonly payload: JsonObject
}

/** What a social provider answers from now on, whoever signs in there. */
export interface OidcAnswer {
  /** The provider's id. */
  readonly id: string
  readonly answer:
    | { readonly error: string; readonly error_description: string }
    | { readonly sub: string; readonly claims: JsonObject; readonly withoutIdToken: boolean }
}

/** An authorization code of a social provider: good for one exchange. */
export interface OidcCode {
  /** The code itself. */
  readonly id: string
  readonly provider: string
  readonly redirect_uri: string
  readonly scope: string
  readonly subject: string
  readonly claims: JsonObject
  /** False when the provider forgets the ID token that OpenID Connect asks for. */
  readonly with_id_token: boolean
  readonly expires_at: Millis
}

/** What `GET /self-service/errors` shows: the error without its envelope. */
export interface SelfServiceError {
  readonly id: string
  readonly error: JsonObject
  readonly created_at: Millis
  readonly updated_at: Millis
}

export interface Mail {
  readonly id: string
  readonly to: string
  readonly from: string
  readonly subject: string
  /** Plain text. */
  readonly body: string
  readonly html: string
  readonly template_type: 'recovery_valid' | 'recovery_invalid' | 'verification_valid' | 'verification_invalid'
  readonly sent_at: Millis
}

export interface ProjectMember {
  readonly id: string
  readonly email: string
  readonly name: string
}

/** The project that a world belongs to; its configuration is the world's. */
export interface Project {
  readonly id: string
  readonly name: string
  /** The name of the world, too. */
  readonly slug: string
  readonly revision_id: string
  readonly state: 'running' | 'halted'
  readonly members: readonly ProjectMember[]
  /** Not configured by files: a key that is removed falls back to the default of Ory Network. */
  readonly network: boolean
  /** Gone for good: its world goes on without it, empty. */
  readonly purged: boolean
  readonly created_at: Millis
  readonly updated_at: Millis
}

/** A project that was created through a world. It has a world of its own, under its slug. */
export interface CreatedProject {
  readonly id: string
  readonly slug: string
}
