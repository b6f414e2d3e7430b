import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SwitchRequest } from '../../../src/state/thrown-switch.ts'
import { DOORS_UNDER_TEST, type Opened } from './open.ts'
import { type Asked, ROWS, requestOf, type Seen } from './rows.ts'

/* Every door lets every kind of switch through, and what narrows it. */

const SCHEMAS: Asked = { method: 'GET', path: '/schemas' }
const FAILS: SwitchRequest = { name: 'internal-error' }

describe.each(DOORS_UNDER_TEST)('the door: $door', ({ door, open }) => {
  let opened: Opened | undefined
  beforeEach(() => {
    opened = undefined
  })
  afterEach(async () => {
    await opened?.close()
  })

  async function behind(...switches: readonly SwitchRequest[]): Promise<Opened> {
    opened = await open(...switches)
    return opened
  }

  /** Asks through the door. */
  const through = ({ ask, carry }: Opened, asked: Asked): Promise<Seen> =>
    ask({ ...asked, headers: { ...asked.headers, ...carry } })

  /** The statuses of so many calls. */
  async function statuses(server: Opened, count: number, asked = SCHEMAS): Promise<number[]> {
    const all: number[] = []
    for (let i = 0; i < count; i++) all.push((await through(server, asked)).status)
    return all
  }

  it.each(ROWS)('$name', async (row) => {
    const server = await behind(requestOf(row))
    const asked = await row.prepare(server.ask)
    const seen = await through(server, asked)
    expect({ status: seen.status, text: seen.text }).toEqual({
      status: row.status,
      text: expect.stringMatching(row.says),
    })
    expect(seen.headers['x-mock-switch']).toBe(row.name)
    if (row.header) expect(String(seen.headers[row.header[0]])).toMatch(row.header[1])
  })

  it('times: so many calls, then no more', async () => {
    expect(await statuses(await behind({ ...FAILS, times: 2 }), 4)).toEqual([500, 500, 200, 200])
  })

  it('after: from the n-th call on', async () => {
    expect(await statuses(await behind({ ...FAILS, after: 3 }), 4)).toEqual([200, 200, 500, 500])
  })

  it('after and times: so many calls from the n-th on', async () => {
    expect(await statuses(await behind({ ...FAILS, after: 2, times: 1 }), 4)).toEqual([200, 500, 200, 200])
  })

  it('operation: that one alone', async () => {
    const server = await behind({ ...FAILS, operation: 'isAlive' })
    expect(await statuses(server, 1)).toEqual([200])
    expect(await statuses(server, 1, { method: 'GET', path: '/health/alive' })).toEqual([500])
  })

  it('calls of other operations are not counted', async () => {
    const server = await behind({ ...FAILS, operation: 'listIdentitySchemas', after: 2 })
    expect(await statuses(server, 2, { method: 'GET', path: '/health/alive' })).toEqual([200, 200])
    expect(await statuses(server, 2)).toEqual([200, 500])
  })

  it('probability: a share of the calls, which the seed chooses, the same ones behind every door', async () => {
    const server = await behind({ ...FAILS, probability: 0.5, seed: 'doors' })
    const expected = [0, 1, 1, 1, 0, 0, 0, 1, 1, 0].map((met) => (met ? 500 : 200))
    expect(await statuses(server, 10)).toEqual(expected)
  })

  it('sandbox: each counts for itself, and what is thrown in one is not in another', async () => {
    const server = await behind({ ...FAILS, times: 1 })
    const elsewhere: Asked = { method: 'GET', path: '/~elsewhere/schemas' }
    // control and test API throw in the sandbox that they are called in; the others stand in every one
    const only = door === 'control API' || door === 'test API'
    expect(await statuses(server, 2, elsewhere)).toEqual([only ? 200 : 500, 200])
    expect(await statuses(server, 2)).toEqual([500, 200])
  })

  it('several at once: all that meet the call', async () => {
    const server = await behind({ name: 'extra-field' }, { name: 'cookie-secure-on-http' })
    const seen = await through(server, { method: 'GET', path: '/self-service/login/browser' })
    expect(seen.headers['x-mock-switch']).toBe('extra-field, cookie-secure-on-http')
    expect(seen.text).toContain('unexpected_field')
    expect(String(seen.headers['set-cookie'])).toContain('; Secure')
  })

  it('is seen in GET /__mock/switches, with what it has met, where it counts', async () => {
    const server = await behind({ ...FAILS, times: 3 })
    await through(server, SCHEMAS)
    const { text } = await server.ask({ method: 'GET', path: '/__mock/switches?active' })
    const { active } = JSON.parse(text) as { readonly active: readonly Record<string, unknown>[] }
    expect(active).toMatchObject([{ name: 'internal-error', times: 3, seen: 1, met: 1 }])
    expect(active[0]?.['door']).toBe(NAMES[door])
  })
})

/** The doors as they are named to users. */
const NAMES: Readonly<Record<string, string>> = {
  scenario: 'scenario',
  configuration: 'config',
  'control API': 'control',
  'test API': 'control',
  'header X-Mock-Switch': 'header',
  'cookie mock_switch': 'cookie',
}
