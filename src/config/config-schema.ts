import type { JsonObject } from '../json.ts'
import { DURATION_FORMAT } from './duration.ts'

/*
 * JSON Schema (draft-07) of every key of kratos.yml and keto.yml of July 2022, and of our own under `mock`. Nothing is
 * required: a configuration may come in several files, and what is left out takes its default (resolve.ts).
 *
 * Keys that are accepted and have no effect here carry `x-no-effect` with the reason; the server says so once.
 */

/** The keyword that marks a key without effect; its value completes the sentence "… has no effect: ". */
export const NO_EFFECT = 'x-no-effect'

const text = { type: 'string' }
const flag = (otherwise: boolean) => ({ type: 'boolean', default: otherwise })
const duration = (otherwise: string) => ({ type: 'string', format: DURATION_FORMAT, default: otherwise })
const oneOf = (values: readonly string[], otherwise?: string) => ({
  type: 'string',
  enum: values,
  ...(otherwise === undefined ? {} : { default: otherwise }),
})
const list = (items: JsonObject, otherwise?: readonly string[]) => ({
  type: 'array',
  items,
  ...(otherwise === undefined ? {} : { default: otherwise }),
})
/** An absolute http(s) address, or `''` for none. */
const address = { type: 'string', format: 'http-url-or-empty' }
/** An absolute address, or one relative to the public base URL. */
const page = { type: 'string', format: 'uri-reference' }
const integer = (minimum: number, otherwise?: number, maximum?: number) => ({
  type: 'integer',
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
  ...(otherwise === undefined ? {} : { default: otherwise }),
})

/** An object with these keys and no others. */
const closed = (properties: JsonObject): JsonObject => ({ type: 'object', additionalProperties: false, properties })

/** Accepted as it is, whatever it holds. */
const without = (reason: string, schema: JsonObject = {}): JsonObject => ({ ...schema, [NO_EFFECT]: reason })

const IN_MEMORY = 'everything is kept in memory'
const NO_LISTENER = 'addresses, ports and TLS of the server are chosen on the command line'
const NO_SECRETS = 'nothing is signed or encrypted'
const NO_MAIL_SERVER = 'mails are kept in the mailbox and never sent'
const NO_COST = 'passwords are kept as a fast salted hash'
const BUILT_IN_PROVIDER = 'the built-in provider answers for every social provider'
const NO_CALLS = 'the server opens no connection outwards'

const hooks = (...names: string[]): JsonObject =>
  list({
    type: 'object',
    required: ['hook'],
    additionalProperties: false,
    properties: { hook: oneOf(names), config: { type: 'object' } },
  })

const before = closed({ hooks: hooks('web_hook') })

/** `after` of a flow: return address and hooks, for all methods and for each of `methods`. */
const after = (methods: readonly string[], ...names: string[]): JsonObject => {
  const each = { default_browser_return_url: page, hooks: hooks(...names) }
  return closed({ ...each, ...Object.fromEntries(methods.map((method) => [method, closed(each)])) })
}

const FIRST_FACTORS = ['password', 'oidc', 'webauthn']
const SECOND_FACTORS = ['totp', 'lookup_secret']

const fallback = (name: string) => ({ ...page, default: `https://www.ory.sh/kratos/docs/fallback/${name}` })

const flows = closed({
  login: closed({
    ui_url: fallback('login'),
    lifespan: duration('1h'),
    before,
    after: after(
      [...FIRST_FACTORS, ...SECOND_FACTORS],
      'revoke_active_sessions',
      'require_verified_address',
      'web_hook',
    ),
  }),
  registration: closed({
    enabled: flag(true),
    ui_url: fallback('registration'),
    lifespan: duration('1h'),
    before,
    after: after(FIRST_FACTORS, 'session', 'web_hook'),
  }),
  settings: closed({
    ui_url: fallback('settings'),
    lifespan: duration('1h'),
    privileged_session_max_age: duration('1h'),
    required_aal: oneOf(['aal1', 'highest_available'], 'highest_available'),
    before,
    after: after(['profile', ...FIRST_FACTORS, ...SECOND_FACTORS], 'web_hook'),
  }),
  recovery: closed({
    enabled: flag(false),
    ui_url: fallback('recovery'),
    lifespan: duration('1h'),
    before,
    after: closed({
      hooks: hooks('revoke_active_sessions', 'web_hook'),
      default_browser_return_url: without('recovery always goes on to the settings, as on the real servers', page),
    }),
  }),
  verification: closed({
    enabled: flag(false),
    ui_url: fallback('verification'),
    lifespan: duration('1h'),
    before,
    after: after([], 'web_hook'),
  }),
  logout: closed({ after: closed({ default_browser_return_url: page }) }),
  error: closed({ ui_url: fallback('error') }),
})

