import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { SwitchRequest } from '../state/thrown-switch.ts'

/*
 * The configuration as the operations read it: the keys of kratos.yml and keto.yml under their own names, every default
 * filled in, durations as milliseconds, schemas loaded. Made by `resolveSettings` (resolve.ts); sources: the tables of
 * defaults of the real servers.
 */

export type RequiredAal = 'aal1' | 'highest_available'
export type SameSite = 'Lax' | 'Strict' | 'None'

export interface Hook {
  readonly hook: string
  readonly config?: JsonObject
}

/** `after` of a flow: hooks and return addresses, for all methods and for one. */
export interface AfterFlow {
  readonly default_browser_return_url: string | undefined
  readonly hooks: readonly Hook[]
  readonly methods: Readonly<
    Record<
      string,
      { readonly default_browser_return_url: string | undefined; readonly hooks: readonly Hook[] | undefined }
    >
  >
}

export interface FlowSettings {
  readonly enabled: boolean
  /** Absolute, or relative to the public base URL (`/ui/login`). */
  readonly ui_url: string
  readonly lifespan: Millis
  readonly after: AfterFlow
}

export interface OidcProvider {
  readonly id: string
  /** `generic`, `google`, `github` … */
  readonly provider: string
  readonly label: string | undefined
  readonly client_id: string
  readonly issuer_url: string | undefined
  readonly scope: readonly string[]
  readonly requested_claims: JsonObject | undefined
  /** Why it cannot be reached for tokens. No configuration says so: it is for the time of a call. */
  readonly failure?: string
}

export interface IdentitySchema {
  readonly id: string
  readonly url: string
  /** The JSON Schema, parsed. */
  readonly schema: JsonObject
  /** The file as written, which `GET /schemas/{id}` sends. */
  readonly raw: string
}

export interface Namespace {
  readonly id: number
  readonly name: string
}

export interface Settings {
  readonly serve: {
    readonly public: {
      /** As configured, or `undefined`: then addresses follow the request's Host. */
      readonly base_url: string | undefined
      readonly port: number | undefined
      readonly cors: {
        readonly enabled: boolean
        readonly allowed_origins: readonly string[]
        readonly allowed_methods: readonly string[]
        readonly allowed_headers: readonly string[]
        readonly exposed_headers: readonly string[]
        readonly allow_credentials: boolean
        readonly max_age: number
        /** Any loopback origin is allowed too, whatever its port (`mock.allow_loopback`). */
        readonly allow_loopback: boolean
      }
    }
    readonly admin: { readonly base_url: string | undefined; readonly port: number | undefined }
    readonly read: { readonly port: number | undefined }
    readonly write: { readonly port: number | undefined }
  }
  readonly selfservice: {
    readonly default_browser_return_url: string
    readonly allowed_return_urls: readonly string[]
    /** `return_to` any loopback origin is allowed too, whatever its port (`mock.allow_loopback`). */
    readonly allow_loopback_return_urls: boolean
    readonly flows: {
      readonly login: FlowSettings
      readonly registration: FlowSettings
      readonly recovery: FlowSettings
      readonly verification: FlowSettings
      readonly settings: FlowSettings & {
        readonly privileged_session_max_age: Millis
        readonly required_aal: RequiredAal
      }
      readonly logout: { readonly after: AfterFlow }
      readonly error: { readonly ui_url: string }
    }
    readonly methods: {
      readonly password: {
        readonly enabled: boolean
        readonly config: {
          readonly min_password_length: number
          readonly identifier_similarity_check_enabled: boolean
          readonly haveibeenpwned_enabled: boolean
          readonly max_breaches: number
        }
      }
      readonly profile: { readonly enabled: boolean }
      readonly link: {
        readonly enabled: boolean
        readonly config: { readonly lifespan: Millis; readonly base_url: string | undefined }
      }
      /** `issuer`: the host name of the public base URL when not configured. */
      readonly totp: { readonly enabled: boolean; readonly config: { readonly issuer: string | undefined } }
      readonly lookup_secret: { readonly enabled: boolean }
      readonly webauthn: {
        readonly enabled: boolean
        readonly config: {
          readonly passwordless: boolean
          readonly rp: {
            readonly id: string | undefined
            readonly origin: string | undefined
            readonly display_name: string
          }
        }
      }
      readonly oidc: {
        readonly enabled: boolean
        readonly config: { readonly base_redirect_uri: string | undefined; readonly providers: readonly OidcProvider[] }
      }
    }
  }
  readonly session: {
    readonly lifespan: Millis
    readonly earliest_possible_extend: Millis
    readonly cookie: {
      readonly name: string
      readonly persistent: boolean
      readonly domain: string | undefined
      readonly path: string
      readonly same_site: SameSite
    }
    readonly whoami: { readonly required_aal: RequiredAal }
  }
  readonly cookies: { readonly domain: string | undefined; readonly path: string; readonly same_site: SameSite }
  readonly identity: { readonly default_schema_id: string; readonly schemas: readonly IdentitySchema[] }
  readonly courier: {
    readonly smtp: { readonly from_address: string; readonly from_name: string | undefined }
    /** `courier.templates`: overrides of subjects and bodies, as configured. */
    readonly templates: JsonObject
  }
  readonly hashers: { readonly algorithm: 'bcrypt' | 'argon2' | 'pbkdf2' }
  readonly namespaces: readonly Namespace[]
  readonly limit: { readonly max_read_depth: number }
  /** Our own keys; Ory has none of them. */
  readonly mock: {
    /** The switches that are thrown from the start: by name, or with what narrows them. */
    readonly switches: readonly (string | SwitchRequest)[]
    /** API flows may be submitted with `Origin` and cookies (`DEV_DISABLE_API_FLOW_ENFORCEMENT`). */
    readonly disable_api_flow_enforcement: boolean
  }
}
