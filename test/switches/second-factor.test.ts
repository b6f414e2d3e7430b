import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Browser, type FlowBody, namesOf } from '../support/people.ts'
import { expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { totpCodeAt, totpSecretOf } from '../support/totp.ts'
import { annIn, type Factors, halfway, secretsIn, setUpCodes, withFactors } from './factors.ts'
import { ANN } from './flows.ts'

/* ecosystem §4.4, first part: authenticator apps and backup codes. */

const totp = ({ code }: Factors): JsonObject => ({ method: 'totp', totp_code: code })
const lookup = ({ codes }: Factors): JsonObject => ({ method: 'lookup_secret', lookup_secret: codes[0] })

/** Name, what Ann submits that is right, what is said of it above the form. */
const AT_LOGIN: readonly (readonly [SwitchName, (factors: Factors) => JsonObject, number])[] = [
  ['totp-wrong', totp, 4000008],
  ['totp-not-set-up', totp, 4000011],
  ['lookup-used', lookup, 4000012],
  ['lookup-wrong', lookup, 4000016],
  ['lookup-not-set-up', lookup, 4000014],
]

const GUESSES = { totp: { totp_code: '123456' }, lookup_secret: { lookup_secret: 'abcdefgh' } }

inBothDialects((open) => {
  describe.each(['browser', 'api'] as const)('at the second step of a login, %s', (type) => {
    it.each(AT_LOGIN)('%s', async (name, values, message) => {
      const server = open()
      const factors = await withFactors(server)
      await throwSwitch(server, name, { times: 1 })
      const { client, flow } = await halfway(server, type)
      const answer = await client.submit('login', flow, values(factors))
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [message] } })
      expectSwitched(answer, name)
    })
  })

  it.each(AT_LOGIN)('%s: what was changed on the other device stays so', async (name, values) => {
    const server = open()
    const factors = await withFactors(server)
    await throwSwitch(server, name)
    const { client, flow } = await halfway(server)
    await client.submit('login', flow, values(factors))
    const { totp: app, lookup_secret } = annIn(server).credentials
    expect(app === undefined).toBe(name === 'totp-not-set-up')
    expect(lookup_secret === undefined).toBe(name === 'lookup-not-set-up')
    const used = lookup_secret?.config.recovery_codes.filter(({ used_at }) => used_at !== undefined)
    expect(used?.map(({ code }) => code) ?? []).toEqual(name === 'lookup-used' ? [factors.codes[0]] : [])
  })

  it.each(AT_LOGIN)('%s: whoever lacks the factor is asked for it after the password', async (name, _, message) => {
    const server = open()
    await server.person(ANN)
    await throwSwitch(server, name, { times: 1 })
    const browser = server.browser()
    const first = await browser.signIn(ANN)
    expect(first.status).toBe(200)
    expectSwitched(first, name)
    expect((await browser.get('/sessions/whoami')).body.error.id).toBe('session_aal2_required')
    const flow = await browser.login('?aal=aal2')
    const method = name.startsWith('totp') ? 'totp' : 'lookup_secret'
    expect(namesOf(flow)).toContain(`${method}/method`)
    expect(saidIn(await browser.submit('login', flow, { method, ...GUESSES[method] }))).toEqual({ '': [message] })
  })

  it('two of them leave the first step of a login alone', async () => {
    const server = open()
    await server.person(ANN)
    for (const name of ['totp-wrong', 'totp-not-set-up'] as const) await throwSwitch(server, name)
    expect((await server.browser().signIn(ANN)).status).toBe(200)
  })

  it.each(AT_LOGIN)('%s: nobody has to be signed in, or asked for it', async (name, _, message) => {
    const server = open()
    await throwSwitch(server, name)
    const browser = server.browser()
    const method = name.startsWith('totp') ? 'totp' : 'lookup_secret'
    const answer = await browser.submit('login', await browser.login(), { method, ...GUESSES[method] })
    expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [message] } })
  })

  it.each(AT_LOGIN)('%s: its address is that of somebody who is asked for it', async (name, _, message) => {
    const server = open()
    const browser = server.browser()
    await browser.signIn(`${name}@mock.test`)
    const method = name.startsWith('totp') ? 'totp' : 'lookup_secret'
    const flow = await browser.login('?aal=aal2')
    expect(namesOf(flow)).toContain(`${method}/method`)
    expect(saidIn(await browser.submit('login', flow, { method, ...GUESSES[method] }))).toEqual({ '': [message] })
  })

  describe('in settings', () => {
    const fresh = (browser: Browser): Promise<FlowBody> => browser.settings()
    const withCodes = async (browser: Browser): Promise<FlowBody> => {
      await setUpCodes(browser)
      return browser.settings()
    }
    const generated = async (browser: Browser): Promise<FlowBody> => {
      const flow = await browser.settings()
      await browser.submit('settings', flow, { lookup_secret_regenerate: true })
      return flow
    }

    const ROWS = [
      ['totp-wrong', fresh, { method: 'totp' }, { totp_code: [4000008] }, /code is invalid/],
      ['totp-code-missing', fresh, { method: 'totp' }, { totp_code: [4000002] }, /totp_code is missing/],
      ['lookup-reveal-none', withCodes, { lookup_secret_reveal: true }, { '': [4000001] }, /you have none/],
      ['lookup-confirm-before-generate', generated, { lookup_secret_confirm: true }, { '': [4000001] }, /\(re-\)gen/],
    ] as const

    it.each(ROWS)('%s', async (name, prepare, button, said, text) => {
      const server = open()
      await server.person(ANN)
      const browser = await server.signedIn(ANN)
      const flow = await prepare(browser)
      await throwSwitch(server, name, { times: 1 })
      // what else is saved is not met, and not counted
      const other = await browser.submit('settings', flow, { method: 'profile', 'traits.email': ANN })
      expect([other.status, other.headers['x-mock-switch']]).toEqual([200, undefined])
      const code = 'method' in button ? { totp_code: totpCodeAt(server.world.now(), totpSecretOf(flow)) } : {}
      const answer = await browser.submit('settings', flow, { ...button, ...code })
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said })
      expect(JSON.stringify(answer.body.ui)).toMatch(text)
      expectSwitched(answer, name)
    })

    it.each(['fetched', 'revealed'] as const)('lookup-all-used: a form that is %s says when', async (how) => {
      const server = open()
      await server.person(ANN)
      const browser = await server.signedIn(ANN)
      const flow = how === 'fetched' ? await browser.settings() : await withCodes(browser)
      await throwSwitch(server, 'lookup-all-used')
      const answer =
        how === 'fetched'
          ? await browser.get(`/self-service/settings/flows?id=${flow.id}`)
          : await browser.submit('settings', flow, { lookup_secret_reveal: true })
      expect(answer.status).toBe(200)
      expectSwitched(answer, 'lookup-all-used')
      expect(secretsIn(answer.body).map(({ id }) => id)).toEqual(Array(12).fill(1050014))
      expect(secretsIn(answer.body)[0]?.text).toBe('Secret was used at 2022-07-27 11:59:00 +0000 UTC')
      // she is asked for them, and none of them works
      const [first] = annIn(server).credentials.lookup_secret?.config.recovery_codes ?? []
      const { client, flow: login } = await halfway(server)
      const refused = await client.submit('login', login, { method: 'lookup_secret', lookup_secret: first?.code })
      expect(saidIn(refused)).toEqual({ '': [4000012] })
    })

    it('lookup-all-used: shows nothing to one who has not used the second factor', async () => {
      const server = open()
      await withFactors(server)
      const [flow] = [...server.world.flows.values()].filter(({ kind }) => kind === 'settings')
      await throwSwitch(server, 'lookup-all-used')
      const { client } = await halfway(server)
      const answer = await client.get(`/self-service/settings/flows?id=${flow?.id}`)
      expect([answer.status, answer.body.error.id]).toEqual([403, 'session_aal2_required'])
    })
  })
})
