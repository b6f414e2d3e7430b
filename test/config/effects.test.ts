import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configSchema, NO_EFFECT } from '../../src/config/config-schema.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { ROWS } from './effects-table.ts'
import { Guest, PASSWORD, textsOf } from './guest.ts'

let server: OnePortMock

beforeAll(async () => {
  const config = mergeConfig(demoConfig(), { namespaces: [{ id: 0, name: 'videos' }] })
  server = await startOnePort({ config, fixture: 'team', auth: 'off' })
})
afterAll(async () => {
  expect(server.failures).toEqual([])
  await server.close()
})
beforeEach(async () => {
  await new Guest(server).control('POST /__mock/reset')
})

const METHODS = /\.(password|oidc|webauthn|totp|lookup_secret|profile)\.(hooks|default_browser_return_url)$/

/** Every key with an effect, `<method>` for each method. */
function keysOf(schema: JsonObject, path: readonly string[] = []): string[] {
  if (schema[NO_EFFECT] !== undefined || path.at(-1) === '$schema') return []
  const items = isJsonObject(schema['items']) ? schema['items'] : {}
  const hooks = pointed(items, '/properties/hook/enum')
  if (Array.isArray(hooks) && hooks.every((hook) => hook === 'web_hook')) return []
  const properties = schema['properties']
  if (!isJsonObject(properties)) return [path.join('.').replace(METHODS, '.<method>.$2')]
  return Object.entries(properties).flatMap(([key, child]) =>
    isJsonObject(child) ? keysOf(child, [...path, key]) : [],
  )
}

/** Proved elsewhere: what is read when the server starts, and what takes a security key to see. */
const ELSEWHERE =
  /^(serve\.(public|admin|read|write)\.port|mock\.(switches|disable_api_flow_enforcement)|selfservice\.methods\.webauthn\.config\.rp\.origin)$/

test('every key of the schema that has an effect is in the table', () => {
  const proved = new Set(ROWS.map(({ key }) => key.replace(METHODS, '.<method>.$2')))
  const keys = [...new Set(keysOf(configSchema))].filter((key) => !ELSEWHERE.test(key))
  expect(keys.filter((key) => !proved.has(key))).toEqual([])
})

describe('a key that is changed while the server runs has its effect at once', () => {
  test.each(ROWS.map((each) => [each.key, each] as const))('%s', async (_, { patch, see, before, after }) => {
    expect(await see(new Guest(server)), 'before').toEqual(before)
    await new Guest(server).control('POST /__mock/reset')
    await new Guest(server).control('PATCH /__mock/config', patch)
    expect(await see(new Guest(server)), 'after').toEqual(after)
  })
})

describe('what has begun before a change', () => {
  test('a flow keeps its form and its end; its submit is judged by the configuration of the moment', async () => {
    const guest = new Guest(server)
    const { json: begun } = await guest.json('GET /self-service/registration/api')
    const path = `/self-service/registration?flow=${pointed(begun, '/id')}`
    await guest.control('PATCH /__mock/config', {
      selfservice: {
        flows: { registration: { lifespan: '1m' } },
        methods: { password: { config: { min_password_length: 20 } } },
      },
    })
    const { json: fetched } = await guest.json(`GET /self-service/registration/flows?id=${pointed(begun, '/id')}`)
    expect(pointed(fetched, '/expires_at')).toBe(pointed(begun, '/expires_at'))
    expect(pointed(fetched, '/ui/nodes')).toEqual(pointed(begun, '/ui/nodes'))
    const body = { method: 'password', password: PASSWORD, traits: { email: 'new@example.com' } }
    const { status, json: refused } = await guest.json(`POST ${path}`, body)
    expect(status).toBe(400)
    expect(textsOf(refused)[0]).toContain('at least 20 characters')
    await guest.control('PATCH /__mock/config', { selfservice: { methods: { password: { enabled: false } } } })
    expect((await guest.json(`POST ${path}`, body)).status).toBe(404)
    await guest.control('PATCH /__mock/config', { selfservice: { methods: { password: null } } })
    expect((await guest.json(`POST ${path}`, body)).status).toBe(200)
  })

  test('a sign-up ends when signing up is turned off', async () => {
    const guest = new Guest(server)
    const { json: begun } = await guest.json('GET /self-service/registration/api')
    await guest.control('PATCH /__mock/config', { selfservice: { flows: { registration: { enabled: false } } } })
    expect((await guest.json(`GET /self-service/registration/flows?id=${pointed(begun, '/id')}`)).status).toBe(400)
  })

  test('a session keeps its end', async () => {
    const guest = new Guest(server)
    const { json } = await guest.signIn('member@example.com')
    await guest.control('PATCH /__mock/config', { session: { lifespan: '1m' } })
    await guest.control('POST /__mock/clock/advance', { by: '5m' })
    const { status, json: session } = await guest.json('GET /sessions/whoami')
    expect([status, pointed(session, '/expires_at')]).toEqual([200, pointed(json, '/session/expires_at')])
  })
})
