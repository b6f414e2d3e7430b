import type { JsonObject } from '../json.ts'

const NO_HOOKS = { hooks: [] }
const SESSION = { hooks: [{ hook: 'session' }] }
const LIFESPAN = '30m0s'

const SELFSERVICE: JsonObject = {
  allowed_return_urls: [],
  default_browser_return_url: '/ui/welcome',
  flows: {
    error: { ui_url: '/ui/error' },
    login: {
      ui_url: '/ui/login',
      lifespan: LIFESPAN,
      before: NO_HOOKS,
      after: { ...NO_HOOKS, password: NO_HOOKS, oidc: NO_HOOKS, webauthn: NO_HOOKS },
    },
    logout: { after: {} },
    recovery: { enabled: true, ui_url: '/ui/recovery', lifespan: LIFESPAN, after: NO_HOOKS },
    registration: {
      enabled: true,
      ui_url: '/ui/registration',
      lifespan: LIFESPAN,
      before: NO_HOOKS,
      after: { ...NO_HOOKS, password: SESSION, oidc: SESSION, webauthn: NO_HOOKS },
    },
    settings: {
      ui_url: '/ui/settings',
      lifespan: LIFESPAN,
      privileged_session_max_age: '15m0s',
      required_aal: 'highest_available',
      after: { ...NO_HOOKS, password: NO_HOOKS, profile: NO_HOOKS },
    },
    verification: { enabled: true, ui_url: '/ui/verification', lifespan: LIFESPAN, after: NO_HOOKS },
  },
}

const methods = (name: string): JsonObject => ({
  link: { enabled: true, config: { base_url: '', lifespan: '15m0s' } },
  lookup_secret: { enabled: false },
  oidc: { enabled: false, config: { providers: [] } },
  password: {
    enabled: true,
    config: {
      haveibeenpwned_enabled: true,
      identifier_similarity_check_enabled: true,
      ignore_network_errors: true,
      max_breaches: 1,
      min_password_length: 8,
    },
  },
  profile: { enabled: true },
  totp: { enabled: false, config: { issuer: name } },
  webauthn: { enabled: false, config: { passwordless: false, rp: { display_name: name } } },
})

/**
 * The configuration that a project of Ory Network begins with, and that a key falls back to when it is removed
 * (admin-keto-projects §6.3). The domain of cookies and the id and origin of WebAuthn are not configured here: they follow
 * the address at which the project is reached.
 */
export function networkDefaults({ name, slug }: { readonly name: string; readonly slug: string }): JsonObject {
  return {
    cookies: { path: '/', same_site: 'Lax' },
    courier: { smtp: { from_name: `${name} via Ory` } },
    identity: {
      default_schema_id: 'preset://email',
      schemas: [
        { id: 'preset://email', url: 'preset://email' },
        { id: 'preset://username', url: 'preset://username' },
      ],
    },
    selfservice: { ...SELFSERVICE, methods: methods(name) },
    session: {
      lifespan: '72h0m0s',
      cookie: { name: `ory_session_${slug.replaceAll('-', '')}`, path: '/', persistent: false, same_site: 'Lax' },
      whoami: { required_aal: 'aal1' },
    },
    namespaces: [],
  }
}
