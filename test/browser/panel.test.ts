import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isJsonObject } from '../../src/json.ts'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { type App, fetchFrom, postFrom, startApp } from './app.ts'

describeInBrowser('the panel', ({ open }) => {
  let mock: OryMock
  let app: App

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team', clock: '2022-07-27T12:00:00Z' })
    app = await startApp()
  })
  afterEach(async () => {
    await Promise.all([mock.close(), app.close()])
  })

  /** The panel, and beside it in the same browser a tab with somebody's app. */
  async function openBoth(prefix = ''): Promise<{ panel: Page; tab: Page }> {
    const panel = await open()
    const tab = await panel.context().newPage()
    await tab.goto(app.url)
    // a page behind another one hardly draws
    await panel.bringToFront()
    await panel.goto(`${mock.url}${prefix}/__mock/`)
    await panel.getByText('6 people.').waitFor()
    return { panel, tab }
  }

  const whoami = (tab: Page) => fetchFrom(tab, `${mock.url}/sessions/whoami`)
  const says = (panel: Page, text: string | RegExp) => panel.getByRole('status').getByText(text).waitFor()

  async function signIn(panel: Page, email: string): Promise<void> {
    await panel.getByRole('button', { name: `Sign in as ${email}`, exact: true }).click()
    await says(panel, `This browser is signed in as ${email}`)
  }

  async function throwSwitch(panel: Page, name: string): Promise<void> {
    await panel.locator('#switches').getByLabel('Search').fill(name)
    await panel.getByRole('button', { name: `Throw ${name}`, exact: true }).click()
    await says(panel, `${name} is thrown.`)
  }

  test('signs this browser in as somebody, which an app in another tab sees', async () => {
    const { panel, tab } = await openBoth()
    expect((await whoami(tab)).status).toBe(401)
    await signIn(panel, 'member@example.com')
    expect(emailOf(await whoami(tab))).toBe('member@example.com')
    await panel.getByRole('button', { name: 'Sign in as two-factor@example.com with two factors' }).click()
    await says(panel, '(aal2)')
    const { body } = await whoami(tab)
    expect(body['authenticator_assurance_level']).toBe('aal2')
  })

  test('throws a switch and clears it, which an app in another tab sees', async () => {
    const { panel, tab } = await openBoth()
    await signIn(panel, 'member@example.com')
    await throwSwitch(panel, 'internal-error')
    expect((await whoami(tab)).status).toBe(500)
    await panel.getByText('met 1 of 1 calls').waitFor()
    await panel.getByRole('button', { name: 'Clear internal-error' }).press('Enter')
    await says(panel, 'internal-error is cleared.')
    expect((await whoami(tab)).status).toBe(200)
    // what was pressed is gone: the focus is where it was
    const focused = await panel.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(focused).toBe('Thrown switches')
  })

  test('throws a switch with what narrows it', async () => {
    const { panel, tab } = await openBoth()
    const form = panel.locator('#throw-rate-limited')
    await panel.locator('#switches').getByLabel('Search').fill('rate-limited')
    await panel.locator('summary', { hasText: 'rate-limited' }).click()
    await form.getByLabel('Operation').selectOption('toSession')
    await form.getByLabel('limit').fill('1')
    await form.getByLabel('window').fill('1h')
    await panel.getByRole('button', { name: 'Throw rate-limited' }).click()
    await says(panel, 'rate-limited is thrown.')
    await panel.getByText('toSession; limit 1; window 1h').waitFor()
    expect([(await whoami(tab)).status, (await whoami(tab)).status]).toEqual([401, 429])
    expect((await fetchFrom(tab, `${mock.url}/health/alive`)).status).toBe(200)
  })

  test('says what is wrong with a switch', async () => {
    const { panel } = await openBoth()
    await panel.locator('#switches').getByLabel('Search').fill('slow')
    await panel.locator('summary', { hasText: 'The answer comes late' }).click()
    await panel.locator('#throw-slow').getByLabel('delay').fill('soon')
    await panel.getByRole('button', { name: 'Throw slow', exact: true }).click()
    await panel.getByRole('alert').getByText('must be a duration').waitFor()
  })

  test('advances, freezes and sets the clock, which an app in another tab sees', async () => {
    const { panel, tab } = await openBoth()
    await signIn(panel, 'member@example.com')
    await panel.getByText('2022-07-27 12:00:00 UTC').waitFor()
    await panel.getByRole('button', { name: 'Advance by 1h', exact: true }).click()
    await panel.getByText('2022-07-27 13:00:00 UTC').waitFor()
    expect((await whoami(tab)).status).toBe(200)
    await panel.getByLabel('Advance by').last().fill('23h30m')
    await panel.getByRole('button', { name: 'Advance', exact: true }).click()
    await says(panel, 'The clock has moved on by 23h30m')
    expect((await whoami(tab)).status).toBe(401)
    await panel.getByLabel('Set to (UTC)').fill('2030-01-31T08:00:00')
    await panel.getByRole('button', { name: 'Set', exact: true }).click()
    await panel.getByText('2030-01-31 08:00:00 UTC').waitFor()
    await panel.getByRole('button', { name: 'Let it run' }).click()
    await says(panel, 'The clock runs.')
    expect(await mock.clock.read()).toMatchObject({ frozen: false })
  })

  test('shows a mail when it is sent, whose link signs this browser in', async () => {
    const { panel, tab } = await openBoth()
    await panel.getByText('No mail has been sent.').waitFor()
    const { body: flow } = await fetchFrom(tab, `${mock.url}/self-service/recovery/browser`)
    const ui = isJsonObject(flow['ui']) ? flow['ui'] : {}
    const token = /"name":"csrf_token".*?"value":"([^"]+)"/.exec(JSON.stringify(ui))?.[1]
    const values = { method: 'link', email: 'member@example.com', csrf_token: token }
    expect((await postFrom(tab, String(ui['action']), values)).status).toBe(200)
    await panel.getByText('to member@example.com').waitFor()
    const [opened] = await Promise.all([
      panel.waitForEvent('popup'),
      panel.getByRole('link', { name: 'Open the link' }).click(),
    ])
    await opened.waitForURL('**/ui/settings?flow=*')
    expect(emailOf(await whoami(tab))).toBe('member@example.com')
  })

  test('chooses a scenario and resets the world', async () => {
    const { panel } = await openBoth()
    await panel.getByLabel('Scenario').selectOption('registration-closed')
    await panel.getByText('The product is by invitation').waitFor()
    await panel.getByRole('button', { name: 'Start in it' }).click()
    await says(panel, 'The world is now in registration-closed.')
    await panel.getByText('1 person.').waitFor()
    expect((await fetch(`${mock.url}/self-service/registration/api`)).status).toBe(400)
    await fetch(`${mock.url}/__mock/mail`, { method: 'DELETE', headers: { 'Content-Type': 'application/json' } })
    await panel.getByRole('button', { name: 'Reset the world' }).click()
    await says(panel, 'The world is back at its start.')
  })

  test('shows calls as they come, and which broke the contract', async () => {
    const { panel } = await openBoth()
    await panel.getByText('Nothing has been called.').waitFor()
    await fetch(`${mock.url}/sessions/whoami`)
    await panel.getByText('GET /sessions/whoami').waitFor()
    await fetch(`${mock.url}/admin/identities?per_page=many`, { headers: { Authorization: 'Bearer any' } })
    await panel.getByText('must be integer').waitFor()
    await panel.getByLabel('Only violations of the contract').check()
    const calls = panel.locator('#journal')
    expect(await calls.getByText('GET /sessions/whoami').count()).toBe(0)
    expect(await calls.getByText('adminListIdentities').count()).toBe(1)
  })

  test('copies a call as the curl command that repeats it, secrets and all', async () => {
    const { panel } = await openBoth()
    await panel.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await fetch(`${mock.url}/sessions/whoami`, { headers: { 'X-Session-Token': 'a-token-of-mine' } })
    await panel.getByRole('button', { name: 'Copy GET /sessions/whoami as curl' }).click()
    await says(panel, 'Copied: the curl command for GET /sessions/whoami')
    const copied = await panel.evaluate('navigator.clipboard.readText()')
    expect(copied).toContain(`curl -i -X GET ${mock.url}/sessions/whoami`)
    expect(copied).toContain("-H 'x-session-token: a-token-of-mine'")
  })

  test('below the prefix of a sandbox is about that sandbox, and leads to the others', async () => {
    const { panel, tab } = await openBoth('/~blue')
    await throwSwitch(panel, 'internal-error')
    expect((await fetchFrom(tab, `${mock.url}/~blue/sessions/whoami`)).status).toBe(500)
    expect((await whoami(tab)).status).toBe(401)
    await panel.getByRole('link', { name: 'default', exact: true }).click()
    await panel.waitForURL(`${mock.url}/__mock/`)
    await panel.getByText('No switch is thrown').waitFor()
    await panel.getByLabel('Another sandbox').fill('green')
    await panel.getByRole('button', { name: 'Open' }).click()
    await panel.waitForURL(`${mock.url}/~green/__mock/`)
    await panel.getByText('sandbox green').waitFor()
  })

  test('works by keyboard alone', async () => {
    const { panel } = await openBoth()
    await panel.keyboard.press('/')
    await panel.keyboard.type('internal-error')
    const button = panel.getByRole('button', { name: 'Throw internal-error' })
    for (let presses = 0; presses < 6 && !(await isFocused(panel, 'Throw internal-error')); presses++) {
      await panel.keyboard.press('Tab')
    }
    await button.waitFor()
    await panel.keyboard.press('Enter')
    await says(panel, 'internal-error is thrown.')
    expect(await isFocused(panel, 'Throw internal-error')).toBe(true)
  })

  test('names every control, fits a narrow window, follows the colours of the system, and asks nobody else', async () => {
    const page = await open()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).origin))
    await page.setViewportSize({ width: 360, height: 800 })
    await page.goto(`${mock.url}/__mock/`)
    await page.getByText('6 people.').waitFor()
    const nameless = await page.evaluate(
      () =>
        [...document.querySelectorAll('input, select, button, a, summary')].filter((control) => {
          const labels = 'labels' in control ? (control as HTMLInputElement).labels : null
          const label = [...(labels ?? [])].map((each) => each.textContent).join('')
          return `${control.getAttribute('aria-label') ?? ''}${control.textContent}${label}`.trim() === ''
        }).length,
    )
    expect(nameless).toBe(0)
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    expect(await overflow()).toBe(0)
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await ground()).not.toBe(light)
    expect([...new Set(asked)]).toEqual([mock.url])
  })
})

function emailOf({ body }: { body: { readonly [key: string]: unknown } }): unknown {
  const identity = body['identity']
  const traits = isJsonObject(identity) ? identity['traits'] : undefined
  return isJsonObject(traits) ? traits['email'] : undefined
}

function isFocused(page: Page, name: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, name)
}
