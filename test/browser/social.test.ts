import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { seesWelcome, signIn } from './people.ts'

describeInBrowser('social sign-in', ({ open }) => {
  let mock: OryMock

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team' })
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await mock.close()
    expect(broken).toEqual([])
  })

  /** On the provider's page: somebody whom nobody knows yet. */
  async function chooseNewPerson(page: Page, email: string, share: boolean): Promise<void> {
    const somebody = page.getByRole('group', { name: 'Somebody else' })
    await somebody.getByLabel('E-mail', { exact: true }).fill(email)
    await somebody.getByLabel('Share the e-mail address').setChecked(share)
    await somebody.getByRole('button', { name: 'Continue' }).click()
  }

  test('one who shares the address with the app is signed up at once, and signed in the next time', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/registration`)
    await page.getByRole('button', { name: 'Sign up with Acme' }).click()
    await chooseNewPerson(page, 'new@example.com', true)
    await seesWelcome(page, 'new@example.com')
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in with Acme' }).click()
    await page.getByRole('button', { name: /Continue as new@example.com/ }).click()
    await seesWelcome(page, 'new@example.com')
    await page.getByText('oidc', { exact: true }).waitFor()
  })

  test('what the provider did not tell is asked for before the account is made', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/registration`)
    await page.getByRole('button', { name: 'Sign up with Acme' }).click()
    await chooseNewPerson(page, 'new@example.com', false)
    await page.getByText('Property email is missing.').waitFor()
    await page.getByLabel('E-Mail').fill('chosen@example.com')
    await page.getByLabel('First name').fill('Ada')
    await page.getByRole('button', { name: 'Continue' }).click()
    await chooseNewPerson(page, 'new@example.com', false)
    await seesWelcome(page, 'chosen@example.com')
  })

  test('one who refuses at the provider is back at the form, which says so', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await page.getByRole('button', { name: 'Sign in with Acme' }).click()
    await page.getByRole('button', { name: 'Refuse, and go back' }).click()
    await page.getByText('access_denied').waitFor()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('a provider is linked in settings and signs in from then on', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'member@example.com')
    await page.getByRole('link', { name: 'Account settings' }).click()
    await page.getByRole('button', { name: 'Link acme' }).click()
    await page.getByRole('button', { name: /Continue as member@example.com/ }).click()
    await page.getByRole('button', { name: 'Unlink acme' }).waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in with Acme' }).click()
    await page.getByRole('button', { name: /Continue as member@example.com/ }).click()
    await seesWelcome(page, 'member@example.com')
  })
})