const provider: JsonObject = {
  type: 'object',
  required: ['id', 'provider'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', minLength: 1 },
    provider: oneOf([
      'github',
      'github-app',
      'gitlab',
      'generic',
      'google',
      'microsoft',
      'discord',
      'slack',
      'facebook',
      'auth0',
      'vk',
      'yandex',
      'apple',
      'spotify',
      'netid',
      'dingtalk',
    ]),
    label: text,
    client_id: text,
    client_secret: without(BUILT_IN_PROVIDER, text),
    issuer_url: address,
    auth_url: without(BUILT_IN_PROVIDER, address),
    token_url: without(BUILT_IN_PROVIDER, address),
    mapper_url: without('Jsonnet is not evaluated; claims become traits of the same name', text),
    scope: list(text),
    microsoft_tenant: without(BUILT_IN_PROVIDER, text),
    subject_source: without(BUILT_IN_PROVIDER, oneOf(['userinfo', 'me'], 'userinfo')),
    apple_team_id: without(BUILT_IN_PROVIDER, text),
    apple_private_key_id: without(BUILT_IN_PROVIDER, text),
    apple_private_key: without(BUILT_IN_PROVIDER, text),
    requested_claims: { type: 'object' },
  },
}

const methods = closed({
  password: closed({
    enabled: flag(true),
    config: closed({
      haveibeenpwned_host: without('breached passwords come from a built-in list', text),
      haveibeenpwned_enabled: flag(true),
      max_breaches: integer(0, 0),
      ignore_network_errors: without('breached passwords come from a built-in list', flag(true)),
      min_password_length: integer(6, 8),
      identifier_similarity_check_enabled: flag(true),
    }),
  }),
  profile: closed({ enabled: flag(true) }),
  link: closed({ enabled: flag(true), config: closed({ lifespan: duration('1h'), base_url: address }) }),
  totp: closed({ enabled: flag(false), config: closed({ issuer: text }) }),
  lookup_secret: closed({ enabled: flag(false) }),
  webauthn: closed({
    enabled: flag(false),
    config: closed({
      passwordless: flag(false),
      rp: closed({
        id: text,
        origin: address,
        display_name: text,
        icon: without('browsers no longer show it', text),
      }),
    }),
  }),
  oidc: closed({
    enabled: flag(false),
    config: closed({ base_redirect_uri: address, providers: list(provider) }),
  }),
})

const tls = without(NO_LISTENER, { type: 'object' })
/** No default: without one the command line decides. */
const port = integer(0, undefined, 65_535)

const listener = (more: JsonObject = {}): JsonObject =>
  closed({
    port,
    host: without(NO_LISTENER, text),
    socket: without(NO_LISTENER, { type: 'object' }),
    tls,
    request_log: without('requests are kept in the journal', { type: 'object' }),
    ...more,
  })

