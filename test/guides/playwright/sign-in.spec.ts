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

test('somebody is signed in already, and gets a new password by mail', async ({ page, context, mock }) => {
  const ada = await mock.identity({ email: 'ada@example.com', password })
  const { browserCookie } = await ada.session()
  await context.addCookies([browserCookie])
  await page.goto('/')
  await expect(page.getByText('Hello ada@example.com')).toBeVisible()
})
