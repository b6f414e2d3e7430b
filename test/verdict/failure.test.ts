import { afterEach, beforeEach, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/verdict/shown-entry.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

let server: OnePortMock
beforeEach(async () => {
  server = await startOnePort()
})
afterEach(() => server.close())

it('a failure of the mock itself stands in the journal as an answer that breaks the contract', async () => {
  const { identities } = server.world()
  Object.defineProperty(identities, 'get', {
    value: () => {
      throw new Error('broken on purpose')
    },
  })
  const headers = { Authorization: 'Bearer any' }
  const answer = await fetch(`${server.url}/admin/identities/00000000-0000-4000-8000-000000000000`, { headers })
  expect([answer.status, answer.headers.get('x-mock-failure')]).toEqual([500, 'true'])
  expect(server.failures).toEqual([expect.stringContaining('broken on purpose')])
  const [entry] = (await (await fetch(`${server.url}/__mock/journal`)).json()) as JournalEntry[]
  expect(entry).toMatchObject({
    operation: 'adminGetIdentity',
    status: 500,
    violations: [{ side: 'response', in: 'status', message: 'The mock server failed on this request.' }],
  })
  const verify = await fetch(`${server.url}/__mock/journal/verify`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ never_violated: {} }),
  })
  expect(verify.status).toBe(417)
})
