import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { sections } from '../../src/simulation/switches/catalogue.ts'
import { notSwitchable } from '../../src/simulation/switches/not-switchable.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type Answer, HOST, nodeOf, type Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf, openFlow, submitted, submittedAsForm } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.10, first part: what every operation can meet, and what no decoder expects. */

it('every name of the section is in the catalogue, or it is said why not, and there is no other', () => {
  const names = [...Object.keys(sections.Infrastructure), ...Object.keys(sections.Transport), 'connection-refused']
  expect(names.sort()).toEqual([...NAMES['4.10 Infrastructure and transport']].sort())
  expect(notSwitchable['connection-refused']).toMatch(/Stop the server/)
})

const WHOAMI = '/sessions/whoami'

inBothDialects((open, dialect) => {
  async function opened(name?: SwitchName, rest: JsonObject = {}): Promise<Server> {
    const server = open()
    await server.person(ANN)
    if (name !== undefined) await throwSwitch(server, name, rest)
    return server
  }

  describe('internal-error', () => {
    const PATHS = ['/sessions/whoami', '/self-service/login/api', '/admin/identities', '/relation-tuples', '/projects']

    it.each([...PATHS, '/health/alive', '/schemas'])('GET %s', async (path) => {
      const server = await opened('internal-error')
      const answer = await server.browser().get(path)
      expect(errorOf(answer)).toEqual({ status: 500, id: undefined })
      expect(answer.body.error).toMatchObject({ code: 500, status: 'Internal Server Error' })
      expectSwitched(answer, 'internal-error')
    })

    it('sends a browser to the error page', async () => {
      const server = await opened()
      const flow = await openFlow(server, 'login')
      await throwSwitch(server, 'internal-error')
      expect(errorOf(await submitted(flow))).toEqual({ status: 500, id: undefined })
      const { status, location } = await submittedAsForm(flow)
      expect(status).toBe(303)
      await clearSwitches(server)
      const { pathname, searchParams } = new URL(String(location))
      expect(pathname).toBe('/ui/error')
      const shown = await server.browser().get(`/self-service/errors?id=${searchParams.get('id')}`)
      expect(shown.body.error.code).toBe(500)
    })
  })

  it('not-ready: 503 on ready, while alive stays 200', async () => {
    const browser = (await opened('not-ready')).browser()
    const answer = await browser.get('/health/ready')
    expect(answer.status).toBe(503)
    if (dialect === 'spec') expect(answer.body.errors).toEqual({ database: expect.any(String) })
    expectSwitched(answer, 'not-ready')
    expect((await browser.get('/health/alive')).status).toBe(200)
  })

  it('alive-500: 500 on alive, while ready stays 200', async () => {
    const browser = (await opened('alive-500')).browser()
    const answer = await browser.get('/health/alive')
    expect(errorOf(answer)).toEqual({ status: 500, id: undefined })
    expectSwitched(answer, 'alive-500')
    expect((await browser.get('/health/ready')).status).toBe(200)
  })

  it.each([
    ['5m', 300_000],
    ['-1h30m', -5_400_000],
  ])('clock-skew: by %s, all that is told of sessions and flows', async (by, skew) => {
    const server = await opened()
    const browser = await server.signedIn(ANN)
    const [session, flow] = [(await browser.get(WHOAMI)).body, await browser.settings()]
    await throwSwitch(server, 'clock-skew', { parameters: { by } })
    const answer = await browser.get(WHOAMI)
    expectSwitched(answer, 'clock-skew')
    const later = await browser.get(`/self-service/settings/flows?id=${flow.id}`)
    const keys = ['issued_at', 'expires_at', 'authenticated_at'] as const
    for (const key of keys) expect(Date.parse(answer.body[key])).toBe(Date.parse(session[key]) + skew)
    const [method] = answer.body.authentication_methods
    expect(Date.parse(method.completed_at)).toBe(Date.parse(session.authentication_methods[0].completed_at) + skew)
    expect(Date.parse(later.body.issued_at)).toBe(server.world.now() + skew)
    // nothing but what is told is off
    expect(server.world.sessions.get(session.id)?.issued_at).toBe(Date.parse(session.issued_at))
  })

  describe('Set-Cookie', () => {
    it.each([
      ['cookie-secure-on-http', /; Secure/],
      ['cookie-samesite-none', /; SameSite=None$/],
      ['cookie-wrong-domain', /; Domain=wrong\.example\.org;/],
    ] as const)('%s', async (name, attribute) => {
      const server = await opened()
      const browser = server.browser()
      for (const cookie of (await browser.get('/self-service/login/browser')).setCookies) {
        expect(cookie).not.toMatch(attribute)
      }
      await throwSwitch(server, name)
      const answers = [await browser.get('/self-service/login/browser'), await server.browser().signIn(ANN)]
      const cookies = answers.flatMap(({ setCookies }) => setCookies)
      expect(cookies.map((cookie) => cookie.split(/[_=]/)[0]).sort()).toContain('ory')
      for (const cookie of cookies) expect(cookie).toMatch(attribute)
      for (const answer of answers) expectSwitched(answer, name)
    })

    it('cookie-samesite-none: without Secure', async () => {
      const server = await opened('cookie-samesite-none')
      const { setCookies } = await server.browser().get('/self-service/login/browser')
      expect(setCookies.join()).not.toMatch(/secure/i)
    })

    it('cookie-not-set: none, and the form is refused', async () => {
      const server = await opened('cookie-not-set')
      const flow = await openFlow(server, 'login')
      const again = await flow.client.get('/self-service/login/browser')
      expect(again.setCookies).toEqual([])
      expectSwitched(again, 'cookie-not-set')
      expect(nodeOf(flow.flow, 'csrf_token')).toBeDefined()
      expect(errorOf(await submitted(flow))).toEqual({ status: 403, id: 'security_csrf_violation' })
    })
  })

  describe('bodies off the contract', () => {
    /** Who is signed in, with the switch; what whoami said before. */
    async function asked(name: SwitchName): Promise<{ before: JsonObject; answer: Answer }> {
      const server = await opened()
      const browser = await server.signedIn(ANN)
      const before = (await browser.get(WHOAMI)).body
      await throwSwitch(server, name)
      const answer = await browser.get(WHOAMI)
      expect(answer.status).toBe(200)
      expectSwitched(answer, name)
      expect(answer.headers['x-mock-contract-broken-by']).toBe(name === 'timestamp-with-nanoseconds' ? undefined : name)
      return { before, answer }
    }

    it('spec-violating-null: the first field', async () => {
      const { before, answer } = await asked('spec-violating-null')
      expect(answer.body).toEqual({ ...before, id: null })
    })

    it('missing-required-field: the first one', async () => {
      const { before, answer } = await asked('missing-required-field')
      const { id: _, ...rest } = before
      expect(answer.body).toEqual(rest)
    })

    it('extra-field: beside the others', async () => {
      const { before, answer } = await asked('extra-field')
      expect(answer.body).toEqual({ ...before, unexpected_field: 'surprise' })
    })

    it('unknown-enum-value: at every enumeration', async () => {
      const { answer } = await asked('unknown-enum-value')
      expect(answer.body.authenticator_assurance_level).toBe('unknown_value')
      expect(answer.body.identity.state).toBe('unknown_value')
      expect(answer.body.authentication_methods[0]).toMatchObject({ method: 'unknown_value', aal: 'unknown_value' })
    })

    it('id-not-uuid: every id', async () => {
      const { answer } = await asked('id-not-uuid')
      expect([answer.body.id, answer.body.identity.id]).toEqual(['not-a-uuid', 'not-a-uuid'])
    })

    it('timestamp-with-nanoseconds: as the real servers write them', async () => {
      const { before, answer } = await asked('timestamp-with-nanoseconds')
      for (const key of ['issued_at', 'expires_at', 'authenticated_at']) {
        expect(answer.body[key]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
        expect(String(answer.body[key]).slice(0, 19)).toBe(String(before[key]).slice(0, 19))
      }
    })

    it('timestamp-without-zone: no Z', async () => {
      const { before, answer } = await asked('timestamp-without-zone')
      for (const key of ['issued_at', 'expires_at', 'authenticated_at']) {
        expect(`${answer.body[key]}Z`).toBe(before[key])
      }
    })

    it('a list meets them at its first item', async () => {
      const server = await opened('spec-violating-null')
      await server.person('zoe@example.org')
      const { body } = await server.browser().get('/admin/identities')
      expect(body.map(({ id }: JsonObject) => id === null)).toEqual([true, false])
    })
  })

  describe('CORS', () => {
    const ORIGIN = { Origin: 'http://localhost:3000' }
    const PREFLIGHT = { ...ORIGIN, 'Access-Control-Request-Method': 'GET' }
    const preflight = (server: Server) =>
      supertest(server.app)
        .options(WHOAMI)
        .set({ Host: HOST, ...PREFLIGHT })
    const corsOf = ({ headers }: { readonly headers: object }) =>
      Object.keys(headers).filter((name) => name.startsWith('access-control-'))

    it.each([
      ['cors-denied', 0],
      ['cors-no-credentials', 1],
    ] as const)('%s: of an answer', async (name, left) => {
      const server = await opened()
      const before = await server.browser().get(WHOAMI, { headers: ORIGIN })
      expect(before.headers['access-control-allow-credentials']).toBe('true')
      await throwSwitch(server, name)
      const answer = await server.browser().get(WHOAMI, { headers: ORIGIN })
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(Math.min(1, corsOf(answer).length)).toBe(left)
      expectSwitched(answer, name)
      expect(answer.body).toEqual(before.body)
    })

    it('the header X-Mock-Switch is allowed, whatever the configuration allows; what it did may be read', async () => {
      const server = open({ serve: { public: { cors: { allowed_headers: ['Content-Type'] } } } })
      const wanting = (header: string) => preflight(server).set('Access-Control-Request-Headers', header)
      expect((await wanting('x-mock-switch')).headers['access-control-allow-headers']).toBe('x-mock-switch')
      expect((await wanting('x-other')).headers['access-control-allow-headers']).toBeUndefined()
      const headers = { ...ORIGIN, 'X-Mock-Switch': 'extra-field' }
      const exposed = (await server.browser().get(WHOAMI, { headers })).headers['access-control-expose-headers']
      expect(exposed).toMatch(/X-Mock-Contract-Broken-By, X-Mock-Switch, X-Mock-Generated/)
    })

    it.each([
      ['cors-denied', 0],
      ['cors-no-credentials', 1],
    ] as const)('%s: of a preflight, which is not counted', async (name, left) => {
      const server = await opened(name, { times: 1 })
      const answer = await preflight(server)
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(Math.min(1, corsOf(answer).length)).toBe(left)
      expectSwitched(await server.browser().get(WHOAMI, { headers: ORIGIN }), name)
      const next = await preflight(server)
      expect(next.headers['access-control-allow-credentials']).toBe('true')
    })
  })
})
