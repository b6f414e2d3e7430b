import { defineConfig } from '@playwright/test'
import { test as inPlaywright, type OryMockWorkerFixtures } from 'ory-mock/playwright'
import { test as inVitest, oryMockTest } from 'ory-mock/vitest'

/* Compiled, and never run: the fixtures know what they give, and what they are given. */

export const config = defineConfig<object, OryMockWorkerFixtures>({
  use: { oryMock: { url: 'http://localhost:4000' } },
})

inPlaywright.use({ oryMock: { fixture: 'team' } })

inPlaywright('gives a sandbox and a page', async ({ mock, page }) => {
  await page.goto(mock.url)
  // @ts-expect-error: a switch that is none
  await mock.throw('aal2-requried')
})

inVitest('gives a sandbox', async ({ mock, task }) => {
  await mock.throw('aal2-required')
  const journal = task.meta.oryMock?.journal
  return void journal?.map(({ status }) => status.toFixed())
})

oryMockTest({ url: 'http://localhost:4000' })

// @ts-expect-error: a fixture that is not built in
oryMockTest({ fixture: 'taem' })

// @ts-expect-error: a server that runs already has started from what it started from
oryMockTest({ url: 'http://localhost:4000', fixture: 'team' })
