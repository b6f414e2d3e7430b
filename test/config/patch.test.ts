import { describe, expect, test } from 'vitest'
import { checkConfig, patchConfig } from '../../src/config/check-config.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { configFromEnvironment } from '../../src/config/environment.ts'
import { type Problem, ProblemError } from '../../src/config/problem.ts'
import type { Json } from '../../src/json.ts'

function refusal(patch: Json): readonly Problem[] {
  try {
    patchConfig(demoConfig(), patch)
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
  return []
}

describe('a change while the server runs', () => {
  test('is a merge patch of the keys of kratos.yml', () => {
    const patch = { selfservice: { flows: { login: { lifespan: '1m' } }, methods: { totp: { enabled: false } } } }
    const { config, settings } = patchConfig(demoConfig(), patch)
    expect(settings.selfservice.flows.login.lifespan).toBe(60_000)
    expect(settings.selfservice.flows.login.ui_url).toBe('/ui/login')
    expect(settings.selfservice.methods.totp).toEqual({ enabled: false, config: { issuer: 'Demo' } })
    expect(config).toHaveProperty(['selfservice', 'flows', 'login', 'lifespan'], '1m')
  })

  test('a removed key has its default again', () => {
    const { settings } = patchConfig(demoConfig(), { selfservice: { flows: { login: { lifespan: null } } } })
    expect(settings.selfservice.flows.login.lifespan).toBe(3_600_000)
  })

  test('the built-in project itself has no problems', () => {
    expect(checkConfig(demoConfig())).toEqual([])
    expect(checkConfig(demoConfig({ app: 'http://localhost:3000' }))).toEqual([])
  })

  test.each<[string, Json, Partial<Problem>]>([
    ['an unknown key', { sesion: {} }, { pointer: '/sesion', hint: 'Did you mean "session"?' }],
    ['a wrong value', { session: { lifespan: 'long' } }, { pointer: '/session/lifespan' }],
    [
      'a file',
      { identity: { schemas: [{ id: 'default', url: 'file:///etc/passwd' }] } },
      { pointer: '/identity/schemas/0/url' },
    ],
    ['a file of namespaces', { namespaces: 'file:///etc/passwd' }, { pointer: '/namespaces' }],
    ['what is no object', [1], { pointer: '' }],
    ['a key of every object', JSON.parse('{"__proto__": {"session": 1}}'), { pointer: '/__proto__' }],
    ['a constructor', { session: { constructor: 1 } }, { pointer: '/session/constructor' }],
  ])('%s is refused with its pointer', (_, patch, problem) => {
    expect(refusal(patch)).toMatchObject([problem])
  })
})

describe('the environment', () => {
  test('says keys in upper case with underscores', () => {
    const { config, problems } = configFromEnvironment({
      SERVE_PUBLIC_BASE_URL: 'http://127.0.0.1:4433/',
      SERVE_PUBLIC_PORT: '4433',
      SELFSERVICE_ALLOWED_RETURN_URLS: 'http://localhost:3000, http://localhost:3001',
      SELFSERVICE_METHODS_PASSWORD_CONFIG_HAVEIBEENPWNED_ENABLED: 'false',
      SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS: '[{"id": "acme", "provider": "generic"}]',
      SESSION_LIFESPAN: '2h',
      NAMESPACES: '[{"id": 0, "name": "files"}]',
      PATH: '/usr/bin',
    })
    expect(problems).toEqual([])
    expect(config).toEqual({
      serve: { public: { base_url: 'http://127.0.0.1:4433/', port: 4433 } },
      selfservice: {
        allowed_return_urls: ['http://localhost:3000', 'http://localhost:3001'],
        methods: {
          password: { config: { haveibeenpwned_enabled: false } },
          oidc: { config: { providers: [{ id: 'acme', provider: 'generic' }] } },
        },
      },
      session: { lifespan: '2h' },
      namespaces: [{ id: 0, name: 'files' }],
    })
  })

  test('keys without effect are not looked for: the variable may be meant for another program', () => {
    expect(configFromEnvironment({ LOG_LEVEL: 'silly', VERSION: '3', DEV: 'yes', LOG: 'x' })).toEqual({
      config: {},
      problems: [],
    })
  })

  test('a wrong value is named by its variable', () => {
    const { problems } = configFromEnvironment({
      SESSION_LIFESPAN: 'long',
      SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS: '[{"id": "acme"}]',
    })
    expect(problems.map(({ file, message }) => [file, message])).toEqual([
      ['$SELFSERVICE_METHODS_OIDC_CONFIG_PROVIDERS', 'the key "provider" is missing.'],
      ['$SESSION_LIFESPAN', '"long" is not a duration.'],
    ])
  })
})
