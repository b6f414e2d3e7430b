import { test } from 'ory-mock/vitest'
import { expect } from 'vitest'
import { handle } from '../app/app.js' // your app: a Request goes in, a Response comes out

/** The home page, as the browser with this cookie sees it. */
const homePage = async (oryUrl: string, cookie = '') => {
  const request = new Request('http://localhost:3000/', { headers: { Cookie: cookie } })
  return await (await handle(request, oryUrl)).text()
}

test('greets who is signed in, until the session expires', async ({ mock }) => {
  const ada = await mock.identity({ email: 'ada@example.com' })
  const { cookieHeader } = await ada.session()
  expect(await homePage(mock.url, cookieHeader)).toContain('Hello ada@example.com')
  await mock.clock.advance('25h')
  expect(await homePage(mock.url, cookieHeader)).toContain('Sign in')
})

test('asks for the second factor', async ({ mock }) => {
  const ada = await mock.identity({ email: 'ada@example.com', totp: true })
  const { cookieHeader } = await ada.session()
  await mock.config({ session: { whoami: { required_aal: 'highest_available' } } })
  expect(await homePage(mock.url, cookieHeader)).toContain('authenticator app')
})

test('says so when Ory has a problem', async ({ mock }) => {
  await mock.throw({ name: 'internal-error', operation: 'toSession', times: 1 })
  expect(await homePage(mock.url)).toContain('does not work at the moment')
  expect(await mock.journal.entries()).toMatchObject([{ operation: 'toSession', status: 500 }])
})
