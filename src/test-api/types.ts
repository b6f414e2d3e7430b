import type { Duration } from '../config/duration.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Fixture } from '../simulation/fixture.ts'
import type { BuiltInFixture, BuiltInScenario } from './built-in.ts'

/** What a world is filled from: a built-in name, a file, or the world itself, as `GET /__mock/state` writes it. */
export type FixtureSource = BuiltInFixture | { readonly file: string } | Fixture

/** A situation to start in: a built-in name, or a file. */
export type ScenarioSource = BuiltInScenario | { readonly file: string }

/** A scenario of a running server: a built-in name, or one of the folder `scenarios/` that the server was started beside. */
export type ScenarioName = BuiltInScenario | { readonly name: string }

/** A scenario that can be chosen. */
export interface ScenarioSummary {
  readonly name: string
  readonly title: string
  /** What happens, and why it matters. */
  readonly story: string
}

export type Aal = 'aal1' | 'aal2'

export type AuthenticationMethodName = 'password' | 'oidc' | 'totp' | 'lookup_secret' | 'webauthn' | 'link_recovery'

/** The time of a sandbox. */
export interface ClockReading {
  readonly now: string
  readonly frozen: boolean
}

/** Somebody new, written as in a fixture: an e-mail and a password are enough, by the identity schema of `demo`. */
export interface IdentityRequest {
  readonly id?: string
  readonly email?: string
  readonly username?: string
  readonly traits?: JsonObject
  readonly schema_id?: string
  readonly state?: 'active' | 'inactive'
  /** Plain; without it nobody can sign in with a password. */
  readonly password?: string
  /** As another system hashed it: bcrypt, argon2 or pbkdf2. */
  readonly hashed_password?: string
  /** Whether all addresses are verified. */
  readonly verified?: boolean
  /** The secret of an authenticator app in Base32; `true` for one that the test need not know. */
  readonly totp?: string | true
  /** Backup codes. */
  readonly lookup_secret?: readonly string[]
  /** Accounts at social providers. */
  readonly oidc?: readonly { readonly provider: string; readonly subject: string }[]
  readonly metadata_public?: Json
  readonly metadata_admin?: Json
  /** An instant, or how long ago: `'-25m'`. */
  readonly created_at?: string
}

/** An identity as `adminGetIdentity` answers. */
export interface IdentityBody {
  readonly id: string
  readonly schema_id: string
  readonly schema_url: string
  readonly state: 'active' | 'inactive'
  readonly traits: JsonObject
  readonly metadata_public: Json
  readonly metadata_admin: Json
  readonly created_at: string
  readonly updated_at: string
  readonly credentials?: JsonObject
  readonly verifiable_addresses?: readonly JsonObject[]
  readonly recovery_addresses?: readonly JsonObject[]
}

/** How somebody signed in, without a UI. */
export interface SessionOptions {
  readonly aal?: Aal
  readonly methods?: readonly AuthenticationMethodName[]
  /** How long ago the person signed in. */
  readonly age?: Duration
  readonly expired?: boolean
  readonly active?: boolean
  /** The token, in place of a made-up one. */
  readonly token?: string
}

/** A session made without a UI. */
export interface SessionRequest extends SessionOptions {
  /** Id, e-mail or user name. */
  readonly identity: string
}

export interface CreatedSession {
  /** For the header `X-Session-Token` of native apps. */
  readonly session_token: string
  /** A `Set-Cookie` line. */
  readonly cookie: string
  readonly session: { readonly id: string } & JsonObject
  /** For the header `Cookie`. */
  readonly cookieHeader: string
  /** For a browser: `await context.addCookies([session.browserCookie])` with Playwright. */
  readonly browserCookie: { readonly name: string; readonly value: string; readonly url: string }
}

/** `namespace:object#relation@subject`, where the subject is an id, or `namespace:object#relation` for a set. */
export type TupleText = `${string}:${string}#${string}@${string}`

/** A relation tuple as Keto writes it. */
export type TupleObject = { readonly namespace: string; readonly object: string; readonly relation: string } & (
  | { readonly subject_id: string }
  | { readonly subject_set: { readonly namespace: string; readonly object: string; readonly relation: string } }
)

/** A mail that the mock would have sent. */
export interface MailMessage {
  readonly id: string
  readonly to: string
  readonly subject: string
  /** Plain text. */
  readonly body: string
  readonly sent_at: string
  /** The first link in the body. */
  readonly link?: string
  /** The first code in the body. */
  readonly code?: string
}

/** A snapshot of a sandbox. */
export interface SnapshotSummary {
  readonly name: string
  /** The sandbox's time. */
  readonly taken_at: string
  readonly identities: number
  readonly sessions: number
}

/** What a social provider answers, instead of showing its page. */
export type ProviderAnswer =
  | {
      /** Who it is, as the provider knows them. */
      readonly sub: string
      /** They become traits of the same name. */
      readonly claims?: JsonObject
      /** The provider forgets its ID token. */
      readonly withoutIdToken?: boolean
    }
  | { readonly error: string; readonly error_description?: string }

/** A sandbox, as the server lists it. */
export interface SandboxSummary {
  readonly name: string
  readonly used_at: string
  readonly scenario: string | null
  readonly identities: number
  readonly sessions: number
}

/** One exchange with Ory's APIs, as the journal keeps it. */
export type { JournalEntry as RecordedExchange } from '../verdict/shown-entry.ts'
