import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, Server } from '../support/people.ts'

const ANN = 'ann@example.org'

let server: Server
let browser: Browser
beforeEach(async () => {
  server = new Server()
  await server.person(ANN)
  browser = await server.signedIn(ANN)
})

const token = async (): Promise<string> => (await browser.get('/self-service/logout/browser')).body.logout_token

describe('signing out in a browser', () => {
  it('has an address that stays the same for the life of the session', async () => {
    const { body } = await browser.get('/self-service/logout/browser')
    expect(body.logout_url).toBe(`http://localhost:4000/self-service/logout?token=${body.logout_token}`)
    expect(await token()).toBe(body.logout_token)
  })

  it('ends the session and takes the cookie away', async () => {
    const { status, setCookies } = await browser.get(`/self-service/logout?token=${await token()}`)
    expect(status).toBe(204)
    expect(setCookies.join()).toMatch(
      /ory_kratos_session=[^;]*; Path=\/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0/,
    )
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('sends the browser to return_to when that is allowed, else to the configured page', async () => {
    const to = encodeURIComponent('http://localhost:3000/bye')
    const { location } = await browser.get(`/self-service/logout?token=${await token()}&return_to=${to}`, {
      html: true,
    })
    expect(location).toBe('http://localhost:3000/bye')
    const again = await server.signedIn(ANN)
    const logout = (await again.get('/self-service/logout/browser')).body.logout_token
    expect((await again.get(`/self-service/logout?token=${logout}`, { html: true })).location).toBe(
      'http://localhost:4000/ui/welcome',
    )
  })

  it('has ended the session even where return_to is forbidden', async () => {
    const { status, setCookies } = await browser.get(
      `/self-service/logout?token=${await token()}&return_to=https://evil.example.com`,
    )
    expect([status, setCookies.length]).toEqual([400, 2])
    expect((await browser.get('/sessions/whoami')).status).toBe(401)
  })

  it('refuses a missing token, a foreign token, and one without a session', async () => {
    expect((await browser.get('/self-service/logout')).status).toBe(400)
    expect((await browser.get('/self-service/logout?token=other')).status).toBe(403)
    const { status, body } = await server.browser().get('/self-service/logout?token=other')
    expect([status, body.error.id]).toEqual([401, 'session_inactive'])
  })
})

describe('signing out in a native app', () => {
  const end = (session_token?: string) =>
    import('supertest').then(({ default: supertest }) =>
      supertest(server.app)
        .delete('/self-service/logout/api')
        .send(session_token === undefined ? {} : { session_token }),
    )

  it('ends the session of the token, and may be asked twice', async () => {
    const app = await server.signedInApp(ANN)
    expect((await end(app.token)).status).toBe(204)
    expect((await app.get('/sessions/whoami')).status).toBe(401)
    expect((await end(app.token)).status).toBe(204)
  })

  it('refuses tokens that nobody has', async () => {
    expect((await end('nope')).status).toBe(403)
    expect((await end()).status).toBe(403)
  })
})
