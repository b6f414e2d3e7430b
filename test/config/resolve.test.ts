import { describe, expect, test } from 'vitest'
import { configSchema, NO_EFFECT } from '../../src/config/config-schema.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { parseDuration } from '../../src/config/duration.ts'
import { ProblemError } from '../../src/config/problem.ts'
import { resolveSettings } from '../../src/config/resolve.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'

/** Every key of the schema that has a default and an effect. */
function defaults(schema: JsonObject, path: readonly string[] = []): [string, Json][] {
  if (schema[NO_EFFECT] !== undefined) return []
  const own: [string, Json][] = schema['default'] === undefined ? [] : [[path.join('.'), schema['default']]]
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : []
  return own.concat(properties.flatMap(([key, child]) => (isJsonObject(child) ? defaults(child, [...path, key]) : [])))
}

const HOUR = 3_600_000

/** The tables of kratos-login-registration-sessions §0, kratos-settings-recovery-verification-mfa §9, admin-keto-projects §5.2. */
const TABLES: [string, unknown][] = [
  ['selfservice.allowed_return_urls', []],
  ['selfservice.flows.login.lifespan', HOUR],
  ['selfservice.flows.registration.lifespan', HOUR],
  ['selfservice.flows.recovery.lifespan', HOUR],
  ['selfservice.flows.verification.lifespan', HOUR],
  ['selfservice.flows.settings.lifespan', HOUR],
  ['selfservice.flows.login.ui_url', 'https://www.ory.sh/kratos/docs/fallback/login'],
  ['selfservice.flows.registration.ui_url', 'https://www.ory.sh/kratos/docs/fallback/registration'],
  ['selfservice.flows.settings.ui_url', 'https://www.ory.sh/kratos/docs/fallback/settings'],
  ['selfservice.flows.recovery.ui_url', 'https://www.ory.sh/kratos/docs/fallback/recovery'],
  ['selfservice.flows.verification.ui_url', 'https://www.ory.sh/kratos/docs/fallback/verification'],
  ['selfservice.flows.error.ui_url', 'https://www.ory.sh/kratos/docs/fallback/error'],
  ['selfservice.flows.registration.enabled', true],
  ['selfservice.flows.recovery.enabled', false],
  ['selfservice.flows.verification.enabled', false],
  ['selfservice.flows.login.after.hooks', []],
  ['selfservice.flows.registration.after.hooks', []],
  ['selfservice.flows.settings.privileged_session_max_age', HOUR],
  ['selfservice.flows.settings.required_aal', 'highest_available'],
  ['selfservice.methods.password.enabled', true],
  ['selfservice.methods.profile.enabled', true],
  ['selfservice.methods.link.enabled', true],
  ['selfservice.methods.oidc.enabled', false],
  ['selfservice.methods.totp.enabled', false],
  ['selfservice.methods.lookup_secret.enabled', false],
  ['selfservice.methods.webauthn.enabled', false],
  ['selfservice.methods.webauthn.config.passwordless', false],
  ['selfservice.methods.link.config.lifespan', HOUR],
  ['selfservice.methods.link.config.base_url', undefined],
  ['selfservice.methods.totp.config.issuer', undefined],
  ['selfservice.methods.password.config.min_password_length', 8],
  ['selfservice.methods.password.config.identifier_similarity_check_enabled', true],
  ['selfservice.methods.password.config.haveibeenpwned_enabled', true],
  ['selfservice.methods.password.config.max_breaches', 0],
  ['hashers.algorithm', 'bcrypt'],
  ['session.lifespan', 24 * HOUR],
  ['session.whoami.required_aal', 'highest_available'],
  ['session.earliest_possible_extend', 24 * HOUR],
  ['session.cookie.name', 'ory_kratos_session'],
  ['session.cookie.persistent', true],
  ['session.cookie.domain', undefined],
  ['session.cookie.path', '/'],
  ['session.cookie.same_site', 'Lax'],
  ['cookies.path', '/'],
  ['cookies.same_site', 'Lax'],
  ['cookies.domain', undefined],
  ['identity.default_schema_id', 'default'],
  ['serve.public.cors.enabled', false],
  ['courier.smtp.from_address', 'no-reply@ory.kratos.sh'],
  ['limit.max_read_depth', 5],
  ['namespaces', []],
  ['mock.switches', []],
  // both are `mock.allow_loopback`
  ['serve.public.cors.allow_loopback', false],
  ['selfservice.allow_loopback_return_urls', false],
]

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isJsonObject(part) ? part[key] : undefined), value)
}

