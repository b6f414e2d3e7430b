import { describe, expect, it } from 'vitest'
import { sections } from '../../src/simulation/switches/catalogue.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, type Browser, flowIn, type Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf, openFlow, submitted } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.2, first part: who has no session, or too weak a one. */

const SOME_ID = '6f0b6c0e-0000-4000-8000-000000000000'

it('every name of the section is in the catalogue, and no other', () => {
  expect(Object.keys(sections.Sessions)).toEqual(NAMES['4.2 Sessions'])
})

type Ask = (client: Browser) => Promise<Answer>

/** What needs a session, and the id of the error that those get who have none. */
const GUARDED: readonly (readonly [string, Ask, string | undefined])[] = [
  ['whoami', (client) => client.get('/sessions/whoami'), undefined],
  ['the list of sessions', (client) => client.get('/sessions'), undefined],
  ['the end of all other sessions', (client) => client.delete('/sessions', { json: {} }), undefined],
  ['the end of a session', (client) => client.delete(`/sessions/${SOME_ID}`, { json: {} }), undefined],
  ['settings of a browser', (client) => client.get('/self-service/settings/browser'), 'session_inactive'],
  ['settings of an app', (client) => client.get('/self-service/settings/api'), 'session_inactive'],
  ['the address of a logout', (client) => client.get('/self-service/logout/browser'), 'session_inactive'],
]

/** Those whose answers nobody can tell apart, and who is met: a browser's cookie, an app's token. */
const ANONYMOUS: readonly (readonly [SwitchName, readonly ('browser' | 'app')[]])[] = [
  ['no-session', ['browser', 'app']],
  ['session-expired', ['browser', 'app']],
  ['session-revoked', ['browser', 'app']],
  ['session-inactive', ['browser', 'app']],
  ['session-cookie-tampered', ['browser']],
  ['session-token-unknown', ['browser', 'app']],
  ['identity-disabled-live-session', ['browser', 'app']],
]

