import { afterEach, beforeEach, expect, test } from 'vitest'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'
import type { OryMock } from '../../src/test-api/ory-mock.ts'
import { describeInBrowser } from '../support/browser.ts'
import { seesWelcome, signIn, signUp } from './people.ts'

describeInBrowser('recovery and verification', ({ open }) => {
  let mock: OryMock

  beforeEach(async () => {
    mock = await createOryMock({ fixture: 'team' })
  })
  afterEach(async () => {
    const broken = (await mock.journal.entries()).filter((entry) => entry.violations.length > 0)
    await mock.close()
    expect(broken).toEqual([])
  })

  /** The link of the newest mail to that address, as the control API has it. */
  async function linkIn(to: string): Promise<string> {
    const response = await fetch(`${mock.url}/__mock/mail?to=${encodeURIComponent(to)}`)
    const mails = (await response.json()) as readonly { readonly link?: string }[]
    return mails.at(-1)?.link ?? ''
  }

  test('one who forgot the password is mailed a link, and chooses a new one', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/login`)
    await page.getByRole('link', { name: 'Recover account' }).click()
    await page.getByLabel('Email').fill('member@example.com')
    await page.getByRole('button', { name: 'Submit' }).click()
    await page.getByText('An email containing a recovery link has been sent').waitFor()

    await page.goto(await linkIn('member@example.com'))
    await page.getByText('You successfully recovered your account.').waitFor()
    const password = page.getByRole('region', { name: 'Password' })
    await password.getByLabel('Password').fill('a-new-castle-0815')
    await password.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Your changes have been saved!').waitFor()
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'member@example.com', 'a-new-castle-0815')
    await seesWelcome(page, 'member@example.com')
  })

  test('the page that sent a mail shows it, and its link', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/recovery`)
    await page.getByLabel('Email').fill('member@example.com')
    await page.getByRole('button', { name: 'Submit' }).click()
    const mailbox = page.getByRole('region', { name: 'In the mailbox of this mock' })
    await mailbox.getByText('Recover access to your account', { exact: true }).waitFor()
    await mailbox.getByRole('link', { name: 'Open link' }).click()
    await page.getByText('You successfully recovered your account.').waitFor()
  })

  test('an unknown address is mailed that it is unknown, without a link', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/recovery`)
    await page.getByLabel('Email').fill('nobody@example.com')
    await page.getByRole('button', { name: 'Submit' }).click()
    const mailbox = page.getByRole('region', { name: 'In the mailbox of this mock' })
    await mailbox.getByText('Account access attempted').waitFor()
    expect(await mailbox.getByRole('link').count()).toBe(0)
  })

  test('a link that was used leads to a new flow that says so', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/recovery`)
    await page.getByLabel('Email').fill('member@example.com')
    await page.getByRole('button', { name: 'Submit' }).click()
    await page.getByRole('link', { name: 'Open link' }).click()
    await page.getByRole('heading', { name: 'Account settings' }).waitFor()
    const other = await open()
    await other.goto(await linkIn('member@example.com'))
    await other.getByText('The recovery token is invalid or has already been used.').waitFor()
    await other.getByLabel('Email').waitFor()
  })

  test('one who signed up verifies the address', async () => {
    const page = await open()
    await page.goto(`${mock.url}/ui/registration`)
    await signUp(page, 'new@example.com')
    await seesWelcome(page, 'new@example.com')
    await page.getByText('not verified', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Verify account' }).click()
    await page.getByLabel('Email').fill('new@example.com')
    await page.getByRole('button', { name: 'Submit' }).click()
    await page.getByRole('link', { name: 'Open link' }).click()
    await page.goto(`${mock.url}/ui/welcome`)
    await page.getByText('verified', { exact: true }).waitFor()
  })
})
