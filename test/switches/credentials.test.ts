import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import type { UiText } from '../../src/state/records.ts'
import { type Answer, Browser, PASSWORD, type Server } from '../support/people.ts'
import { expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'

/* ecosystem §4.3, first part: what is wrong with what somebody typed. */

const ANN = 'ann@example.org'
const BOB = 'bob@example.org'

type Act = (server: Server) => Promise<Answer>
type Said = Readonly<Record<string, readonly number[]>>

const clientOf = (server: Server, type: 'browser' | 'api'): Browser =>
  type === 'api' ? new Browser(server, 'app') : server.browser()

/** Ann signs in, as a browser's JSON client or as a native app. */
const signIn =
  (type: 'browser' | 'api' = 'browser'): Act =>
  async (server) => {
    const client = clientOf(server, type)
    const values = { method: 'password', identifier: ANN, password: PASSWORD }
    return client.submit('login', await client.begin('login', type), values)
  }

/** Bob signs up; flat as a form would, or nested. */
const signUp =
  (type: 'browser' | 'api' = 'browser', traits: JsonObject = { traits: { email: BOB, name: { first: 'Bob' } } }): Act =>
  async (server) => {
    const client = clientOf(server, type)
    const values = { method: 'password', password: PASSWORD, ...traits }
    return client.submit('registration', await client.begin('registration', type), values)
  }

/** Ann, signed in, saves her profile or a new password. */
const save =
  (values: JsonObject): Act =>
  async (server) => {
    const browser = await server.signedIn(ANN)
    return browser.submit('settings', await browser.settings(), values)
  }

const profile = save({ method: 'profile', traits: { email: ANN, name: { first: 'Ann' } } })
const password = save({ method: 'password', password: 'a-fresh-secret-0815' })
const flatProfile = save({ method: 'profile', 'traits.email': ANN })

/** Name of the switch, who meets it, what is said where. */
const ROWS: readonly (readonly [SwitchName, string, Act, Said])[] = [
  ['invalid-credentials', 'at a login', signIn(), { '': [4000006] }],
  ['invalid-credentials', 'at a login of an app', signIn('api'), { '': [4000006] }],
  ['identifier-missing', 'at a login', signIn(), { identifier: [4000002] }],
  ['identifier-missing', 'at a sign-up', signUp(), { 'traits.email': [4000002] }],
  ['password-missing', 'at a login', signIn(), { password: [4000002] }],
  ['password-missing', 'at a sign-up', signUp(), { password: [4000002] }],
  ['trait-required', 'at a sign-up', signUp(), { 'traits.email': [4000002] }],
  ['trait-required', 'at a flat sign-up', signUp('browser', { 'traits.email': BOB }), { 'traits.email': [4000002] }],
  ['trait-required', 'in the profile', profile, { 'traits.email': [4000002] }],
  ['trait-unknown-property', 'at a sign-up', signUp(), { traits: [4000001] }],
  ['trait-unknown-property', 'in the profile', profile, { traits: [4000001] }],
  ['trait-bad-format', 'at a sign-up', signUp(), { 'traits.email': [4000001] }],
  ['trait-bad-format', 'in the profile', profile, { 'traits.email': [4000001] }],
  ['trait-too-short', 'at a sign-up', signUp(), { 'traits.email': [4000001] }],
  ['trait-too-short', 'in a flat profile', flatProfile, { 'traits.email': [4000001] }],
  ['trait-number-too-high', 'at a sign-up', signUp(), { 'traits.age': [4000001] }],
  ['trait-number-too-high', 'in a flat profile', flatProfile, { 'traits.age': [4000001] }],
  ['password-breached', 'at a sign-up', signUp(), { password: [4000005] }],
  ['password-breached', 'as a new one', password, { password: [4000005] }],
  ['password-too-similar', 'at a sign-up', signUp(), { password: [4000005] }],
  ['password-too-similar', 'as a new one', password, { password: [4000005] }],
  ['password-too-short', 'at a sign-up', signUp(), { password: [4000005] }],
  ['password-too-short', 'as a new one', password, { password: [4000005] }],
  ['password-too-long-for-hash', 'at a sign-up', signUp('api'), { password: [4000005] }],
  ['password-too-long-for-hash', 'as a new one', password, { password: [4000005] }],
  ['duplicate-identifier', 'at a sign-up', signUp(), { '': [4000007] }],
  ['duplicate-identifier', 'at a flat sign-up', signUp('api', { 'traits.email': BOB }), { '': [4000007] }],
  ['duplicate-identifier', 'in the profile', profile, { '': [4000007] }],
  ['no-login-identifier', 'at a sign-up', signUp(), { '': [4000009] }],
  ['address-not-verified', 'at a login', signIn(), { '': [4000010] }],
  ['address-not-verified', 'at a login of an app', signIn('api'), { '': [4000010] }],
  ['no-changes', 'in the profile', profile, { '': [4000001] }],
]

/** All messages of a flow, of the form and of its nodes. */
const allTexts = ({ body }: Answer): string =>
  [body.ui, ...body.ui.nodes].flatMap(({ messages = [] }) => messages.map((each: UiText) => each.text)).join()

/** The rules that the texts name. */
const TEXTS: Partial<Record<SwitchName, RegExp>> = {
  'trait-unknown-property': /additionalProperties "surprise" not allowed/,
  'trait-bad-format': /is not valid "email"/,
  'trait-too-short': /length must be >= 16, but got 15/,
  'trait-number-too-high': /must be <= 150.* but found 151/,
  'password-breached': /data breaches/,
  'password-too-similar': /too similar/,
  'password-too-short': /at least 8 characters but only got 7/,
  'password-too-long-for-hash': /maximum length of 72/,
  'no-changes': /Did not receive any value changes/,
}

inBothDialects((open, dialect) => {
  describe('what is wrong is said where it is wrong', () => {
    it.each(ROWS)('%s %s', async (name, _where, act, said) => {
      const server = open()
      await server.person(ANN)
      await throwSwitch(server, name)
      const answer = await act(server)
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said })
      expectSwitched(answer, name)
      expect(allTexts(answer)).toMatch(TEXTS[name] ?? /./)
    })
  })

  it('a form of a browser meets them too, and shows the page again', async () => {
    const server = open()
    await throwSwitch(server, 'trait-required')
    const browser = server.browser()
    const flow = await browser.begin('registration')
    const values = { method: 'password', 'traits.email': BOB, password: PASSWORD }
    const { status, location } = await browser.submitForm('registration', flow, values)
    expect(status).toBe(dialect === 'wire' ? 302 : 303)
    expect(location).toBe(`http://localhost:4000/ui/registration?flow=${flow.id}`)
    expect(saidIn(await browser.get(`/self-service/registration/flows?id=${flow.id}`))).toEqual({
      'traits.email': [4000002],
    })
  })

  it('what is stricter for one call is not for the others', async () => {
    const server = open()
    await throwSwitch(server, 'no-login-identifier', { times: 1 })
    expect((await signUp()(server)).status).toBe(400)
    expect((await signUp()(server)).status).toBe(200)
  })

  it('breach-api-down: 500 for JSON clients, the error page for browsers, nothing when it is ignored', async () => {
    const server = open()
    await throwSwitch(server, 'breach-api-down')
    const answer = await signUp()(server)
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 500 } } })
    expect(answer.body.error.id).toBeUndefined()
    expectSwitched(answer, 'breach-api-down')
    const browser = server.browser()
    const form = { method: 'password', 'traits.email': BOB, password: PASSWORD }
    const { status, location } = await browser.submitForm('registration', await browser.begin('registration'), form)
    expect({ status, location }).toMatchObject({ status: 303, location: expect.stringContaining('/ui/error?id=') })

    const other = open()
    await throwSwitch(other, 'breach-api-down', { parameters: { ignored: true } })
    const ignored = await signUp('browser', { 'traits.email': BOB })(other)
    expect(ignored.status).toBe(200)
    expectSwitched(ignored, 'breach-api-down')
  })

  it('address-not-verified: the address is not verified any longer', async () => {
    const server = open()
    const id = await server.person(ANN, {
      verifiable_addresses: [{ value: ANN, via: 'email', verified: true, status: 'completed' }],
    })
    await throwSwitch(server, 'address-not-verified')
    await signIn()(server)
    expect(server.world.identities.get(id)?.verifiable_addresses).toMatchObject([{ value: ANN, verified: false }])
  })

  it('duplicate-identifier: somebody has it from now on', async () => {
    const server = open()
    await throwSwitch(server, 'duplicate-identifier')
    await signUp()(server)
    expect(server.world.identities.find('identifier', `password:${BOB}`)).toBeDefined()
  })
})
