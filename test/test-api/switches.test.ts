import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOryMock, type OryMock } from '../../src/index.ts'
import { EVERY } from '../../src/simulation/switches/operation-ids.ts'
import { switchNames } from '../../src/simulation/switches/switch-names.ts'

let server: OryMock
let mock: OryMock
let count = 0

beforeAll(async () => {
  server = await createOryMock()
})
beforeEach(() => {
  mock = server.sandbox(`s${++count}`)
})
afterAll(() => server.close())

const status = async (path: string): Promise<number> =>
  (await fetch(`${mock.url}${path}`, { headers: { Accept: 'application/json' } })).status

describe('mock.throw', () => {
  test('by name alone meets every call that the switch can meet, until it is cleared', async () => {
    await mock.throw('internal-error')
    expect([await status('/self-service/login/api'), await status('/schemas')]).toEqual([500, 500])
    await mock.switches.clear()
    expect(await status('/self-service/login/api')).toBe(200)
  })

  test('narrowed meets one operation, from a call on, so many times', async () => {
    await mock.throw({ name: 'internal-error', operation: 'listIdentitySchemas', after: 2, times: 1 })
    expect(await status('/self-service/login/api')).toBe(200)
    expect([await status('/schemas'), await status('/schemas'), await status('/schemas')]).toEqual([200, 500, 200])
  })

  test('with parameters', async () => {
    await mock.throw({ name: 'rate-limited', parameters: { limit: 1, window: '1h' } })
    expect([await status('/schemas'), await status('/schemas')]).toEqual([200, 429])
  })

  test('says what is wrong with it', async () => {
    await expect(mock.throw({ name: 'aal2-required', operation: 'isAlive' })).rejects.toThrow(/cannot meet isAlive/)
    await expect(mock.throw({ name: 'slow', parameters: { dealy: '1s' } })).rejects.toThrow(/no such parameter.*delay/)
    await expect(mock.throw('aal2-requried' as 'aal2-required')).rejects.toThrow(/Did you mean "aal2-required"/)
  })
})

describe('mock.switches', () => {
  test('lists what is thrown, with what it met', async () => {
    const thrown = await mock.throw({ name: 'internal-error', after: 2 })
    await status('/schemas')
    await status('/schemas')
    expect(await mock.switches.list()).toMatchObject([
      { id: thrown.id, name: 'internal-error', door: 'control', seen: 2, met: 1 },
    ])
  })

  test('clears one, as it was thrown or by its id, and leaves the others', async () => {
    const [first, second] = [await mock.throw('not-ready'), await mock.throw('alive-500')]
    await mock.switches.clear(first)
    expect((await mock.switches.list()).map(({ name }) => name)).toEqual(['alive-500'])
    await mock.switches.clear(second.id)
    expect(await mock.switches.list()).toEqual([])
    await expect(mock.switches.clear(first)).rejects.toMatchObject({ status: 404 })
  })

  test('the catalogue has every name and operation of the types', async () => {
    const { catalogue, not_switchable, ...rest } = await mock.switches.catalogue()
    expect(rest).toEqual({})
    expect(catalogue.map(({ name }) => name).sort()).toEqual([...switchNames].sort())
    expect(not_switchable.length).toBeGreaterThan(0)
    const operations = catalogue.flatMap((each) => (each.operations === '*' ? [] : each.operations))
    expect(operations.filter((id) => !EVERY.has(id))).toEqual([])
  })
})
