import { type TestAPI, test as vitestTest } from 'vitest'
import { journalText } from './journal-text.ts'
import type { OryMock } from './ory-mock.ts'
import { inSandbox, type ServerOfTests, serverOfTests } from './sandbox-per-test.ts'
import type { RecordedExchange } from './types.ts'

/**
 * ory-mock for Vitest: `import { test } from 'ory-mock/vitest'`. Each test that asks for `mock` has a sandbox of its own,
 * named after it; the journal of a test that failed is printed, and stands in the meta data of the task. For tests only.
 */

export type { ServerOfTests } from './sandbox-per-test.ts'

export interface OryMockFixtures {
  /** The sandbox of the test. */
  readonly mock: OryMock
  /** How the server of the worker starts, or which one it is. */
  readonly oryMock: ServerOfTests
  /** The server of the worker, for what goes beyond one sandbox. */
  readonly oryMockServer: OryMock
}

declare module 'vitest' {
  interface ProvidedContext {
    /** How the mock servers of all tests start, or which one it is. */
    oryMock: ServerOfTests
  }
  interface TaskMeta {
    /** What Ory was asked in a test that failed. */
    oryMock?: { readonly sandbox: string; readonly journal: readonly RecordedExchange[] }
  }
}

/**
 * A `test` whose server starts otherwise: `const test = oryMockTest({ fixture: 'team' })`. Each worker has a server, unless
 * `url`, or `ORY_MOCK_URL` in the environment, names one that runs already. What `provide: { oryMock: … }` says in the
 * configuration of Vitest counts instead.
 */
export function oryMockTest(options: ServerOfTests = {}): TestAPI<OryMockFixtures> {
  return vitestTest.extend<OryMockFixtures>({
    oryMock: [options, { scope: 'worker', injected: true }],
    oryMockServer: [
      async ({ oryMock }, use) => {
        const server = await serverOfTests(oryMock)
        await use(server)
        await server.close()
      },
      { scope: 'worker' },
    ],
    mock: ({ oryMockServer, task }, use) =>
      inSandbox(
        oryMockServer,
        { title: task.name, id: task.id },
        {
          use,
          failed: () => task.result?.state === 'fail' && !task.fails,
          attach: (sandbox, journal) => {
            task.meta.oryMock = { sandbox, journal }
            console.error(`What Ory was asked in this test (sandbox ${sandbox}):\n${journalText(journal)}`)
          },
        },
      ),
  })
}

/** Vitest's `test` with `mock`: `test('…', async ({ mock }) => { … })`. */
export const test: TestAPI<OryMockFixtures> = oryMockTest()

/** The same under its other name. */
export const it: TestAPI<OryMockFixtures> = test
