import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { seesWelcome, signIn } from './people.ts'

describeInBrowser('security keys', ({ open }) => {
  let mock: OryMock

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team' })
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await mock.close()
    expect(broken).toEqual([])
  })

  const passwordless = () => mock.config({ selfservice: { methods: { webauthn: { config: { passwordless: true } } } } })

  test('a key is registered in settings, and asked for as second factor from then on', async () => {
    const page = await openWithKey(open)
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'admin@example.com')
    await page.getByRole('link', { name: 'Account settings' }).click()
    await page.getByLabel('Name of the security key').fill('blue key')
    await page.getByRole('button', { name: 'Add security key' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    await page.getByRole('button', { name: 'Remove security key "blue key"' }).waitFor()

    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'admin@example.com')
    await page.getByRole('button', { name: 'Use security key' }).click()
    await seesWelcome(page, 'admin@example.com')
    await page.getByText('aal2', { exact: true }).waitFor()
    await page.getByText('password, webauthn', { exact: true }).waitFor()
  })

  test('a key that was removed is not asked for any more', async () => {
    const page = await openWithKey(open)
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'admin@example.com')
    await page.getByRole('link', { name: 'Account settings' }).click()
    await page.getByLabel('Name of the security key').fill('blue key')
    await page.getByRole('button', { name: 'Add security key' }).click()
    await page.getByRole('button', { name: 'Remove security key "blue key"' }).click()
    await page.getByRole('button', { name: 'Remove security key "blue key"' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'admin@example.com')
    await seesWelcome(page, 'admin@example.com')
  })

  test('another key than the registered one is refused', async () => {
    const page = await openWithKey(open)
    await page.goto(`${mock.url}/ui/login`)
    await signIn(page, 'admin@example.com')
    await page.getByRole('link', { name: 'Account settings' }).click()
    await page.getByLabel('Name of the security key').fill('blue key')
    await page.getByRole('button', { name: 'Add security key' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    const other = await openWithKey(open)
    await other.goto(`${mock.url}/ui/login`)
    await signIn(other, 'admin@example.com')
    const [dialog] = await Promise.all([
      other.waitForEvent('dialog'),
      other.getByRole('button', { name: 'Use security key' }).click({ noWaitAfter: true }),
    ])
    expect(dialog.message()).toContain('NotAllowedError')
    await dialog.dismiss()
  })

  test('without any password, one signs up and in with a key', async () => {
    await passwordless()
    const page = await openWithKey(open)
    await page.goto(`${mock.url}/ui/registration`)
    await page.getByLabel('E-Mail').fill('new@example.com')
    await page.getByLabel('Name of the security key').fill('blue key')
    await page.getByRole('button', { name: 'Sign up with security key' }).click()
    await seesWelcome(page, 'new@example.com')

    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await page.getByLabel('ID').fill('new@example.com')
    await page.getByRole('button', { name: 'Sign in with security key' }).click()
    await page.getByText('Prepare your WebAuthn device').waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await seesWelcome(page, 'new@example.com')
    await page.getByText('webauthn', { exact: true }).waitFor()
  })
})

/** A page of a browser into which a security key is plugged that is touched whenever it is asked for. */
async function openWithKey(open: () => Promise<Page>): Promise<Page> {
  const page = await open()
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable')
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return page
}
