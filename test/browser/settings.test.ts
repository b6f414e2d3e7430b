import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { PASSWORD, seesWelcome, signIn, totpCode } from './people.ts'

describeInBrowser('the settings page', ({ open }) => {
  let mock: OryMock

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team' })
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await mock.close()
    expect(broken).toEqual([])
  })

  async function openSettings(email: string) {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, email)
    await page.getByRole('link', { name: 'Account settings' }).click()
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
    return page
  }

  test('one who is not signed in is sent to sign in', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/settings`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('the profile is changed and shown', async () => {
    const page = await openSettings('member@example.com')
    const profile = page.getByRole('region', { name: 'Profile' })
    await profile.getByLabel('First name').fill('Ada')
    await profile.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    expect(await profile.getByLabel('First name').inputValue()).toBe('Ada')
  })

  test('a new password counts at once; a bad one is said at the field', async () => {
    const page = await openSettings('member@example.com')
    const password = page.getByRole('region', { name: 'Password' })
    await password.getByLabel('Password').fill('123456')
    await password.getByRole('button', { name: 'Save' }).click()
    await password.getByText('password length must be at least 8 characters').waitFor()
    await password.getByLabel('Password').fill('a-new-castle-0815')
    await password.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'member@example.com', 'a-new-castle-0815')
    await seesWelcome(page, 'member@example.com')
  })

  test('one who signed in long ago signs in again, and the change is made then', async () => {
    const page = await openSettings('member@example.com')
    await mock.clock.advance('16m')
    const password = page.getByRole('region', { name: 'Password' })
    await password.getByLabel('Password').fill('a-new-castle-0815')
    await password.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Please confirm this action by verifying that it is you.').waitFor()
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Your changes have been saved!').waitFor()
  })

  test('an authenticator app is set up and asked for from then on', async () => {
    const page = await openSettings('member@example.com')
    const app = page.getByRole('region', { name: 'Authenticator app' })
    await app.getByRole('img', { name: 'Authenticator app QR code' }).waitFor()
    const secret = await app.getByTestId('node/text/totp_secret_key/text').textContent()
    await app.getByLabel('Verify code').fill(await totpCode(mock, secret ?? ''))
    await app.getByRole('button', { name: 'Save' }).click()
    await app.getByRole('button', { name: 'Unlink TOTP Authenticator App' }).waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'member@example.com')
    await page.getByLabel('Authentication code').fill(await totpCode(mock, secret ?? ''))
    await page.getByRole('button', { name: 'Use Authenticator' }).click()
    await seesWelcome(page, 'member@example.com')
  })

  test('backup codes are shown where the focus is, confirmed, and used once', async () => {
    const page = await openSettings('member@example.com')
    const codes = page.getByRole('region', { name: 'Backup recovery codes' })
    await codes.getByRole('button', { name: 'Generate new backup recovery codes' }).click()
    await codes.getByRole('button', { name: 'Confirm backup recovery codes' }).waitFor()
    await codes.getByRole('heading').and(page.locator(':focus')).waitFor()
    const [first = ''] = await codes.getByRole('listitem').allTextContents()
    await codes.getByRole('button', { name: 'Confirm backup recovery codes' }).click()
    await codes.getByRole('button', { name: 'Reveal backup recovery codes' }).waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'member@example.com')
    await page.getByLabel('Backup recovery code').fill(first)
    await page.getByRole('button', { name: 'Use backup recovery code' }).click()
    await seesWelcome(page, 'member@example.com')
    await page.getByRole('link', { name: 'Account settings' }).click()
    await codes.getByRole('button', { name: 'Reveal backup recovery codes' }).click()
    await codes.getByText(/^Secret was used at/).waitFor()
  })

  test('an address is no longer shown as verified when another one takes its place', async () => {
    const page = await openSettings('member@example.com')
    const profile = page.getByRole('region', { name: 'Profile' })
    await profile.getByLabel('E-Mail').fill('moved@example.com')
    await profile.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('not verified', { exact: true }).waitFor()
  })
})
