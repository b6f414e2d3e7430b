import { describe, expect, it } from 'vitest'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { flowIn, PASSWORD, type Server } from '../support/people.ts'
import { expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf, openFlow, submittedAsForm } from './flows.ts'

/* ecosystem §4.2, second part: sessions that live, and the ways to end and to extend them. */

const MINUTE = 60_000
const NEW_PASSWORD = { method: 'password', password: 'a-fresh-secret-0815' }

inBothDialects((open) => {
  async function opened(changes = {}): Promise<Server> {
    const server = open(changes)
    await server.person(ANN)
    return server
  }

  /** Ann is signed in, and then the switch is thrown. */
  async function switched(name: SwitchName, kind: 'browser' | 'app' = 'browser', rest = {}, changes = {}) {
    const server = await opened(changes)
    const client = kind === 'app' ? await server.signedInApp(ANN) : await server.signedIn(ANN)
    const { body } = await client.get('/sessions/whoami')
    await throwSwitch(server, name, rest)
    return { server, client, session: body, identity: String(body.identity.id) }
  }

  describe('session-refresh-required', () => {
    it.each(['browser', 'app'] as const)('a new password of a %s', async (kind) => {
      const { client } = await switched('session-refresh-required', kind)
      const answer = await client.submit('settings', await client.settings(), NEW_PASSWORD)
      expect(errorOf(answer)).toEqual({ status: 403, id: 'session_refresh_required' })
      const to = new URL(answer.body.redirect_browser_to)
      expect([to.pathname, to.searchParams.get('refresh')]).toEqual(['/self-service/login/browser', 'true'])
      expect(to.searchParams.get('return_to')).toContain('/self-service/settings')
      expectSwitched(answer, 'session-refresh-required')
    })

    it('a browser is sent there', async () => {
      const { client } = await switched('session-refresh-required')
      const flow = await client.settings()
      const { status, location } = await client.submitForm('settings', flow, NEW_PASSWORD)
      expect(status).toBe(303)
      expect(location).toMatch(/\/self-service\/login\/browser\?.*refresh=true/)
      const login = await client.get(String(location), { html: true })
      expect(await client.fetch('login', flowIn(login.location))).toMatchObject({ refresh: true })
    })

    it('what is no secret is saved', async () => {
      const { client } = await switched('session-refresh-required')
      const values = { method: 'profile', traits: { email: ANN, name: { first: 'Ann' } } }
      expect((await client.submit('settings', await client.settings(), values)).status).toBe(200)
    })
  })

  it('redirect-loop-aal2: whoami asks for more, and the login says that nothing is to do', async () => {
    const { client } = await switched('redirect-loop-aal2')
    const who = await client.get('/sessions/whoami')
    expect(errorOf(who)).toEqual({ status: 403, id: 'session_aal2_required' })
    expectSwitched(who, 'redirect-loop-aal2')
    const login = await client.get('/self-service/login/browser')
    expect(errorOf(login)).toEqual({ status: 400, id: 'session_already_available' })
    expectSwitched(login, 'redirect-loop-aal2')
    const page = await client.get('/self-service/login/browser', { html: true })
    expect(page.location).toBe('http://localhost:4000/ui/welcome')
  })

  it.each([
    [{}, 10_000],
    [{ parameters: { in: '3s' } }, 3000],
  ])('session-near-expiry: whoami with %j says when the session ends', async (rest, left) => {
    const { server, client } = await switched('session-near-expiry', 'browser', rest)
    const answer = await client.get('/sessions/whoami')
    expect(answer.status).toBe(200)
    expect(Date.parse(answer.body.expires_at) - server.world.now()).toBe(left)
    expectSwitched(answer, 'session-near-expiry')
    server.world.clock.advance(left)
    expect((await server.browser().get('/sessions/whoami')).status).toBe(401)
  })

  it('session-cookie-reissued: whoami sets the cookie again, for a later end', async () => {
    const { server, client, session } = await switched('session-cookie-reissued')
    server.world.clock.advance(MINUTE)
    const answer = await client.get('/sessions/whoami')
    expect(answer.status).toBe(200)
    expect(answer.setCookies.join()).toMatch(/^ory_kratos_session=[^;]+;/)
    expect(Date.parse(answer.body.expires_at)).toBe(Date.parse(session.expires_at) + MINUTE)
    expectSwitched(answer, 'session-cookie-reissued')
    expect((await client.get('/sessions/whoami')).setCookies).not.toEqual([])
  })

  it('session-cookie-reissued: an app gets no cookie', async () => {
    const { client } = await switched('session-cookie-reissued', 'app')
    expect((await client.get('/sessions/whoami')).setCookies).toEqual([])
  })

  it('session-without-identity-traits: whoami knows no more than who it is', async () => {
    const { client, identity } = await switched('session-without-identity-traits')
    const answer = await client.get('/sessions/whoami')
    expect(answer).toMatchObject({ status: 200, body: { identity: { id: identity, traits: {} } } })
    expect(answer.body.identity.traits).toEqual({})
    expectSwitched(answer, 'session-without-identity-traits')
  })

  it('session-aal0: a level that nobody expects', async () => {
    const { client } = await switched('session-aal0')
    const answer = await client.get('/sessions/whoami')
    expect(answer).toMatchObject({ status: 200, body: { authenticator_assurance_level: 'aal0' } })
    expect(answer.body.authentication_methods).toEqual([])
    expectSwitched(answer, 'session-aal0')
  })

  describe('the end of a session', () => {
    const end = { json: {} }

    it('revoke-current-session: whichever is named, it is the own one', async () => {
      const { server, client } = await switched('revoke-current-session')
      const other = await server.signedInApp(ANN)
      const [{ id }] = (await client.get('/sessions')).body
      const answer = await client.delete(`/sessions/${id}`, end)
      expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
      expect(answer.body.error.message).toBe('cannot revoke current session')
      expectSwitched(answer, 'revoke-current-session')
      expect((await other.get('/sessions/whoami')).status).toBe(200)
      expect((await client.get('/sessions/whoami')).status).toBe(200)
    })

    it('revoke-malformed-id: of one’s own session, and to an administrator', async () => {
      const { server, client, identity } = await switched('revoke-malformed-id')
      const other = await server.signedInApp(ANN)
      const answers = [
        await client.delete(`/sessions/${identity}`, end),
        await client.get(`/admin/identities/${identity}/sessions`),
        await client.delete(`/admin/identities/${identity}/sessions`, end),
      ]
      for (const answer of answers) {
        expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
        expect(answer.body.error.debug).toBe('could not parse UUID')
        expectSwitched(answer, 'revoke-malformed-id')
      }
      expect((await other.get('/sessions/whoami')).status).toBe(200)
    })

    it('revoke-unknown-session: 204, and nothing has ended', async () => {
      const { server, client } = await switched('revoke-unknown-session')
      const other = await server.signedInApp(ANN)
      const [{ id }] = (await client.get('/sessions')).body
      const answer = await client.delete(`/sessions/${id}`, end)
      expect(answer.status).toBe(204)
      expectSwitched(answer, 'revoke-unknown-session')
      expect((await other.get('/sessions/whoami')).status).toBe(200)
    })
  })

  describe('extending a session', () => {
    it('extend-too-early: the session is answered as it was', async () => {
      const { server, client, session } = await switched('extend-too-early')
      server.world.clock.advance(MINUTE)
      const answer = await client.patch(`/admin/sessions/${session.id}/extend`, { json: {} })
      expect(answer.status).toBe(200)
      expectSwitched(answer, 'extend-too-early')
      const { expires_at } = (await client.get('/sessions/whoami')).body
      expect(answer.body.expires_at).toBe(expires_at)
      await client.patch(`/admin/sessions/${session.id}/extend`, { json: {} })
      expect((await client.get('/sessions/whoami')).body.expires_at).toBe(expires_at)
    })

    it.each([
      ['extend-not-found', 404],
      ['extend-malformed-id', 400],
    ] as const)('%s: %i', async (name, status) => {
      const { client, session } = await switched(name)
      const answer = await client.patch(`/admin/sessions/${session.id}/extend`, { json: {} })
      expect(errorOf(answer)).toEqual({ status, id: undefined })
      expectSwitched(answer, name)
    })
  })

  describe('many-sessions', () => {
    it('has several pages, of active ones and of others', async () => {
      const { client, identity } = await switched('many-sessions')
      const path = `/admin/identities/${identity}/sessions`
      const pages = [1, 2, 3].map((page) => client.get(`${path}?per_page=250&page=${page}`))
      const [first, ...rest] = await Promise.all(pages)
      if (first === undefined) throw new Error('no page')
      expectSwitched(first, 'many-sessions')
      expect([first, ...rest].map(({ body }) => body.length)).toEqual([250, 250, 100])
      const flags = new Set(first.body.map(({ active }: { readonly active: boolean }) => active))
      expect(flags).toEqual(new Set([true, false]))
    })

    it('is a list of one’s own, as long as it is wished', async () => {
      const { client } = await switched('many-sessions', 'browser', { parameters: { count: 31 } })
      const answer = await client.get('/sessions?per_page=250')
      expect(answer.status).toBe(200)
      // the current one is not listed, nor are those that have ended
      expect(answer.body.length).toBeGreaterThan(10)
      expect(answer.body.length).toBeLessThan(31)
      expectSwitched(answer, 'many-sessions')
    })
  })

  it('bad-active-filter: 400, whatever the filter was', async () => {
    const { client, identity } = await switched('bad-active-filter')
    const answer = await client.get(`/admin/identities/${identity}/sessions?active=true`)
    expect(errorOf(answer)).toEqual({ status: 400, id: undefined })
    expect(answer.body.error.message).toBe('could not parse parameter active')
    expectSwitched(answer, 'bad-active-filter')
  })

  it('session-refresh-required does not meet who has just signed in again', async () => {
    const server = await opened()
    const flow = await openFlow(server, 'settings')
    await throwSwitch(server, 'session-refresh-required', { times: 1 })
    expect((await flow.client.submit('settings', flow.flow, NEW_PASSWORD)).status).toBe(403)
    await flow.client.submit('login', await flow.client.login('?refresh=true'), {
      method: 'password',
      identifier: ANN,
      password: PASSWORD,
    })
    expect((await submittedAsForm(flow)).status).toBe(303)
    expect((await flow.client.submit('settings', await flow.client.settings(), NEW_PASSWORD)).status).toBe(200)
  })
})
