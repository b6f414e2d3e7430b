import { createOryMock } from 'ory-mock'
import { handle } from '../app/app.js' // your app: a Request goes in, a Response comes out

let server
let mock
let count = 0

beforeAll(async () => {
  server = await createOryMock()
})
beforeEach(() => {
  mock = server.sandbox(`test-${++count}`)
})
afterEach(() => mock.close())
afterAll(() => server.close())

test('greets who is signed in', async () => {
  const ada = await mock.identity({ email: 'ada@example.com' })
  const { cookieHeader } = await ada.session()
  const request = new Request('http://localhost:3000/', { headers: { Cookie: cookieHeader } })
  const page = await handle(request, mock.url)
  expect(await page.text()).toContain('Hello ada@example.com')
})

test('says so when Ory has a problem', async () => {
  await mock.throw({ name: 'internal-error', operation: 'toSession' })
  const page = await handle(new Request('http://localhost:3000/'), mock.url)
  expect(await page.text()).toContain('does not work at the moment')
})
