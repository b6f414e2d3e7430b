import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import type { UiNode } from '../../src/state/records.ts'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { type App, type Fetched, fetchFrom, postFrom, startApp } from './app.ts'
import { enterCode, PASSWORD, signIn, signUp, totpCode } from './people.ts'

describeInBrowser('an app on another port', ({ open }) => {
  let mock: OryMock
  let app: App

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team' })
    app = await startApp()
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await Promise.all([mock.close(), app.close()])
    expect(broken).toEqual([])
  })

  const whoami = (page: Page): Promise<Fetched> => fetchFrom(page, `${mock.url}/sessions/whoami`)

  test('signs up, out and in again through fetch with credentials', async () => {
    const page = await open()
    await page.goto(app.url)
    expect((await whoami(page)).status).toBe(401)
    const registration = await fetchFrom(page, `${mock.url}/self-service/registration/browser`)
    const signedUp = await submit(page, registration, {
      method: 'password',
      password: PASSWORD,
      traits: { email: 'new@example.com' },
    })
    expect(signedUp.status).toBe(200)
    expect(emailIn(await whoami(page))).toBe('new@example.com')

    const { body } = await fetchFrom(page, `${mock.url}/self-service/logout/browser`)
    expect((await fetchFrom(page, String(body['logout_url']))).status).toBeLessThan(300)
    expect((await whoami(page)).status).toBe(401)

    const login = await fetchFrom(page, `${mock.url}/self-service/login/browser`)
    const credentials = { method: 'password', identifier: 'new@example.com', password: PASSWORD }
    expect((await submit(page, login, credentials)).status).toBe(200)
    expect(emailIn(await whoami(page))).toBe('new@example.com')
  })

  test('gives the second factor through fetch with credentials', async () => {
    const page = await open()
    await page.goto(app.url)
    const login = await fetchFrom(page, `${mock.url}/self-service/login/browser`)
    const credentials = { method: 'password', identifier: 'two-factor@example.com', password: PASSWORD }
    expect((await submit(page, login, credentials)).status).toBe(200)
    const refused = await whoami(page)
    expect(refused.status).toBe(403)
    const second = await fetchFrom(page, String(refused.body['redirect_browser_to']))
    const code = { method: 'totp', totp_code: await totpCode(mock) }
    expect((await submit(page, second, code)).status).toBe(200)
    const { body } = await whoami(page)
    expect(body['authenticator_assurance_level']).toBe('aal2')
  })

  test('reads what is wrong with a form', async () => {
    const page = await open()
    await page.goto(app.url)
    const login = await fetchFrom(page, `${mock.url}/self-service/login/browser`)
    const { status, body } = await submit(page, login, { method: 'password', identifier: 'nobody', password: 'x' })
    expect(status).toBe(400)
    expect(JSON.stringify(body['ui'])).toContain('The provided credentials are invalid')
  })

  test('sends people to our pages to sign up, and has them back signed in', async () => {
    const page = await open()
    await page.goto(`${mock.url}/self-service/registration/browser?return_to=${encodeURIComponent(`${app.url}/home`)}`)
    await signUp(page, 'new@example.com')
    await page.waitForURL(`${app.url}/home`)
    expect(emailIn(await whoami(page))).toBe('new@example.com')
  })

  test('sends people to our pages to sign in with two factors and to sign out, and has them back', async () => {
    const page = await open()
    await page.goto(`${mock.url}/self-service/login/browser?return_to=${encodeURIComponent(`${app.url}/home`)}`)
    await signIn(page, 'two-factor@example.com')
    await enterCode(page, mock)
    await page.waitForURL(`${app.url}/home`)
    const { body } = await whoami(page)
    expect(body['authenticator_assurance_level']).toBe('aal2')

    const { body: logout } = await fetchFrom(page, `${mock.url}/self-service/logout/browser`)
    await page.goto(`${logout['logout_url']}&return_to=${encodeURIComponent(`${app.url}/bye`)}`)
    await page.waitForURL(`${app.url}/bye`)
    expect((await whoami(page)).status).toBe(401)
  })

  test('keeps the way back to it when people go from sign-in to sign-up', async () => {
    const page = await open()
    await page.goto(`${mock.url}/self-service/login/browser?return_to=${encodeURIComponent(`${app.url}/home`)}`)
    await page.getByRole('link', { name: 'Sign up' }).click()
    await signUp(page, 'new@example.com')
    await page.waitForURL(`${app.url}/home`)
  })

  test('cannot read or change the world by the control API', async () => {
    const page = await open()
    await page.goto(app.url)
    const tries = await page.evaluate(async (url) => {
      const blocked = () => 'blocked'
      return Promise.all([
        fetch(`${url}/__mock/state`).then((response) => response.text(), blocked),
        fetch(`${url}/__mock/reset`, { method: 'POST', headers: { 'Content-Type': 'application/json' } }).then(
          (response) => response.text(),
          blocked,
        ),
      ])
    }, mock.url)
    expect(tries).toEqual(['blocked', 'blocked'])
  })
})

/** Sends a fetched flow's form as JSON, with its anti-CSRF token. */
function submit(page: Page, flow: Fetched, values: JsonObject): Promise<Fetched> {
  const { ui } = flow.body
  if (!isJsonObject(ui)) throw new Error(`This is no flow: ${JSON.stringify(flow)}`)
  const nodes = ui['nodes'] as unknown as readonly UiNode[]
  const tokens = nodes.flatMap(({ attributes }) =>
    attributes.node_type === 'input' && attributes.name === 'csrf_token' ? [String(attributes.value)] : [],
  )
  return postFrom(page, String(ui['action']), { ...values, csrf_token: tokens[0] })
}

function emailIn({ body }: Fetched): unknown {
  const identity = body['identity']
  const traits = isJsonObject(identity) ? identity['traits'] : undefined
  return isJsonObject(traits) ? traits['email'] : undefined
}