describe('defaults', () => {
  const settings = resolveSettings({})

  test.each(TABLES)('%s is %j', (path, value) => {
    expect(at(settings, path)).toEqual(value)
  })

  test.each(defaults(configSchema).filter(([path]) => path !== 'mock.allow_loopback'))(
    '%s: the schema for editors says what the server does (%j)',
    (path, value) => {
      const length = typeof value === 'string' ? parseDuration(value) : undefined
      expect(at(settings, path)).toEqual(length ?? value)
    },
  )
})

describe('values', () => {
  test('cookies of sessions fall back to the cookies of all', () => {
    const { session } = resolveSettings({
      cookies: { domain: 'example.org', path: '/app', same_site: 'Strict' },
      session: { cookie: { path: '/own' } },
    })
    expect(session.cookie).toMatchObject({ domain: 'example.org', path: '/own', same_site: 'Strict' })
  })

  test('hooks of a method replace those of all methods, and no list is not an empty list', () => {
    const after = { hooks: [{ hook: 'revoke_active_sessions' }], password: { hooks: [] }, oidc: {} }
    const { login } = resolveSettings({ selfservice: { flows: { login: { after } } } }).selfservice.flows
    expect(login.after.hooks).toEqual([{ hook: 'revoke_active_sessions' }])
    expect(login.after.methods['password']?.hooks).toEqual([])
    expect(login.after.methods['oidc']?.hooks).toBeUndefined()
  })

  test('an empty address is none: projects of Ory Network write "" for it', () => {
    const link = { config: { base_url: '', lifespan: '15m0s' } }
    const { methods } = resolveSettings({ selfservice: { methods: { link } } }).selfservice
    expect(methods.link.config).toEqual({ base_url: undefined, lifespan: 15 * 60_000 })
  })

  test('every value of the wrong kind is named by its pointer', () => {
    const config = {
      session: { lifespan: '3 days', cookie: { persistent: 'no' } },
      selfservice: { allowed_return_urls: 'http://localhost', flows: { login: { ui_url: 7 } } },
      limit: { max_read_depth: 1.5 },
    }
    const pointers = problemsOf(config).map((problem) => problem.pointer)
    expect(pointers.sort()).toEqual([
      '/limit/max_read_depth',
      '/selfservice/allowed_return_urls',
      '/selfservice/flows/login/ui_url',
      '/session/cookie/persistent',
      '/session/lifespan',
    ])
  })
})

describe('identity schemas', () => {
  test('base64:// and the presets of every project are loaded, files and addresses are not', () => {
    const schema = '{ "$id": "x", "type": "object" }\n'
    const url = `base64://${Buffer.from(schema).toString('base64')}`
    const schemas = [
      { id: 'default', url },
      { id: 'preset://email', url: 'preset://email' },
      { id: 'preset://username', url: 'preset://username' },
    ]
    const [first, email, username] = resolveSettings({ identity: { schemas } }).identity.schemas
    expect(first).toEqual({ id: 'default', url, raw: schema, schema: { $id: 'x', type: 'object' } })
    expect(email?.schema).toHaveProperty(['properties', 'traits', 'properties', 'email', 'maxLength'], 320)
    expect(username?.schema['$id']).toBe('https://schemas.ory.sh/presets/kratos/identity.username.schema.json')
  })

  test.each([
    ['file:///etc/passwd', 'files are read only when the server starts'],
    ['file://./person.schema.json', 'files are read only when the server starts'],
    ['/etc/passwd', 'files are read only when the server starts'],
    ['https://example.org/person.schema.json', 'the server opens no connection outwards'],
    ['preset://phone', 'there is no such built-in schema'],
    ['base64://bm8=', 'does not hold a JSON Schema'],
    ['base64://W10=', 'does not hold a JSON Schema'],
  ])('%s is refused: %s', (url, why) => {
    const [problem] = problemsOf({ identity: { schemas: [{ id: 'default', url }] } })
    expect(problem).toMatchObject({ pointer: '/identity/schemas/0/url', message: expect.stringContaining(why) })
  })

  test('without a schema there is the e-mail preset, so that a small configuration is enough', () => {
    expect(resolveSettings({}).identity.schemas).toMatchObject([{ id: 'default', url: 'preset://email' }])
  })

  test('the default schema must be one of them', () => {
    const schemas = [{ id: 'person', url: 'preset://email' }]
    expect(problemsOf({ identity: { schemas } })).toMatchObject([
      { pointer: '/identity/default_schema_id', hint: 'Known are: person.' },
    ])
  })
})