const cors = closed({
  enabled: flag(false),
  allowed_origins: list(text, ['*']),
  allowed_methods: list(oneOf(['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'HEAD', 'OPTIONS', 'TRACE']), [
    'POST',
    'GET',
    'PUT',
    'PATCH',
    'DELETE',
  ]),
  allowed_headers: list(text, ['Authorization', 'Content-Type', 'X-Session-Token']),
  exposed_headers: list(text, ['Content-Type']),
  allow_credentials: flag(true),
  options_passthrough: without('preflight requests are always answered', { type: 'boolean' }),
  max_age: integer(0, 0),
  debug: without('requests are kept in the journal', { type: 'boolean' }),
})

const keto = listener({ cors: without('CORS is configured under serve.public', { type: 'object' }) })

const serve = closed({
  public: listener({ base_url: address, cors }),
  admin: listener({ base_url: address }),
  read: keto,
  write: keto,
  metrics: without('there are no metrics', { type: 'object' }),
})

const sameSite = (otherwise?: string) => oneOf(['Strict', 'Lax', 'None'], otherwise)
const aal = oneOf(['aal1', 'highest_available'], 'highest_available')

const session = closed({
  lifespan: duration('24h'),
  earliest_possible_extend: duration('24h'),
  whoami: closed({ required_aal: aal }),
  cookie: closed({
    name: { type: 'string', default: 'ory_kratos_session' },
    persistent: flag(true),
    domain: text,
    path: text,
    same_site: sameSite(),
  }),
})

const template = closed({
  email: closed({ subject: text, body: closed({ plaintext: text, html: text }) }),
})

const courier = closed({
  templates: closed({
    recovery: closed({ valid: template, invalid: template }),
    verification: closed({ valid: template, invalid: template }),
  }),
  template_override_path: without('no file is read at run time', text),
  message_ttl: without(NO_MAIL_SERVER, duration('1h')),
  smtp: closed({
    connection_uri: without(NO_MAIL_SERVER, text),
    client_cert_path: without(NO_MAIL_SERVER, text),
    client_key_path: without(NO_MAIL_SERVER, text),
    from_address: { type: 'string', default: 'no-reply@ory.kratos.sh' },
    from_name: text,
    headers: without(NO_MAIL_SERVER, { type: 'object' }),
    local_name: without(NO_MAIL_SERVER, text),
  }),
  sms: without(NO_MAIL_SERVER, { type: 'object' }),
})

const identity = closed({
  default_schema_id: { type: 'string', default: 'default' },
  schemas: list({
    type: 'object',
    required: ['id', 'url'],
    properties: { id: { type: 'string', minLength: 1 }, url: { type: 'string', minLength: 1 } },
  }),
})

const namespace: JsonObject = {
  type: 'object',
  required: ['id', 'name'],
  additionalProperties: false,
  properties: {
    $schema: text,
    id: integer(0, undefined, 2_147_483_647),
    name: { type: 'string', minLength: 1 },
    config: { type: 'object' },
  },
}

const hashers = closed({
  algorithm: oneOf(['bcrypt', 'argon2', 'pbkdf2'], 'bcrypt'),
  argon2: without(NO_COST, { type: 'object' }),
  bcrypt: without(NO_COST, { type: 'object' }),
})

/** A switch by its name, or with what narrows it. */
const thrown = {
  ...closed({
    name: { type: 'string', minLength: 1 },
    operation: { ...text, description: 'Only for this operation.' },
    times: { ...integer(1), description: 'For so many calls.' },
    after: { ...integer(1), description: 'From the n-th call on.' },
    probability: { type: 'number', minimum: 0, maximum: 1, description: 'For this share of the calls.' },
    seed: text,
    parameters: { type: 'object' },
  }),
  type: ['string', 'object'],
  required: ['name'],
}

/** Our own keys. */
const mock = closed({
  switches: { ...list(thrown), description: 'Switches that are thrown from the start.' },
  disable_api_flow_enforcement: {
    ...flag(false),
    description: 'API flows may be submitted with Origin and cookies, as React Native on the web does.',
  },
  allow_loopback: {
    ...flag(false),
    description: 'Any loopback origin may call with credentials, and be returned to, whatever its port.',
  },
})

export const configSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Configuration of ory-mock: the keys of kratos.yml and keto.yml, and its own under "mock"',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: text,
    version: without('there is one version', text),
    dsn: without(IN_MEMORY, text),
    database: without(IN_MEMORY, { type: 'object' }),
    dev: without('cookies are always as with --dev', { type: 'boolean' }),
    serve,
    selfservice: closed({
      default_browser_return_url: page,
      allowed_return_urls: list(page, []),
      flows,
      methods,
    }),
    session,
    cookies: closed({ domain: text, path: { type: 'string', default: '/' }, same_site: sameSite('Lax') }),
    identity,
    courier,
    hashers,
    ciphers: without(NO_SECRETS, { type: 'object' }),
    secrets: without(NO_SECRETS, { type: 'object' }),
    log: without('see --verbose and --journal', { type: 'object' }),
    tracing: without(NO_CALLS, { type: 'object' }),
    profiling: without('there is no profiler', text),
    clients: without(NO_CALLS, { type: 'object' }),
    'sqa-opt-out': without(NO_CALLS, { type: 'boolean' }),
    'watch-courier': without(NO_MAIL_SERVER, { type: 'boolean' }),
    'expose-metrics-port': without('there are no metrics', { type: 'integer' }),
    // a list, or the address of a file or folder that holds them
    namespaces: { type: ['array', 'string'], items: namespace, format: 'uri-reference' },
    limit: closed({ max_read_depth: integer(1, 5, 65_535) }),
    mock,
  },
}