inBothDialects((open, dialect) => {
  async function opened(): Promise<Server> {
    const server = open()
    await server.person(ANN)
    return server
  }

  const signIn = (server: Server, kind: 'browser' | 'app') =>
    kind === 'app' ? server.signedInApp(ANN) : server.signedIn(ANN)

  /** Ann is signed in, and then the switch is thrown. */
  async function switched(name: SwitchName, kind: 'browser' | 'app' = 'browser', rest = {}) {
    const server = await opened()
    const client = await signIn(server, kind)
    const { body } = await client.get('/sessions/whoami')
    await throwSwitch(server, name, rest)
    return { server, client, session: body.id, identity: body.identity.id }
  }

  const anonymous = ANONYMOUS.flatMap(([name, kinds]) =>
    kinds.flatMap((kind) => GUARDED.map(([what, ask, id]) => [name, kind, what, ask, id] as const)),
  )

  describe('requests that have no session, or none in force', () => {
    it.each(anonymous)('%s: a %s is refused %s', async (name, kind, what, ask, id) => {
      const { client } = await switched(name, kind)
      const answer = await ask(client)
      expect(errorOf(answer)).toEqual({ status: 401, id })
      if (id === undefined) expect(answer.body.error.reason, what).toBe('No valid session cookie found.')
      expectSwitched(answer, name)
    })

    it.each(ANONYMOUS)('%s: settings that are begun already are neither fetched nor submitted', async (name) => {
      const answers = ['fetch', 'submit'].map(async (act) => {
        const server = await opened()
        const { client, flow } = await openFlow(server, 'settings')
        await throwSwitch(server, name)
        return act === 'fetch'
          ? client.get(`/self-service/settings/flows?id=${flow.id}`)
          : client.submit('settings', flow, { method: 'profile', 'traits.email': ANN })
      })
      for (const answer of await Promise.all(answers)) {
        expect(errorOf(answer)).toEqual({ status: 401, id: undefined })
        expect(answer.body.error.reason).toBe('A valid Ory Session Cookie or Ory Session Token is missing.')
        expectSwitched(answer, name)
      }
    })

    it.each(ANONYMOUS)('%s: a browser is sent to the login', async (name) => {
      const { client } = await switched(name)
      const { status, location } = await client.get('/self-service/settings/browser', { html: true })
      expect(status).toBe(303)
      expect(new URL(String(location)).pathname).toMatch(/^\/(self-service\/login\/browser|ui\/login)$/)
    })

    it('session-cookie-tampered does not meet native apps', async () => {
      const { client } = await switched('session-cookie-tampered', 'app')
      expect((await client.get('/sessions/whoami')).status).toBe(200)
    })

    it('they differ in how the world is afterwards', async () => {
      const afterwards = async (name: SwitchName) => {
        const { server, client, session, identity } = await switched(name)
        await client.get('/sessions/whoami')
        await clearSwitches(server)
        const left = server.world.sessions.get(session)
        return {
          again: (await client.get('/sessions/whoami')).status,
          is: left && (left.expires_at <= server.world.now() ? 'expired' : left.active ? 'active' : 'revoked'),
          state: server.world.identities.get(identity)?.state,
        }
      }
      const state = 'active'
      expect(await afterwards('no-session')).toEqual({ again: 200, is: 'active', state })
      expect(await afterwards('session-cookie-tampered')).toEqual({ again: 200, is: 'active', state })
      expect(await afterwards('session-expired')).toEqual({ again: 401, is: 'expired', state })
      expect(await afterwards('session-revoked')).toEqual({ again: 401, is: 'revoked', state })
      expect(await afterwards('session-inactive')).toEqual({ again: 401, is: 'revoked', state })
      expect(await afterwards('session-token-unknown')).toEqual({ again: 401, is: undefined, state })
      expect(await afterwards('identity-disabled-live-session')).toEqual({
        again: 401,
        is: 'active',
        state: 'inactive',
      })
    })

    it('session-inactive ends the sessions on other devices, session-revoked does not', async () => {
      for (const [name, others] of [
        ['session-inactive', 401],
        ['session-revoked', 200],
      ] as const) {
        const { server, client } = await switched(name, 'browser', { times: 1 })
        const other = await server.signedInApp(ANN)
        expect((await client.get('/sessions/whoami')).status).toBe(401)
        expect((await other.get('/sessions/whoami')).status).toBe(others)
      }
    })
  })

  describe('identity-disabled-on-login', () => {
    it.each(['browser', 'api'] as const)('nobody who is deactivated signs in: %s', async (type) => {
      const server = await opened()
      const flow = await openFlow(server, 'login', type)
      await throwSwitch(server, 'identity-disabled-on-login')
      const answer = await submitted(flow)
      expect(errorOf(answer)).toEqual({ status: 401, id: undefined })
      const [identity] = server.world.identities.values()
      expect(answer.body.error.message).toBe('identity is disabled')
      expect(answer.body.error.details).toEqual(dialect === 'wire' ? { identity_id: identity?.id } : undefined)
      expectSwitched(answer, 'identity-disabled-on-login')
      expect(identity?.state).toBe('inactive')
    })

    it('nor recovers the account', async () => {
      const server = await opened()
      const browser = server.browser()
      await browser.submit('recovery', await browser.begin('recovery'), { method: 'link', email: ANN })
      const link = await server.lastLink(ANN)
      await throwSwitch(server, 'identity-disabled-on-login')
      const answer = await browser.get(link)
      expect(errorOf(answer)).toEqual({ status: 401, id: undefined })
      expect(answer.body.error.message).toBe('identity is disabled')
      expectSwitched(answer, 'identity-disabled-on-login')
      expect(server.world.sessions.size).toBe(0)
    })
  })

  describe('aal2-required', () => {
    const REQUIRED = { status: 403, id: 'session_aal2_required' }

    /** The error, with the way to the second factor. */
    function expectRequired(answer: Answer): void {
      expect(errorOf(answer)).toEqual(REQUIRED)
      const { redirect_browser_to, error } = answer.body
      expect(redirect_browser_to).toMatch(/\/self-service\/login\/browser\?aal=aal2/)
      expect(error.details).toEqual(dialect === 'wire' ? { redirect_browser_to } : undefined)
    }

    it.each(['browser', 'app'] as const)('whoami and settings: a %s', async (kind) => {
      const server = await opened()
      const client = await signIn(server, kind)
      const flow = await client.settings()
      await throwSwitch(server, 'aal2-required')
      const answers = [
        await client.get('/sessions/whoami'),
        await client.get(`/self-service/settings/${kind === 'app' ? 'api' : 'browser'}`),
        await client.get(`/self-service/settings/flows?id=${flow.id}`),
        await client.submit('settings', flow, { method: 'profile', 'traits.email': ANN }),
      ]
      for (const answer of answers) {
        expectRequired(answer)
        expectSwitched(answer, 'aal2-required')
      }
    })

    it('leads to a login with an authenticator app', async () => {
      const { client } = await switched('aal2-required')
      const page = await client.get('/self-service/settings/browser', { html: true })
      expect(page.status).toBe(303)
      const next = await client.get(String(page.location), { html: true })
      const flow = await client.fetch('login', flowIn(next.location))
      expect(flow.requested_aal).toBe('aal2')
      expect(flow.ui.nodes.map(({ group }) => group)).toContain('totp')
    })
  })
})
