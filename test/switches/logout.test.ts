import { describe, expect, it } from 'vitest'
import { logout } from '../../src/simulation/switches/sections/logout.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { Browser, type Server } from '../support/people.ts'
import { clearSwitches, expectSwitched, inBothDialects, throwSwitch } from '../support/switching.ts'
import { ANN, errorOf } from './flows.ts'
import { NAMES } from './names.ts'

/* ecosystem §4.7, first part: logout and the store of errors. */

it('the section holds the first names of §4.7', () => {
  const names = Object.keys(logout)
  expect(names).toEqual(NAMES['4.7 Logout, error store, identities, schemas'].slice(0, names.length))
})

/** Name of the switch, what a JSON client sees, and the reason. */
const REFUSED: readonly (readonly [SwitchName, number, string | undefined, RegExp])[] = [
  ['logout-token-missing', 400, undefined, /include a token in the URL query/],
  ['logout-token-mismatch', 403, undefined, /does not match the session cookie/],
  ['logout-go-without-session', 401, 'session_inactive', /No active session/],
]

inBothDialects((open) => {
  async function signedIn(): Promise<{ server: Server; ann: Browser; link: string }> {
    const server = open()
    await server.person(ANN)
    const ann = await server.signedIn(ANN)
    const { body } = await ann.get('/self-service/logout/browser')
    return { server, ann, link: `/self-service/logout?token=${body.logout_token}` }
  }

  const isSignedIn = async (client: Browser): Promise<boolean> => (await client.get('/sessions/whoami')).status === 200

  describe('the logout is refused', () => {
    it.each(REFUSED)('%s: %d %s for a JSON client', async (name, status, id, reason) => {
      const { server, ann, link } = await signedIn()
      await throwSwitch(server, name)
      const answer = await ann.get(link)
      expect(errorOf(answer)).toEqual({ status, id })
      expect(answer.body.error.reason).toMatch(reason)
      expectSwitched(answer, name)
    })

    it.each(REFUSED)('%s: the error page for a browser', async (name, status, id, reason) => {
      const { server, ann, link } = await signedIn()
      await throwSwitch(server, name)
      const answer = await ann.get(link, { html: true })
      expect({ status: answer.status, location: answer.location }).toEqual({
        status: 303,
        location: expect.stringContaining('http://localhost:4000/ui/error?id='),
      })
      expectSwitched(answer, name)
      const error = new URL(String(answer.location)).searchParams.get('id')
      expect((await ann.get(`/self-service/errors?id=${error}`)).body.error).toMatchObject({
        code: status,
        ...(id === undefined ? {} : { id }),
        reason: expect.stringMatching(reason),
      })
    })

    it.each(REFUSED)('%s: so it is for one who sends neither token nor session, too', async (name, status, id) => {
      const { server } = await signedIn()
      await throwSwitch(server, name)
      expect(errorOf(await server.browser().get('/self-service/logout'))).toEqual({ status, id })
    })

    it.each(['logout-token-missing', 'logout-token-mismatch'] as const)('%s: nobody is signed out', async (name) => {
      const { server, ann, link } = await signedIn()
      await throwSwitch(server, name, { times: 1 })
      await ann.get(link)
      expect(await isSignedIn(ann)).toBe(true)
      // without it the same link is good
      expect((await ann.get(link)).status).toBe(204)
    })

    it('logout-token-mismatch: the link is of somebody else, who stays signed in', async () => {
      const { server, ann, link } = await signedIn()
      await throwSwitch(server, 'logout-token-mismatch')
      await ann.get(link)
      const sessions = [...server.world.sessions.values()]
      expect(sessions.map(({ active }) => active)).toEqual([true, true])
      expect(new Set(sessions.map(({ identity_id }) => identity_id)).size).toBe(2)
    })

    it('logout-go-without-session: the session stays revoked', async () => {
      const { server, ann, link } = await signedIn()
      await throwSwitch(server, 'logout-go-without-session', { times: 1 })
      await ann.get(link)
      expect(await isSignedIn(ann)).toBe(false)
    })
  })

  it('logout-without-session: there is no link for one who has no session', async () => {
    const { server, ann, link } = await signedIn()
    await throwSwitch(server, 'logout-without-session')
    const answer = await ann.get('/self-service/logout/browser')
    expect(errorOf(answer)).toEqual({ status: 401, id: 'session_inactive' })
    expectSwitched(answer, 'logout-without-session')
    // the browser is signed in all the same
    expect((await ann.get(link)).status).toBe(204)
  })

  it('logout-api-unknown-token: the session of the app is not known any longer', async () => {
    const { server } = await signedIn()
    const app = await server.signedInApp(ANN)
    await throwSwitch(server, 'logout-api-unknown-token')
    const answer = await app.delete('/self-service/logout/api', { json: { session_token: app.token } })
    expect(errorOf(answer)).toEqual({ status: 403, id: undefined })
    expect(answer.body.error.reason).toMatch(/Ory Session Token could not be found/)
    expectSwitched(answer, 'logout-api-unknown-token')
    expect(await isSignedIn(app)).toBe(false)
  })

  it.each(['the link', 'a wrong link', 'no token'])('logout-json: with %s a JSON client gets 204', async (what) => {
    const { server, ann, link } = await signedIn()
    await throwSwitch(server, 'logout-json')
    const path = what === 'the link' ? link : `/self-service/logout${what === 'no token' ? '' : '?token=wrong'}`
    const answer = await ann.get(path)
    expect({ status: answer.status, text: answer.text, location: answer.location }).toEqual({
      status: 204,
      text: '',
      location: undefined,
    })
    expectSwitched(answer, 'logout-json')
    expect(await isSignedIn(ann)).toBe(false)
  })

  it('logout-json: a browser is sent on', async () => {
    const { server, ann } = await signedIn()
    await throwSwitch(server, 'logout-json')
    const answer = await ann.get('/self-service/logout?token=wrong', { html: true })
    expect({ status: answer.status, location: answer.location }).toEqual({
      status: 303,
      location: 'http://localhost:4000/ui/welcome',
    })
    // one who was never signed in, too
    expect((await new Browser(server).get('/self-service/logout')).status).toBe(204)
  })

  describe('the store of errors', () => {
    /** The id of an error that a browser was sent to. */
    async function errorId(browser: Browser): Promise<string> {
      const { location } = await browser.get('/self-service/logout', { html: true })
      return new URL(String(location)).searchParams.get('id') ?? ''
    }

    it('error-stub-500: the sample, under a new id each time', async () => {
      const server = open()
      const browser = server.browser()
      const path = `/self-service/errors?id=${await errorId(browser)}`
      await throwSwitch(server, 'error-stub-500')
      const answer = await browser.get(path)
      expect(answer).toMatchObject({ status: 200, body: { error: { code: 500, reason: 'This is a stub error.' } } })
      expectSwitched(answer, 'error-stub-500')
      expect((await browser.get(path)).body.id).not.toBe(answer.body.id)
      await clearSwitches(server)
      expect((await browser.get(path)).body.error.code).toBe(400)
    })

    it('error-not-found: the error is gone for good', async () => {
      const server = open()
      const browser = server.browser()
      const path = `/self-service/errors?id=${await errorId(browser)}`
      await throwSwitch(server, 'error-not-found')
      for (const each of [path, path.replace('id=', 'id=other&error='), '/self-service/errors?id=stub:500']) {
        const answer = await browser.get(each)
        expect(errorOf(answer)).toEqual({ status: 404, id: undefined })
        expect(answer.body.error.message).toBe('Unable to locate the resource')
        expectSwitched(answer, 'error-not-found')
      }
      await clearSwitches(server)
      expect((await browser.get(path)).status).toBe(404)
      expect((await browser.get('/self-service/errors?id=stub:500')).status).toBe(200)
    })

    it('error-forbidden: 403 as the document has it', async () => {
      const server = open()
      const browser = server.browser()
      const path = `/self-service/errors?id=${await errorId(browser)}`
      await throwSwitch(server, 'error-forbidden')
      const answer = await browser.get(path)
      expect(errorOf(answer)).toEqual({ status: 403, id: undefined })
      expectSwitched(answer, 'error-forbidden')
    })
  })
})