describe('the demo project', () => {
  test('everything that can be tried is on, and addresses follow the request', () => {
    const { serve, selfservice, session } = resolveSettings(demoConfig())
    const on = Object.entries(selfservice.methods).filter(([, method]) => !method.enabled)
    expect(on).toEqual([])
    const { flows } = selfservice
    expect([flows.recovery.enabled, flows.verification.enabled, flows.registration.enabled]).toEqual([true, true, true])
    for (const flow of [flows.login, flows.registration, flows.settings, flows.recovery, flows.verification]) {
      expect(flow.lifespan).toBe(HOUR / 2)
      expect(flow.ui_url).toMatch(/^\/ui\//)
    }
    for (const method of ['password', 'oidc', 'webauthn']) {
      expect(flows.registration.after.methods[method]?.hooks).toEqual([{ hook: 'session' }])
    }
    expect([session.whoami.required_aal, flows.settings.required_aal]).toEqual([
      'highest_available',
      'highest_available',
    ])
    expect(serve.public.base_url).toBeUndefined()
  })

  test('it takes calls from, and returns to, any loopback origin, and no other', () => {
    const { serve, selfservice } = resolveSettings(demoConfig())
    expect(serve.public.cors).toMatchObject({
      enabled: true,
      allow_credentials: true,
      allow_loopback: true,
      allowed_origins: [],
    })
    expect(selfservice).toMatchObject({ allow_loopback_return_urls: true, allowed_return_urls: [] })
  })

  test('--app moves every page and return address to the app, and lets nothing else in', () => {
    const { serve, selfservice } = resolveSettings(demoConfig({ app: 'http://localhost:3000/shop/' }))
    expect(selfservice.flows.login.ui_url).toBe('http://localhost:3000/shop/login')
    expect(selfservice.flows.error.ui_url).toBe('http://localhost:3000/shop/error')
    expect(selfservice.default_browser_return_url).toBe('http://localhost:3000/shop/')
    expect(selfservice.flows.logout.after.default_browser_return_url).toBe('http://localhost:3000/shop/')
    expect(selfservice).toMatchObject({
      allow_loopback_return_urls: false,
      allowed_return_urls: ['http://localhost:3000/shop'],
    })
    expect(serve.public.cors).toMatchObject({ allow_loopback: false, allowed_origins: ['http://localhost:3000'] })
    const pages = JSON.stringify(selfservice)
    expect(pages).not.toContain('"/ui/')
  })

  test('a person has an e-mail, by which they sign in and are reached, and a name', () => {
    const [person, ...presets] = resolveSettings(demoConfig()).identity.schemas
    expect(person?.schema).toHaveProperty(['properties', 'traits', 'properties', 'email', 'ory.sh/kratos'], {
      credentials: { password: { identifier: true }, webauthn: { identifier: true }, totp: { account_name: true } },
      verification: { via: 'email' },
      recovery: { via: 'email' },
    })
    expect(presets.map(({ id }) => id)).toEqual(['preset://email', 'preset://username'])
  })
})

function problemsOf(config: JsonObject) {
  try {
    resolveSettings(config)
  } catch (error) {
    if (error instanceof ProblemError) return [...error.problems]
    throw error
  }
  return []
}
