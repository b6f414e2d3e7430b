import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, type FlowBody, PASSWORD, Server, saidBy, textsOf, URL_OF_SERVER } from '../support/people.ts'

let server: Server
beforeEach(() => {
  server = new Server()
})

const MINUTE = 60_000
const NEW_PASSWORD = 'new-castle-4712'
const CHANGE = { method: 'password', password: NEW_PASSWORD }

/** Somebody whose sign-in is too long ago for a change of the password, and a flow of theirs. */
async function staleBrowser(email = 'ann@example.org', query = ''): Promise<{ browser: Browser; flow: FlowBody }> {
  await server.person(email)
  const browser = await server.signedIn(email)
  server.world.clock.advance(16 * MINUTE)
  return { browser, flow: await browser.settings(query) }
}

/** Signs in again where a refused change sends the browser to; answers where that leads. */
async function reLogin(browser: Browser, location: string | undefined): Promise<string> {
  const page = await browser.get(location ?? '', { html: true })
  const id = new URL(page.location ?? '').searchParams.get('flow') ?? ''
  const login = await browser.fetch('login', id)
  const fields = { method: 'password', identifier: 'ann@example.org', password: PASSWORD }
  return (await browser.submitForm('login', login, fields)).location ?? ''
}

describe('a change in a session that is not privileged any longer', () => {
  it('is refused with the address of a login that leads back', async () => {
    const { browser, flow } = await staleBrowser()
    const back = encodeURIComponent(`${URL_OF_SERVER}/self-service/settings?flow=${flow.id}`)
    const login = `${URL_OF_SERVER}/self-service/login/browser?refresh=true&return_to=${back}`
    expect(await browser.submit('settings', flow, CHANGE)).toMatchObject({
      status: 403,
      body: { error: { id: 'session_refresh_required' }, redirect_browser_to: login },
    })
    const { status, location } = await browser.submitForm('settings', flow, CHANGE)
    expect([status, location]).toEqual([303, login])
    expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(400)
  })

  it('is refused by every method but ordinary traits, before anything else is judged', async () => {
    const { browser, flow } = await staleBrowser()
    for (const values of [
      { method: 'password', password: 'short' },
      { method: 'totp', totp_code: '1' },
      { totp_unlink: true },
      { lookup_secret_regenerate: true },
      { lookup_secret_reveal: true },
      { webauthn_remove: 'abcd' },
    ]) {
      expect((await browser.submit('settings', flow, values)).status, JSON.stringify(values)).toBe(403)
    }
  })

  it('is allowed until the very last moment', async () => {
    await server.person('ann@example.org')
    const browser = await server.signedIn('ann@example.org')
    const flow = await browser.settings()
    server.world.clock.advance(15 * MINUTE)
    expect((await browser.submit('settings', flow, CHANGE)).status).toBe(200)
  })
})

describe('a change that a browser made by a form', () => {
  it('is done when it comes back from its new login', async () => {
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    const back = await reLogin(browser, refused.location)
    expect(back).toBe(`${URL_OF_SERVER}/self-service/settings?flow=${flow.id}`)
    const done = await browser.get(back, { html: true })
    expect([done.status, done.location]).toEqual([303, `${URL_OF_SERVER}/ui/settings?flow=${flow.id}`])
    expect(saidBy(await browser.fetch('settings', flow.id))).toEqual({ '': [1050001] })
    expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(200)
  })

  it('goes where its flow was begun from', async () => {
    const { browser, flow } = await staleBrowser('ann@example.org', '?return_to=http://localhost:3000/account')
    const refused = await browser.submitForm('settings', flow, CHANGE)
    const done = await browser.get(await reLogin(browser, refused.location), { html: true })
    expect(done.location).toBe('http://localhost:3000/account')
  })

  it('is done once', async () => {
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    const back = await reLogin(browser, refused.location)
    await browser.get(back, { html: true })
    await browser.get(back, { html: true })
    expect(textsOf(await browser.fetch('settings', flow.id))).toEqual([
      'Unable to decode body because HTTP Request Method was "GET" but only [POST PUT PATCH] are supported.',
    ])
  })

  it('and was refused again without a new login is lost', async () => {
    const { browser, flow } = await staleBrowser()
    await browser.submitForm('settings', flow, CHANGE)
    const again = await browser.submitForm('settings', flow, CHANGE)
    await browser.get(await reLogin(browser, again.location), { html: true })
    expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(400)
  })

  it('counts more than what is posted anew', async () => {
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    await reLogin(browser, refused.location)
    await browser.submitForm('settings', flow, { method: 'password', password: 'other-castle-4713' })
    expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(200)
  })

  it('is not done for a JSON client: that submits it again', async () => {
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    const { status } = await browser.get(await reLogin(browser, refused.location))
    expect(status).toBe(400)
    expect((await browser.submit('settings', flow, CHANGE)).status).toBe(200)
  })

  it('is too old after fifteen minutes', async () => {
    server = new Server({ selfservice: { flows: { settings: { lifespan: '2h' } } } })
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    server.world.clock.advance(16 * MINUTE)
    await browser.get(await reLogin(browser, refused.location), { html: true })
    expect(textsOf(await browser.fetch('settings', flow.id))).toEqual([
      'You must restart the flow because the resumable session has expired.',
    ])
  })

  it('is forgotten when another settings flow begins', async () => {
    const { browser, flow } = await staleBrowser()
    const refused = await browser.submitForm('settings', flow, CHANGE)
    await browser.settings()
    await browser.get(await reLogin(browser, refused.location), { html: true })
    expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(400)
  })

  it('is nobody else’s to resume', async () => {
    const { browser, flow } = await staleBrowser()
    await browser.submitForm('settings', flow, CHANGE)
    const paused = browser.jar.get('ory_kratos_continuity', server.world.now())
    await server.person('bob@example.org')
    const bob = await server.signedIn('bob@example.org')
    const own = await bob.settings()
    bob.jar.store([`ory_kratos_continuity=${paused}; Path=/`])
    const { status } = await bob.get(`/self-service/settings?flow=${own.id}`, { html: true })
    expect(status).toBe(303)
    expect(textsOf(await bob.fetch('settings', own.id))).toEqual([
      'You must restart the flow because the resumable session was initiated by another person.',
    ])
  })

  it.each(['', 'x', 'bnVsbA', Buffer.from('{"__proto__":1}').toString('base64url')])(
    'is not there for a cookie of the value "%s"',
    async (value) => {
      await server.person('ann@example.org')
      const browser = await server.signedIn('ann@example.org')
      const flow = await browser.settings()
      browser.jar.store([`ory_kratos_continuity=${value}; Path=/`])
      expect((await browser.submitForm('settings', flow, CHANGE)).status).toBe(303)
      expect((await server.browser().signIn('ann@example.org', NEW_PASSWORD)).status).toBe(200)
    },
  )
})

describe('the cookie of what is paused', () => {
  it('lives thirty days and is hidden from scripts', async () => {
    const { browser, flow } = await staleBrowser()
    const { setCookies } = await browser.submitForm('settings', flow, CHANGE)
    expect(setCookies).toEqual([
      expect.stringMatching(
        /^ory_kratos_continuity=[\w-]+; Path=\/; Expires=Fri, 26 Aug 2022 [^;]+; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
      ),
    ])
  })
})
