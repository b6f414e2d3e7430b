import type { JsonObject } from '../json.ts'
import { base64Url } from './identity-schemas.ts'
import { mergeConfig } from './merge.ts'

/** The identity schema of the project `demo`: an e-mail, by which a person signs in and is reached, and a name. */
const PERSON: JsonObject = {
  $id: 'https://schemas.example.org/demo/person.schema.json',
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Person',
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          title: 'E-Mail',
          minLength: 3,
          'ory.sh/kratos': {
            credentials: {
              password: { identifier: true },
              webauthn: { identifier: true },
              totp: { account_name: true },
            },
            verification: { via: 'email' },
            recovery: { via: 'email' },
          },
        },
        name: {
          type: 'object',
          properties: {
            first: { type: 'string', title: 'First name' },
            last: { type: 'string', title: 'Last name' },
          },
        },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
}

const SESSION = { hooks: [{ hook: 'session' }] }
const LIFESPAN = '30m0s'

const DEMO: JsonObject = {
  serve: {
    public: {
      cors: {
        enabled: true,
        // loopback origins only: see mock.allow_loopback
        allowed_origins: [],
        allowed_headers: [
          'Authorization',
          'Content-Type',
          'X-Session-Token',
          'X-Mock-Sandbox',
          'X-Mock-Switch',
          'Prefer',
        ],
        allow_credentials: true,
      },
    },
  },
  selfservice: {
    default_browser_return_url: '/ui/welcome',
    allowed_return_urls: [],
    flows: {
      error: { ui_url: '/ui/error' },
      login: { ui_url: '/ui/login', lifespan: LIFESPAN },
      registration: {
        enabled: true,
        ui_url: '/ui/registration',
        lifespan: LIFESPAN,
        after: { password: SESSION, oidc: SESSION, webauthn: SESSION },
      },
      settings: {
        ui_url: '/ui/settings',
        lifespan: LIFESPAN,
        privileged_session_max_age: '15m0s',
        required_aal: 'highest_available',
      },
      recovery: { enabled: true, ui_url: '/ui/recovery', lifespan: LIFESPAN },
      verification: { enabled: true, ui_url: '/ui/verification', lifespan: LIFESPAN },
      logout: { after: { default_browser_return_url: '/ui/welcome' } },
    },
    methods: {
      password: { enabled: true },
      profile: { enabled: true },
      link: { enabled: true, config: { lifespan: LIFESPAN } },
      totp: { enabled: true, config: { issuer: 'Demo' } },
      lookup_secret: { enabled: true },
      webauthn: { enabled: true, config: { passwordless: false, rp: { display_name: 'Demo' } } },
      oidc: {
        enabled: true,
        config: {
          // no issuer_url: the built-in provider answers for it
          providers: [
            { id: 'acme', provider: 'generic', label: 'Acme', client_id: 'demo', scope: ['email', 'profile'] },
          ],
        },
      },
    },
  },
  session: { lifespan: '24h0m0s', whoami: { required_aal: 'highest_available' } },
  identity: {
    default_schema_id: 'default',
    schemas: [
      { id: 'default', url: base64Url(JSON.stringify(PERSON, null, 2)) },
      { id: 'preset://email', url: 'preset://email' },
      { id: 'preset://username', url: 'preset://username' },
    ],
  },
  courier: { smtp: { from_address: 'no-reply@demo.example.org', from_name: 'Demo' } },
  namespaces: [],
  mock: { allow_loopback: true },
}

/**
 * The configuration of the built-in project `demo`: everything that can be tried is on, addresses follow the request,
 * pages are the server's own, and any loopback origin may call it and be returned to.
 * @param options.app the address of the user's app: every page and return address is then there, and nothing else may
 * call or be returned to (`--app`)
 */
export function demoConfig(options: { readonly app?: string | undefined } = {}): JsonObject {
  return options.app === undefined ? DEMO : mergeConfig(DEMO, appConfig(options.app))
}

/** What `--app URL` changes in a configuration, as a merge patch: every `ui_url`, return address and CORS origin. */
export function appConfig(app: string): JsonObject {
  const base = app.replace(/\/+$/, '')
  const page = (name: string) => ({ ui_url: `${base}/${name}` })
  return {
    serve: { public: { cors: { enabled: true, allowed_origins: [new URL(app).origin], allow_credentials: true } } },
    selfservice: {
      default_browser_return_url: `${base}/`,
      allowed_return_urls: [base],
      flows: {
        error: page('error'),
        login: page('login'),
        registration: page('registration'),
        settings: page('settings'),
        recovery: page('recovery'),
        verification: page('verification'),
        logout: { after: { default_browser_return_url: `${base}/` } },
      },
    },
    mock: { allow_loopback: false },
  }
}
