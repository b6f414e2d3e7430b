import { formatDuration, parseDuration } from '../config/duration.ts'
import { mergeConfig } from '../config/merge.ts'
import type { FlowSettings, Settings } from '../config/settings.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { partConfig } from './importable.ts'
import { shownUrl } from './schema-upload.ts'

/** The services of a project as its document shows them. */
export interface Services {
  readonly identity: { readonly config: JsonObject }
  readonly permission: { readonly config: JsonObject }
}

/** What the configuration of a project is shown with. */
export interface Shown {
  readonly name: string
  /** The configuration as written, and as operations read it. */
  readonly config: JsonObject
  readonly settings: Settings
  /** Where the project is reached, without a slash at the end. */
  readonly address: string
}

/**
 * The configuration of a project as Ory Network shows it (admin-keto-projects §6.3): every key with its value, the default
 * where none is configured; durations in Go's own form; keys in alphabetical order; no secrets, no ports.
 */
export function servicesOf(shown: Shown): Services {
  const { kept } = partConfig(shown.config)
  const { secrets: _, ...configured } = kept
  const whole = mergeConfig(mergeConfig(defaultsOf(shown), configured), ownedOf(shown))
  return {
    identity: { config: sorted(normalised(whole)) },
    permission: { config: permissionConfigOf(shown.config) },
  }
}

function permissionConfigOf({ limit, namespaces }: JsonObject): JsonObject {
  return { ...(limit === undefined ? {} : { limit }), namespaces: namespaces ?? [] }
}

/** What is shown of the keys that the configuration leaves out. */
function defaultsOf({ name, settings, address }: Shown): JsonObject {
  const email = { email: { body: {} } }
  const template = { invalid: email, valid: email }
  return {
    courier: {
      smtp: { from_name: settings.courier.smtp.from_name ?? `${name} via Ory` },
      templates: { recovery: template, verification: template },
    },
    identity: { default_schema_id: settings.identity.default_schema_id },
    selfservice: {
      allowed_return_urls: settings.selfservice.allowed_return_urls,
      default_browser_return_url: settings.selfservice.default_browser_return_url,
      flows: flowsOf(settings),
      methods: methodsOf(settings, address),
    },
    session: {
      lifespan: formatDuration(settings.session.lifespan),
      cookie: { persistent: settings.session.cookie.persistent, same_site: settings.session.cookie.same_site },
      whoami: { ...settings.session.whoami },
    },
  }
}

/** What the server sets itself. */
function ownedOf({ settings, address }: Shown): JsonObject {
  const log = { request_log: { disable_for_health: true } }
  const { cookie } = settings.session
  return {
    cookies: {
      ...domainOf(settings.cookies.domain),
      path: settings.cookies.path,
      same_site: settings.cookies.same_site,
    },
    identity: { schemas: settings.identity.schemas.map(({ id, url }) => ({ id, url: shownUrl({ id, url }) })) },
    serve: {
      admin: { base_url: `${address}/`, ...log },
      public: { base_url: `${address}/`, cors: { enabled: settings.serve.public.cors.enabled }, ...log },
    },
    session: { cookie: { ...domainOf(cookie.domain), name: cookie.name, path: cookie.path } },
  }
}

const domainOf = (domain: string | undefined) => (domain === undefined ? {} : { domain })

function flowsOf({ selfservice: { flows } }: Settings): JsonObject {
  const none = { hooks: [] }
  const begun = (flow: FlowSettings) => ({ lifespan: formatDuration(flow.lifespan), ui_url: flow.ui_url })
  const after = (...methods: string[]) => ({ ...none, ...Object.fromEntries(methods.map((method) => [method, none])) })
  return {
    error: { ui_url: flows.error.ui_url },
    login: { ...begun(flows.login), before: none, after: after('password', 'oidc', 'webauthn') },
    logout: { after: {} },
    recovery: { ...begun(flows.recovery), enabled: flows.recovery.enabled, after: none },
    registration: {
      ...begun(flows.registration),
      enabled: flows.registration.enabled,
      before: none,
      after: after('password', 'oidc', 'webauthn'),
    },
    settings: {
      ...begun(flows.settings),
      privileged_session_max_age: formatDuration(flows.settings.privileged_session_max_age),
      required_aal: flows.settings.required_aal,
      after: after('password', 'profile'),
    },
    verification: { ...begun(flows.verification), enabled: flows.verification.enabled, after: none },
  }
}

function methodsOf({ selfservice: { methods } }: Settings, address: string): JsonObject {
  const { link, oidc, password, profile, totp, lookup_secret, webauthn } = methods
  const { rp, passwordless } = webauthn.config
  const { hostname, origin } = new URL(address)
  return {
    link: {
      enabled: link.enabled,
      config: { base_url: link.config.base_url ?? '', lifespan: formatDuration(link.config.lifespan) },
    },
    lookup_secret: { enabled: lookup_secret.enabled },
    oidc: { enabled: oidc.enabled, config: { providers: [] } },
    password: { enabled: password.enabled, config: { ...password.config } },
    profile: { enabled: profile.enabled },
    totp: { enabled: totp.enabled, config: { issuer: totp.config.issuer ?? hostname } },
    webauthn: {
      enabled: webauthn.enabled,
      config: {
        passwordless,
        rp: { display_name: rp.display_name, id: rp.id ?? hostname, origin: rp.origin ?? origin },
      },
    },
  }
}

const DURATIONS = new Set(['lifespan', 'privileged_session_max_age'])

function normalised(value: Json | undefined, key = ''): Json | undefined {
  if (typeof value === 'string' && DURATIONS.has(key)) {
    const length = parseDuration(value)
    return length === undefined ? value : formatDuration(length)
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, normalised(v, k)]))
}

function sorted(value: Json | undefined): JsonObject {
  const inOrder = (v: Json | undefined): Json | undefined => (isJsonObject(v) ? sorted(v) : v)
  if (!isJsonObject(value)) return {}
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([k, v]) => [k, inOrder(v)]))
}
