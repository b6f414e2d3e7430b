import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configSchema, NO_EFFECT } from '../../src/config/config-schema.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { ROWS } from './effects-table.ts'
import { Guest } from './guest.ts'

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

/** Proved elsewhere: what is read when the server starts, and what takes a security key or a social provider to see. */
const ELSEWHERE =
  /^(serve\.(public|admin|read|write)\.port|mock\.(switches|disable_api_flow_enforcement)|selfservice\.methods\.(webauthn\.config\.rp\.origin|oidc\..*))$/

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
