import { Secret, TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import type { OryMock } from '../../src/test-api/ory-mock.ts'

/*
 * What people do on our own pages, found as they find it: by the labels and names that they read.
 */

/** Of the fixture `team`. */
export const PASSWORD = 'sand-castle-4711'
const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

export async function signUp(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-Mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign up', exact: true }).click()
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('ID').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Fills in what the authenticator of `two-factor@example.com` shows at the server's time. */
export async function enterCode(page: Page, mock: OryMock): Promise<void> {
  await page.getByLabel('Authentication code').fill(await totpCode(mock))
  await page.getByRole('button', { name: 'Use Authenticator' }).click()
}

export async function totpCode(mock: OryMock, secret = TOTP_SECRET): Promise<string> {
  const { now } = await mock.clock.read()
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.parse(now) })
}

/** Waits for the page that says who is signed in. */
export async function seesWelcome(page: Page, email: string): Promise<void> {
  await page.getByText(`You are signed in as ${email}.`).waitFor()
}

/** Signs up, out and in again, from the welcome page of a server. */
export async function signUpOutAndIn(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/ui/welcome`)
  await page.getByRole('link', { name: 'Sign up' }).click()
  await signUp(page, email)
  await seesWelcome(page, email)
  await page.getByRole('link', { name: 'Sign out' }).click()
  await page.getByText('Nobody is signed in with this browser.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, email)
  await seesWelcome(page, email)
}
