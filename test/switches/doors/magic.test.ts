import { describe, expect, it } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { demoConfig } from '../../../src/config/demo.ts'
import { mergeConfig } from '../../../src/config/merge.ts'
import type { SwitchName } from '../../../src/simulation/switches/switch-names.ts'
import { runCli, startCli } from '../../support/cli-process.ts'
import { makeMock } from '../../support/running-mock.ts'
import { asking, fetching } from './open.ts'
import type { Ask, Seen } from './rows.ts'

/* SWITCH-NAME@mock.test: for those who can change nothing but what they type. */

async function server(magic = true): Promise<Ask> {
  const { mock } = await makeMock({ fixture: 'team', auth: 'off', magic })
  return asking(createApp(mock))
}

const json = ({ text }: Seen) => JSON.parse(text)

async function submit(ask: Ask, kind: string, values: object): Promise<Seen> {
  const flow = json(await ask({ method: 'GET', path: `/self-service/${kind}/api` }))
  return ask({ method: 'POST', path: `/self-service/${kind}?flow=${flow.id}`, json: values })
}

const signIn = (ask: Ask, identifier: string, password = 'whatever it is'): Promise<Seen> =>
  submit(ask, 'login', { method: 'password', identifier, password })

const signUp = (ask: Ask, email: string): Promise<Seen> =>
  submit(ask, 'registration', { method: 'password', 'traits.email': email, password: 'sand-castle-4711' })

const recover = (ask: Ask, email: string): Promise<Seen> => submit(ask, 'recovery', { method: 'link', email })

/** What the person then does. */
type Act = (ask: Ask, address: string) => Promise<Seen>

const path =
  (to: string): Act =>
  async (ask, address) => {
    const { session_token } = json(await signIn(ask, address))
    return ask({ method: 'GET', path: to, headers: { 'X-Session-Token': session_token } })
  }

const ROWS: readonly (readonly [SwitchName, string, Act, number, RegExp])[] = [
  ['invalid-credentials', 'signs in', signIn, 400, /4000006/],
  ['flow-expired-on-submit', 'signs in', signIn, 410, /self_service_flow_expired/],
  ['identity-disabled-on-login', 'signs in', signIn, 401, /identity is disabled/],
  ['address-not-verified', 'signs in', signIn, 400, /4000010/],
  ['webhook-rejects', 'signs in', signIn, 400, /guest list/],
  ['internal-error', 'signs in', signIn, 500, /"code":500/],
  ['duplicate-identifier', 'signs up', signUp, 400, /4000007/],
  ['password-breached', 'signs up', signUp, 400, /4000005/],
  ['gateway-503-html', 'signs up', signUp, 503, /nginx/],
  ['rate-limited', 'recovers', recover, 429, /Too many requests/],
  ['no-method-given', 'recovers', recover, 400, /4010005/],
  ['session-expired', 'comes back', path('/sessions/whoami'), 401, /No valid session cookie/],
  ['aal2-required', 'comes back', path('/sessions/whoami'), 403, /session_aal2_required/],
  ['session-aal0', 'comes back', path('/sessions/whoami'), 200, /"aal0"/],
  ['session-without-identity-traits', 'comes back', path('/sessions/whoami'), 200, /"traits":\{\}/],
  ['bad-active-filter', 'comes back', path('/sessions/whoami'), 200, /bad-active-filter@mock\.test/],
]

describe('a magic address', () => {
  it.each(ROWS)('%s@mock.test %s', async (name, _, act, status, says) => {
    const seen = await act(await server(), `${name}@mock.test`)
    expect({ status: seen.status, text: seen.text }).toEqual({ status, text: expect.stringMatching(says) })
    // where the switch has no part in what is done, all is as usual
    expect(seen.headers['x-mock-switch']).toBe(name === 'bad-active-filter' ? undefined : name)
  })

  it('is in small letters or not, and takes any password, another one each time', async () => {
    const ask = await server()
    for (const password of ['one of them', 'and another']) {
      expect((await signIn(ask, 'Session-Expired@Mock.Test', password)).status).toBe(200)
    }
  })

  it('meets nobody else', async () => {
    const ask = await server()
    await signIn(ask, 'aal2-required@mock.test')
    const { session_token } = json(
      await ask({ method: 'POST', path: '/__mock/sessions', json: { identity: 'member@example.com' } }),
    )
    const seen = await ask({ method: 'GET', path: '/sessions/whoami', headers: { 'X-Session-Token': session_token } })
    expect([seen.status, seen.headers['x-mock-switch']]).toEqual([200, undefined])
  })

  it('is a user name where people sign in by one', async () => {
    const username = { type: 'string', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } }
    const traits = { type: 'object', properties: { team: { type: 'string' }, username }, required: ['team'] }
    const schema = Buffer.from(JSON.stringify({ type: 'object', properties: { traits } })).toString('base64')
    const identity = { default_schema_id: 'named', schemas: [{ id: 'named', url: `base64://${schema}` }] }
    const config = mergeConfig(demoConfig(), { identity })
    const { mock } = await makeMock({ auth: 'off', config })
    const ask = asking(createApp(mock))
    const { session_token } = json(await signIn(ask, 'session-aal0@mock.test'))
    const seen = await ask({ method: 'GET', path: '/sessions/whoami', headers: { 'X-Session-Token': session_token } })
    expect(seen).toMatchObject({ status: 200, text: expect.stringContaining('"username":"session-aal0@mock.test"') })
    expect(seen.headers['x-mock-switch']).toBe('session-aal0')
  })

  it('is an address like any other where no switch has its name', async () => {
    const ask = await server()
    expect(await signIn(ask, 'nothing-of-the-kind@mock.test')).toMatchObject({
      status: 400,
      text: expect.stringContaining('4000006'),
    })
    expect((await signUp(ask, 'nothing-of-the-kind@mock.test')).status).toBe(200)
  })

  it('is one too where magic is off', async () => {
    const ask = await server(false)
    const seen = await signIn(ask, 'aal2-required@mock.test')
    expect(seen).toMatchObject({ status: 400, text: expect.stringContaining('4000006') })
    expect((await signUp(ask, 'aal2-required@mock.test')).status).toBe(200)
    const { text } = await ask({ method: 'GET', path: '/admin/identities' })
    expect(text.match(/aal2-required@mock\.test/g)?.length).toBeGreaterThan(0)
  })
})

it('--no-magic turns it off', async () => {
  const { printed } = await runCli(['--help'])
  expect(printed).toMatch(/--no-magic +treat SWITCH-NAME@mock.test like any other address/)
  const [on, off] = await Promise.all([startCli([]), startCli(['--no-magic'])])
  const signedIn = await signIn(fetching(on.url), 'session-aal0@mock.test')
  const refused = await signIn(fetching(off.url), 'session-aal0@mock.test')
  await Promise.all([on.end('SIGTERM'), off.end('SIGTERM')])
  expect([signedIn.status, refused.status]).toEqual([200, 400])
})
