import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { DOORS } from '../../../src/state/thrown-switch.ts'
import { makeMock } from '../../support/running-mock.ts'
import { asking, withScenario, withSwitches } from './open.ts'
import type { Ask } from './rows.ts'

/* Of the doors that have a switch for a call, the narrowest counts. */

type Door = (typeof DOORS)[number]

/** From the narrowest to the widest: who it is, what the call says, what the browser says, what the server was told. */
const TABLE = {
  magic: 'clock-skew',
  header: 'gateway-502-html',
  prefer: 'internal-error',
  cookie: 'gateway-503-html',
  control: 'gateway-504-html',
  scenario: 'rate-limited',
  config: 'extra-field',
} as const satisfies Record<Door, string>

/** A server with these doors open, and whoami of somebody, through them. */
async function through(doors: ReadonlySet<Door>, narrowed = {}): Promise<Ask> {
  const has = (door: Door) => doors.has(door)
  const entry = (door: Door) => (has(door) ? [{ name: TABLE[door], operation: 'toSession', ...narrowed }] : [])
  const config = withSwitches(entry('config'))
  const { mock } = await withScenario(entry('scenario'), (scenario) =>
    makeMock({ fixture: 'team', scenario, config, auth: 'off' }),
  )
  const ask = asking(createApp(mock))
  for (const json of entry('control')) await ask({ method: 'POST', path: '/__mock/switches', json })
  const token = await signIn(ask, has('magic') ? `${TABLE.magic}@mock.test` : 'member@example.com')
  const headers = {
    'X-Session-Token': token,
    ...(has('header') ? { 'X-Mock-Switch': TABLE.header } : {}),
    ...(has('prefer') ? { Prefer: 'code=500' } : {}),
    ...(has('cookie') ? { Cookie: `mock_switch=${TABLE.cookie}` } : {}),
  }
  return () => ask({ method: 'GET', path: '/sessions/whoami', headers })
}

async function signIn(ask: Ask, identifier: string): Promise<string> {
  if (!identifier.endsWith('@mock.test')) {
    const { text } = await ask({ method: 'POST', path: '/__mock/sessions', json: { identity: identifier } })
    return JSON.parse(text).session_token
  }
  const flow = JSON.parse((await ask({ method: 'GET', path: '/self-service/login/api' })).text)
  const json = { method: 'password', identifier, password: 'any at all' }
  const { text } = await ask({ method: 'POST', path: `/self-service/login?flow=${flow.id}`, json })
  return JSON.parse(text).session_token
}

const whoami = async (ask: Ask): Promise<string | undefined> =>
  (await ask({ method: 'GET', path: '' })).headers['x-mock-switch']

const PAIRS = DOORS.flatMap((narrow, index) => DOORS.slice(index + 1).map((wide) => [narrow, wide] as const))

describe('the narrower of two doors counts', () => {
  it('there are seven, the narrowest first', () => {
    expect(DOORS).toEqual(Object.keys(TABLE))
  })

  it.each(DOORS)('%s alone', async (door) => {
    expect(await whoami(await through(new Set([door])))).toBe(TABLE[door])
  })

  it.each(PAIRS)('%s before %s', async (narrow, wide) => {
    expect(await whoami(await through(new Set([narrow, wide])))).toBe(TABLE[narrow])
  })

  it('all of them are open: the narrowest', async () => {
    expect(await whoami(await through(new Set(DOORS)))).toBe(TABLE.magic)
  })
})

describe('a door that has nothing more for the call', () => {
  it('leaves it to the next one, and calls are counted only behind the door that counts', async () => {
    const ask = await through(new Set(['control', 'scenario', 'config']), { times: 2 })
    const met: unknown[] = []
    for (let i = 0; i < 7; i++) met.push(await whoami(ask))
    const { control, scenario, config } = TABLE
    expect(met).toEqual([control, control, scenario, scenario, config, config, undefined])
  })
})
