import { expect, test } from 'ory-mock/playwright'

const password = 'sand-castle-4711'

test('somebody signs in', async ({ page, mock }) => {
  await mock.identity({ email: 'ada@example.com', password })
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('ID').fill('ada@example.com')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.goto('/')
  await expect(page.getByText('Hello ada@example.com')).toBeVisible()
})

test('somebody types slowly: the form has expired', async ({ page, mock }) => {
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await mock.clock.advance('31m')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('expired')
})

test('somebody forgot the password, and follows the link in the mail', async ({ page, mock }) => {
  await mock.identity({ email: 'ada@example.com', password })
  await page.goto('/')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Forgot the password?' }).click()
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByRole('button', { name: 'Submit' }).click()
  await expect(page.getByRole('alert')).toContainText('has been sent')
  const { link = '' } = await mock.mail.last('ada@example.com')
  await page.goto(link)
  await page.getByLabel('Password').fill('moon-tower-0815')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('alert')).toContainText('changes have been saved')
})
