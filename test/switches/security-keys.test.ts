import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, type Browser, type FlowBody, nodeOf, type Server } from '../support/people.ts'
import { SecurityKey } from '../support/security-key.ts'
import { expectSwitched, inBothDialects, saidIn, throwSwitch } from '../support/switching.ts'
import { annIn, halfway } from './factors.ts'
import { ANN, BOB, openFlow } from './flows.ts'

/* ecosystem §4.4, second part: security keys. */

const PASSWORDLESS: JsonObject = { selfservice: { methods: { webauthn: { config: { passwordless: true } } } } }

/** Ann, who registers a key; her browser is signed in. */
async function withKey(server: Server, key: SecurityKey): Promise<Browser> {
  await server.person(ANN)
  const browser = await server.signedIn(ANN)
  const flow = await browser.settings()
  const values = { webauthn_register: key.register(flow), webauthn_register_displayname: 'blue key' }
  expect((await browser.submit('settings', flow, values)).status).toBe(200)
  return browser
}

const answered = (webauthn_login: string): JsonObject => ({ method: 'webauthn', identifier: ANN, webauthn_login })

const keysOf = (server: Server) => annIn(server).credentials.webauthn?.config.credentials ?? []

/** All that a form says. */
const textOf = ({ body }: Answer): string => JSON.stringify(body.ui.messages)

/** Name, what is said above the form, and in which words. */
const AT_LOGIN: readonly (readonly [SwitchName, number, RegExp])[] = [
  ['webauthn-wrong-key', 4000008, /authentication code is invalid/],
  ['webauthn-no-device', 4000013, /no WebAuthn device/],
  ['webauthn-unknown-user', 4000015, /does not exist or has no security key/],
  ['webauthn-unparseable', 4000001, /Unable to parse WebAuthn response\./],
]

inBothDialects((open) => {
  it.each(AT_LOGIN)('%s: a key that is the second factor', async (name, message, text) => {
    const server = open()
    const key = new SecurityKey()
    await withKey(server, key)
    await throwSwitch(server, name, { times: 1 })
    const { client, flow } = await halfway(server)
    const answer = await client.submit('login', flow, answered(key.login(flow)))
    expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [message] } })
    expect(textOf(answer)).toMatch(text)
    expectSwitched(answer, name)
    expect(keysOf(server)).toHaveLength(name === 'webauthn-no-device' ? 0 : 1)
  })

  it.each(AT_LOGIN.filter(([name]) => name !== 'webauthn-no-device'))(
    '%s: a key that is the only factor, in the second of two steps',
    async (name, message) => {
      const server = open(PASSWORDLESS)
      const key = new SecurityKey()
      await withKey(server, key)
      const browser = server.browser()
      const begun = await browser.login()
      if (name !== 'webauthn-unknown-user') await throwSwitch(server, name, { times: 1 })
      // the first step is not met, unless it is the one that names nobody
      const first = await browser.submit('login', begun, { method: 'webauthn', identifier: ANN })
      expect([first.status, first.headers['x-mock-switch']]).toEqual([422, undefined])
      if (name === 'webauthn-unknown-user') await throwSwitch(server, name, { times: 1 })
      const flow = await browser.fetch('login', begun.id)
      const answer = await browser.submit('login', flow, answered(key.login(flow)))
      expect(answer.status).toBe(400)
      expect(saidIn(answer)['']?.at(-1)).toBe(message)
      expectSwitched(answer, name)
    },
  )

  it.each(AT_LOGIN)('%s: nobody has to have a key', async (name, message) => {
    const server = open()
    await throwSwitch(server, name)
    const browser = server.browser()
    const answer = await browser.submit('login', await browser.login(), answered('anything'))
    expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [message] } })
    expectSwitched(answer, name)
  })

  it.each(AT_LOGIN)('%s: neither a password nor a native app is met', async (name) => {
    const server = open()
    await server.person(ANN)
    await throwSwitch(server, name)
    const password = await server.browser().signIn(ANN)
    expect([password.status, password.headers['x-mock-switch']]).toEqual([200, undefined])
    const { client, flow } = await openFlow(server, 'login', 'api')
    const app = await client.submit('login', flow, answered('anything'))
    expect([saidIn(app), app.headers['x-mock-switch']]).toEqual([{ '': [4010002] }, undefined])
  })

  it.each([{}, PASSWORDLESS])('webauthn-unparseable: a registration, %o', async (config) => {
    const server = open(config)
    const { client, flow } = await openFlow(server, 'registration')
    await throwSwitch(server, 'webauthn-unparseable', { times: 1 })
    const values = { method: 'webauthn', 'traits.email': BOB, webauthn_register: '{}' }
    const answer = await client.submit('registration', flow, values)
    expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [4000001] } })
    expect(textOf(answer)).toContain('Unable to parse WebAuthn response: Parse error for Registration')
    expectSwitched(answer, 'webauthn-unparseable')
  })

  describe('in settings', () => {
    const remove = (key: SecurityKey) => (): JsonObject => ({ webauthn_remove: key.hex })
    const register =
      (key: SecurityKey) =>
      (flow: FlowBody): JsonObject => ({
        webauthn_register: key.register(flow),
        webauthn_register_displayname: 'red key',
      })

    it.each([
      ['webauthn-unparseable', register, /Parse error for Registration/, 1],
      ['webauthn-remove-unknown', remove, /a WebAuthn credential which does not exist/, 1],
      ['webauthn-remove-none', remove, /you have no WebAuthn set up/, 0],
    ] as const)('%s', async (name, values, text, left) => {
      const server = open()
      const key = new SecurityKey()
      const browser = await withKey(server, key)
      const flow = await browser.settings()
      await throwSwitch(server, name, { times: 1 })
      const other = await browser.submit('settings', flow, { method: 'profile', 'traits.email': ANN })
      expect([other.status, other.headers['x-mock-switch']]).toEqual([200, undefined])
      const answer = await browser.submit('settings', flow, values(key)(flow))
      expect({ status: answer.status, said: saidIn(answer) }).toEqual({ status: 400, said: { '': [4000001] } })
      expect(textOf(answer)).toMatch(text)
      expectSwitched(answer, name)
      expect(keysOf(server)).toHaveLength(left)
    })

    it.each([
      ['webauthn-remove-unknown', /does not exist/],
      ['webauthn-remove-none', /have no WebAuthn/],
    ] as const)('%s: nobody has to have a key', async (name, text) => {
      const server = open()
      await server.person(ANN)
      const browser = await server.signedIn(ANN)
      const flow = await browser.settings()
      await throwSwitch(server, name)
      expect(textOf(await browser.submit('settings', flow, { webauthn_remove: 'abcd' }))).toMatch(text)
    })
  })

  it.each([
    [{}, 404],
    [{ parameters: { status: 500 } }, 500],
  ])('webauthn-script-unavailable: %o', async (rest, status) => {
    const server = open()
    const path = '/.well-known/ory/webauthn.js'
    expect((await server.browser().get(path)).status).toBe(200)
    await throwSwitch(server, 'webauthn-script-unavailable', rest)
    const answer = await server.browser().get(path, { html: true })
    expect(answer.status).toBe(status)
    expectSwitched(answer, 'webauthn-script-unavailable')
    // the form still names it
    await server.person(ANN)
    const flow = await (await server.signedIn(ANN)).settings()
    expect(nodeOf(flow, 'webauthn_script')).toBeDefined()
  })
})
