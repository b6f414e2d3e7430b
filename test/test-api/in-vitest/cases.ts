import { describe, expect } from 'vitest'
import { it, oryMockTest, test } from '../../../src/test-api/vitest.ts'

/* Not run by itself: `vitest-fixtures.test.ts` looks at how these end. */

describe('a sandbox for each test', () => {
  test('makes somebody', async ({ mock }) => {
    await mock.identity({ email: 'ada@example.com' })
    expect((await mock.state()).identities).toHaveLength(1)
  })

  test('finds nobody, and no sandbox of another test', async ({ mock, oryMockServer }) => {
    expect((await mock.state()).identities).toEqual([])
    expect(await oryMockServer.sandboxes()).toHaveLength(2)
  })

  it('never asks', () => {
    expect(1).toBe(1)
  })
})

test('Fails: who am I?', async ({ mock }) => {
  await mock.throw({ name: 'internal-error', operation: 'toSession' })
  const answer = await fetch(`${mock.url}/sessions/whoami`)
  expect(answer.status).toBe(200)
})

test.fails('fails, as it should', async ({ mock }) => {
  expect((await mock.state()).identities).toHaveLength(1)
})

oryMockTest({ fixture: 'team' })('starts with a team', async ({ mock }) => {
  expect((await mock.state()).identities?.length).toBeGreaterThan(3)
})
