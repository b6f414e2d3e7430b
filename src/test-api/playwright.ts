import type {
  PlaywrightTestArgs,
  PlaywrightTestOptions,
  PlaywrightWorkerArgs,
  PlaywrightWorkerOptions,
} from '@playwright/test'
import { test as playwrightTest, type TestType } from '@playwright/test'
import { SANDBOX_COOKIE } from '../http/address.ts'
import { journalText } from './journal-text.ts'
import type { OryMock } from './ory-mock.ts'
import { inSandbox, type ServerOfTests, serverOfTests } from './sandbox-per-test.ts'

/*
 * ory-mock for Playwright: `import { test, expect } from 'ory-mock/playwright'`. Each test has a sandbox of its own, named
 * after it, and its browser is in that sandbox: it brings the cookie that says so, to the mock and to any app on localhost.
 */

export { expect } from '@playwright/test'
export type { ServerOfTests } from './sandbox-per-test.ts'

export interface OryMockFixtures {
  /** The sandbox of the test. */
  readonly mock: OryMock
}

export interface OryMockWorkerFixtures {
  /**
   * Which server: `use: { oryMock: { url: 'http://localhost:4000' } }` in `playwright.config.ts`. Without `url`, and
   * without `ORY_MOCK_URL` in the environment, each worker starts its own, with these options.
   */
  readonly oryMock: ServerOfTests
  /** The server, for what goes beyond one sandbox. */
  readonly oryMockServer: OryMock
}

type Test = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & OryMockFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & OryMockWorkerFixtures
>

/** Playwright's `test` with `mock`: `test('…', async ({ page, mock }) => { … })`. For tests only. */
export const test: Test = playwrightTest.extend<OryMockFixtures, OryMockWorkerFixtures>({
  oryMock: [{}, { scope: 'worker', option: true }],
  oryMockServer: [
    async ({ oryMock }, use) => {
      const server = await serverOfTests(oryMock)
      await use(server)
      await server.close()
    },
    { scope: 'worker' },
  ],
  mock: ({ oryMockServer }, use, testInfo) =>
    inSandbox(
      oryMockServer,
      { title: testInfo.title, id: testInfo.testId },
      {
        use,
        failed: () => testInfo.status !== testInfo.expectedStatus,
        attach: async (_, journal) => {
          const asJson = JSON.stringify(journal, null, 2)
          await testInfo.attach('ory-mock', { contentType: 'text/plain', body: journalText(journal) })
          await testInfo.attach('ory-mock.json', { contentType: 'application/json', body: asJson })
        },
      },
    ),
  context: async ({ context, mock, oryMockServer }, use) => {
    const name = mock.url.slice(mock.url.lastIndexOf('~') + 1)
    await context.addCookies([{ name: SANDBOX_COOKIE, value: name, url: oryMockServer.url }])
    await use(context)
  },
})
