import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import {
  Browser,
  type FlowBody,
  type FlowName,
  fieldOf,
  flowIn,
  namesOf,
  type Server,
  saidBy,
} from '../support/people.ts'
import { SecurityKey } from '../support/security-key.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { annIn, withFactors } from './factors.ts'
import { ANN, openFlow, submitted } from './flows.ts'

/* ecosystem §4.4, last part: what people are asked for who are signed in, and what they are not offered. */

const PROMPTS = [
  ['second-factor-prompt', { requested_aal: 'aal2', refresh: false }, 1010004],
  ['re-auth-prompt', { requested_aal: 'aal1', refresh: true }, 1010003],
] as const

/** Without social providers a key may be all that somebody has. */
const KEYS_ONLY: JsonObject = {
  selfservice: { methods: { oidc: { enabled: false }, webauthn: { config: { passwordless: true } } } },
}

const linksOf = (server: Server): readonly string[] => annIn(server).credentials.oidc?.identifiers ?? []

async function annIsThere(server: Server): Promise<Browser> {
  await server.person(ANN)
  return server.signedIn(ANN)
}

inBothDialects((open) => {
  describe.each(PROMPTS)('%s', (name, asked, message) => {
    it.each(['', '?aal=aal2', '?refresh=true'])(
      'asks one who is signed in, whatever the query: "%s"',
      async (query) => {
        const server = open()
        const browser = await annIsThere(server)
        await throwSwitch(server, name)
        const answer = await browser.get(`/self-service/login/browser${query}`)
        expect(answer.status).toBe(200)
        expect(answer.body).toMatchObject(asked)
        expect(saidBy(answer.body)).toEqual({ '': [message] })
        expectSwitched(answer, name)
        expect(answer.setCookies.join()).not.toContain('ory_kratos_session')
      },
    )

    it('asks one who is not signed in, and signs them in', async () => {
      const server = open()
      await throwSwitch(server, name, { times: 1 })
      const browser = server.browser()
      const answer = await browser.get('/self-service/login/browser')
      expect(answer.body).toMatchObject(asked)
      // the next step is not refused for want of a session
      const wrong = { method: 'totp', totp_code: '123456' }
      const next = await browser.submit('login', answer.body, wrong)
      expect(next.body.error).toBeUndefined()
      expect((await browser.get('/sessions/whoami')).status).toBe(name === 're-auth-prompt' ? 200 : 403)
    })

    it('shows a browser its page', async () => {
      const server = open()
      const browser = await annIsThere(server)
      await throwSwitch(server, name)
      const { status, location } = await browser.get('/self-service/login/browser', { html: true })
      expect([status, location]).toEqual([303, expect.stringContaining('/ui/login?flow=')])
      expect(await browser.fetch('login', flowIn(location))).toMatchObject(asked)
    })
  })

  describe('whoever a switch signs in', () => {
    const ROWS = [
      ['already-logged-in-on-init', 'login'],
      ['already-logged-in-on-init', 'recovery'],
      ['already-logged-in-on-submit', 'login'],
      ['already-logged-in-on-register', 'registration'],
      ['recovery-while-logged-in', 'recovery'],
    ] as const

    const meet = async (server: Server, name: SwitchName, kind: FlowName, type: 'browser' | 'api') => {
      if (name === 'already-logged-in-on-init') {
        const client = type === 'api' ? new Browser(server, 'app') : server.browser()
        await throwSwitch(server, name, { times: 1 })
        return { client, answer: await client.get(`/self-service/${kind}/${type}`) }
      }
      const flow = await openFlow(server, kind, type)
      await throwSwitch(server, name, { times: 1 })
      return { client: flow.client, answer: await submitted(flow) }
    }

    it.each(ROWS)('%s: stays signed in, in the browser that begins or submits a %s', async (name, kind) => {
      const server = open()
      await server.person(ANN)
      const { client, answer } = await meet(server, name, kind, 'browser')
      expect(answer.status).toBe(400)
      expect((await client.get('/sessions/whoami')).body.identity.traits.email).toBe(ANN)
    })

    it.each(ROWS)('%s: gets no cookie for a %s in a native app', async (name, kind) => {
      const server = open()
      await server.person(ANN)
      const { answer } = await meet(server, name, kind, 'api')
      expect([answer.status, answer.setCookies.join()]).toEqual([400, expect.not.stringContaining('session')])
    })
  })

  it('second-factor-prompt: one who lacks a second factor has an app, and the form asks for its code', async () => {
    const server = open()
    const browser = await annIsThere(server)
    await throwSwitch(server, 'second-factor-prompt')
    expect(namesOf(await browser.login())).toEqual(['default/csrf_token', 'totp/totp_code', 'totp/method'])
  })

  it('second-factor-prompt: one who has passed it is asked again, and passes it again', async () => {
    const server = open()
    const { code } = await withFactors(server)
    const browser = await server.signedIn(ANN)
    const pass = async (flow: FlowBody) => browser.submit('login', flow, { method: 'totp', totp_code: code })
    expect((await pass(await browser.login('?aal=aal2'))).status).toBe(200)
    await throwSwitch(server, 'second-factor-prompt', { times: 1 })
    const flow = await browser.login()
    expect((await browser.get('/sessions/whoami')).body.error.id).toBe('session_aal2_required')
    expect((await pass(flow)).body.session.authenticator_assurance_level).toBe('aal2')
  })

  it('re-auth-prompt: the password again renews the sign-in', async () => {
    const server = open()
    const browser = await annIsThere(server)
    server.world.clock.advance(3_600_000)
    await throwSwitch(server, 're-auth-prompt')
    const flow = await browser.login()
    expect(fieldOf(flow, 'identifier')).toBe(ANN)
    const values = { method: 'password', identifier: ANN, password: 'sand-castle-4711' }
    const { body } = await browser.submit('login', flow, values)
    expect(body.session.authenticated_at).toBe('2022-07-27T13:00:00Z')
  })

  describe('last-credential', () => {
    const buttons = (flow: FlowBody) => namesOf(flow).filter((each) => /link|remove/.test(each))

    it.each(['fetched', 'begun'])('a form that is %s has no button to unlink it', async (how) => {
      const server = open()
      const browser = await annIsThere(server)
      const begun = await browser.settings()
      expect(buttons(begun)).toEqual(['oidc/link'])
      await throwSwitch(server, 'last-credential')
      const answer = await browser.get(
        `/self-service/settings/${how === 'fetched' ? `flows?id=${begun.id}` : 'browser'}`,
      )
      expect(answer.status).toBe(200)
      expectSwitched(answer, 'last-credential')
      expect(buttons(answer.body)).toEqual([])
      expect(linksOf(server)).toEqual([expect.stringMatching(/^acme:/)])
      // there is no other way in, and no way to get rid of this one
      await clearSwitches(server)
      expect((await server.browser().signIn(ANN)).status).toBe(400)
      const refused = await browser.submit('settings', answer.body, { unlink: 'acme' })
      expect(saidBy(refused.body)).toEqual({ '': [4000001] })
    })

    it('a link that is there is the one that is left', async () => {
      const server = open()
      const browser = await annIsThere(server)
      const ann = annIn(server)
      const tokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }
      const config = { providers: [{ provider: 'acme', subject: 'ann-at-acme', ...tokens }] }
      const times = { created_at: ann.created_at, updated_at: ann.updated_at }
      const oidc = { identifiers: ['acme:ann-at-acme'], config, version: 0, ...times }
      server.world.identities.save({ ...ann, credentials: { ...ann.credentials, oidc } })
      const begun = await browser.settings()
      expect(buttons(begun)).toEqual(['oidc/unlink'])
      await throwSwitch(server, 'last-credential')
      expect(buttons(await browser.fetch('settings', begun.id))).toEqual([])
      expect(linksOf(server)).toEqual(['acme:ann-at-acme'])
    })

    it('without providers it is a security key, which has no button to remove it', async () => {
      const server = open(KEYS_ONLY)
      const browser = await annIsThere(server)
      const key = new SecurityKey()
      const flow = await browser.settings()
      const values = { webauthn_register: key.register(flow), webauthn_register_displayname: 'blue key' }
      await browser.submit('settings', flow, values)
      const begun = await browser.settings()
      expect(buttons(begun)).toEqual(['webauthn/webauthn_remove'])
      await throwSwitch(server, 'last-credential')
      expect(buttons(await browser.fetch('settings', begun.id))).toEqual([])
      const refused = await browser.submit('settings', begun, { webauthn_remove: key.hex })
      expect(saidBy(refused.body)).toEqual({ webauthn_remove: [4000001] })
    })
  })
})
