import { expect, test } from 'ory-mock/playwright'

test('fails', async ({ mock, request }) => {
  await request.get(`${mock.url}/sessions/whoami`)
  expect((await mock.state()).identities).toHaveLength(1)
})
