import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { describeInBrowser, launchBrowser } from '../support/browser.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { type App, fetchFrom, postFrom, startApp } from './app.ts'
import { PASSWORD } from './people.ts'

/* The faults of CORS and cookies, as a browser shows them to a page on another port. */

describeInBrowser('a page on another port meets', ({ open }) => {
  let mock: OnePortMock
  let url: string
  let app: App

  beforeEach(async () => {
    mock = await startOnePort({ fixture: 'team', allowedHosts: ['mock.example'] })
    url = `http://localhost:${mock.port}`
    app = await startApp()
  })
  afterEach(async () => {
    await Promise.all([mock.close(), app.close()])
    expect(mock.failures).toEqual([])
  })

  async function openApp(): Promise<Page> {
    const page = await open()
    await page.goto(app.url)
    return page
  }

  async function throwSwitch(name: SwitchName): Promise<void> {
    const headers = { 'Content-Type': 'application/json' }
    const response = await fetch(`${url}/__mock/switches`, { method: 'POST', headers, body: JSON.stringify({ name }) })
    expect(response.status).toBe(200)
  }

  /** What a script of the page sees: a status, or what the browser says instead. */
  function seen(page: Page, path: string, init: RequestInit = {}): Promise<number | string> {
    const inPage = (asked: { url: string; init: RequestInit }) =>
      fetch(asked.url, asked.init).then(
        ({ status }) => status,
        (error: Error) => `${error.name}: ${error.message}`,
      )
    return page.evaluate(inPage, { url: `${url}${path}`, init })
  }

  const WITH_COOKIES: RequestInit = { credentials: 'include' }
  const PREFLIGHTED: RequestInit = { ...WITH_COOKIES, headers: { 'X-Session-Token': 'x' } }

  /** The status of signing in by the flow for browsers, and the cookies that the browser keeps. */
  async function signIn(page: Page, at = url): Promise<{ status: number; error: unknown; kept: string[] }> {
    const { body: flow } = await fetchFrom(page, `${at}/self-service/login/browser`)
    const token = /"name":"csrf_token".*?"value":"([^"]+)"/.exec(JSON.stringify(flow))?.[1]
    const values = { method: 'password', identifier: 'member@example.com', password: PASSWORD, csrf_token: token }
    const { status, body } = await postFrom(page, `${at}/self-service/login?flow=${flow['id']}`, values)
    const kept = (await page.context().cookies(at)).map(({ name }) => name.replace(/^csrf_token_\w+$/, 'csrf_token'))
    return { status, error: (body['error'] as { id?: string } | undefined)?.id, kept: kept.sort() }
  }
  const REFUSED = { status: 403, error: 'security_csrf_violation', kept: [] }
  const SIGNED_IN = { status: 200, error: undefined, kept: ['csrf_token', 'ory_kratos_session'] }

  test('no fault while no switch is thrown', async () => {
    const page = await openApp()
    expect(await seen(page, '/sessions/whoami', WITH_COOKIES)).toBe(401)
    expect(await seen(page, '/sessions/whoami', PREFLIGHTED)).toBe(401)
    expect(await signIn(page)).toEqual(SIGNED_IN)
  })

  test('cors-denied: the browser keeps every answer from the script, with and without cookies', async () => {
    const page = await openApp()
    await throwSwitch('cors-denied')
    for (const init of [{}, WITH_COOKIES, PREFLIGHTED]) {
      expect(await seen(page, '/sessions/whoami', init)).toBe('TypeError: Failed to fetch')
    }
    expect(await seen(page, '/sessions/whoami', { mode: 'no-cors' })).toBe(0)
  })

  test('cors-no-credentials: the browser keeps answers to requests with cookies from the script, and no others', async () => {
    const page = await openApp()
    await throwSwitch('cors-no-credentials')
    expect(await seen(page, '/sessions/whoami', WITH_COOKIES)).toBe('TypeError: Failed to fetch')
    expect(await seen(page, '/sessions/whoami', PREFLIGHTED)).toBe('TypeError: Failed to fetch')
    expect(await seen(page, '/sessions/whoami')).toBe(401)
  })

  test.each([['cookie-not-set'], ['cookie-samesite-none'], ['cookie-wrong-domain']] as const)(
    '%s: the browser has no cookie, and the form is refused',
    async (name) => {
      const page = await openApp()
      await throwSwitch(name)
      expect(await signIn(page)).toEqual(REFUSED)
    },
  )

  test('cookie-secure-on-http: localhost keeps the cookies, as browsers trust it', async () => {
    const page = await openApp()
    await throwSwitch('cookie-secure-on-http')
    expect(await signIn(page)).toEqual(SIGNED_IN)
    expect((await page.context().cookies(url)).map(({ secure }) => secure)).toEqual([true, true])
  })

  test('cookie-secure-on-http: any other host drops them, and the form is refused', async () => {
    const browser = await launchBrowser(['--host-resolver-rules=MAP mock.example 127.0.0.1'])
    try {
      const page = await browser.newPage()
      const at = `http://mock.example:${mock.port}`
      await page.goto(`${at}/ui/welcome`)
      expect(await signIn(page, at)).toEqual(SIGNED_IN)
      await page.context().clearCookies()
      await throwSwitch('cookie-secure-on-http')
      expect(await signIn(page, at)).toEqual(REFUSED)
    } finally {
      await browser.close()
    }
  })
})
