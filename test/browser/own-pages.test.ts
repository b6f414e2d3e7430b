import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { enterCode, PASSWORD, seesWelcome, signIn, signUp, signUpOutAndIn } from './people.ts'

describeInBrowser('our own pages', ({ open }) => {
  let mock: OryMock

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team', clock: '2022-07-27T12:00:00Z' })
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await mock.close()
    expect(broken).toEqual([])
  })

  test('a person signs up, signs out and signs in again', async () => {
    const page = await open()
    await signUpOutAndIn(page, mock.url, 'new@example.com')
  })

  test('after the password, one who has a second factor is asked for it', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'two-factor@example.com')
    await page.getByText('Please complete the second authentication challenge.').waitFor()
    await enterCode(page, mock)
    await seesWelcome(page, 'two-factor@example.com')
    await page.getByText('aal2', { exact: true }).waitFor()
    await page.getByText('password, totp', { exact: true }).waitFor()
  })

  test('a wrong code is refused, and the right one still accepted', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'two-factor@example.com')
    await page.getByLabel('Authentication code').fill('000000')
    await page.getByRole('button', { name: 'Use Authenticator' }).click()
    await page.getByText('The provided authentication code is invalid, please try again.').waitFor()
    await enterCode(page, mock)
    await seesWelcome(page, 'two-factor@example.com')
  })

  test('the welcome page leads to the second factor while it is missing, or out', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'two-factor@example.com')
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('link', { name: 'Use second factor' }).click()
    await page.getByLabel('Authentication code').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByText('Nobody is signed in with this browser.').waitFor()
  })

  test('what is wrong is said above the form or at the field, which has the focus', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'admin@example.com', 'wrong-password')
    await page.getByRole('main').getByText('The provided credentials are invalid').waitFor()
    expect(await page.getByLabel('ID').inputValue()).toBe('admin@example.com')
    await page.getByRole('link', { name: 'Sign up' }).click()
    await signUp(page, 'new@example.com', '123456')
    await page.getByText('password length must be at least 8 characters').waitFor()
    const password = page.getByLabel('Password')
    expect(await password.getAttribute('aria-invalid')).toBe('true')
    const describedBy = await password.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${describedBy}"]`).textContent()).toContain('must be at least 8 characters')
    expect(await password.evaluate((field) => field === document.activeElement)).toBe(true)
  })

  test('the keyboard is enough: the first empty field has the focus, Enter sends the password', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await page.getByLabel('ID').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('admin@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await seesWelcome(page, 'admin@example.com')
  })

  test('a page without a flow begins one, and keeps where it leads to and what it asks for', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login?return_to=${encodeURIComponent(`${mock.url}/ui/welcome?from=app`)}`)
    await signIn(page, 'two-factor@example.com')
    await enterCode(page, mock)
    await page.waitForURL('**/ui/welcome?from=app')
    await page.goto(`${mock.url}/ui/login?refresh=true&aal=aal2`)
    await page.getByText('Please confirm this action by verifying that it is you.').waitFor()
    await page.getByLabel('Authentication code').waitFor()
  })

  test('an expired flow begins anew, and still leads to where it was to lead', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login?return_to=${encodeURIComponent(`${mock.url}/ui/welcome?from=app`)}`)
    await page.getByLabel('ID').waitFor()
    const before = page.url()
    await mock.clock.advance('31m')
    await page.reload()
    await page.waitForURL((url) => url.href !== before && url.searchParams.has('flow'))
    await signIn(page, 'admin@example.com')
    await page.waitForURL('**/ui/welcome?from=app')
  })

  test('an expired flow that is sent comes back as a new one that says so', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await page.getByLabel('ID').waitFor()
    await mock.clock.advance('31m')
    await signIn(page, 'admin@example.com')
    await page.getByText('The login flow expired 1.00 minutes ago, please try again.').waitFor()
    await signIn(page, 'admin@example.com')
    await seesWelcome(page, 'admin@example.com')
  })

  test('unknown flows, and flows of another browser, begin anew', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login?flow=00000000-0000-4000-8000-000000000000`)
    await page.getByLabel('ID').waitFor()
    await page.context().clearCookies()
    await page.reload()
    await signIn(page, 'admin@example.com')
    await seesWelcome(page, 'admin@example.com')
  })

  test('a browser that keeps no cookies is told so, and not sent round in circles', async () => {
    const page = await open()
    let fetches = 0
    await page.route('**/self-service/login/flows?id=*', async (route) => {
      fetches += 1
      await page.context().clearCookies()
      await route.continue()
    })
    await page.goto(`${mock.url}/ui/login`)
    await page.getByRole('heading', { name: 'This form cannot be shown' }).waitFor()
    await page.getByRole('link', { name: 'Start again' }).waitFor()
    expect(fetches).toBe(3)
  })

  test('an error of a flow is shown with what the server says of it', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await page.getByLabel('ID').waitFor()
    await page.context().clearCookies()
    await signIn(page, 'admin@example.com')
    await page.waitForURL('**/ui/error?id=*')
    await page.getByText('403 Forbidden').waitFor()
    await page.getByText('security_csrf_violation').waitFor()
    await page.getByText('Please retry the flow and optionally clear your cookies.').waitFor()
    await page.goto(`${mock.url}/ui/error?id=00000000-0000-4000-8000-000000000000`)
    await page.getByText('The server does not know this error').waitFor()
  })

  test('they understand the bodies of the dialect `wire` as well', async () => {
    const wire = await createOryMock({ fixture: 'team', dialect: 'wire' })
    try {
      const page = await open()
      await page.goto(`${wire.url}/ui/login?return_to=${encodeURIComponent(`${wire.url}/ui/welcome?from=app`)}`)
      await page.getByLabel('ID').waitFor()
      await wire.clock.advance('31m')
      await page.reload()
      await signIn(page, 'two-factor@example.com')
      await page.getByRole('link', { name: 'Overview' }).click()
      await page.getByRole('link', { name: 'Use second factor' }).click()
      await enterCode(page, wire)
      await seesWelcome(page, 'two-factor@example.com')
    } finally {
      await wire.close()
    }
  })

  test('below the prefix of a sandbox the pages stay in it', async () => {
    const page = await open()
    await page.goto(`${mock.url}/~blue/ui/registration`)
    await signUp(page, 'new@example.com')
    await seesWelcome(page, 'new@example.com')
    expect(new URL(page.url()).pathname).toBe('/~blue/ui/welcome')
    await page.getByText('sandbox blue').waitFor()
    expect(JSON.stringify(await mock.state())).not.toContain('new@example.com')
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.waitForURL(`${mock.url}/~blue/ui/welcome`)
  })

  test('on the host of a sandbox the pages stay in it', async () => {
    const page = await open()
    const host = mock.url.replace('localhost', 'blue.localhost')
    await page.goto(`${host}/ui/registration`)
    await signUp(page, 'new@example.com')
    await seesWelcome(page, 'new@example.com')
    expect(page.url()).toBe(`${host}/ui/welcome`)
    expect(JSON.stringify(await mock.sandbox('blue').state())).toContain('new@example.com')
    expect(JSON.stringify(await mock.state())).not.toContain('new@example.com')
  })
})
