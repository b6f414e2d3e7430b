import { createHash } from 'node:crypto'
import { ControlRequestError } from './control-client.ts'
import { connectOryMock, createOryMock, type OryMockOptions } from './create-ory-mock.ts'
import type { OryMock } from './ory-mock.ts'
import type { RecordedExchange } from './types.ts'

/** Which server the tests of a worker use: one of their own that starts so, or one that runs already. */
export type ServerOfTests = (OryMockOptions & { readonly url?: undefined }) | { readonly url: string }

/** Names a server that runs already, for those that name none. */
const URL_VARIABLE = 'ORY_MOCK_URL'

/**
 * The server of a worker: the one at `url`, or at `ORY_MOCK_URL`, or a new one.
 * @throws ControlRequestError when there is none at that address
 * @throws TypeError when it says how to start a server that runs already
 */
export async function serverOfTests(options: ServerOfTests): Promise<OryMock> {
  if (options.url === undefined && !process.env[URL_VARIABLE]) return createOryMock(options)
  const url = options.url ?? process.env[URL_VARIABLE] ?? ''
  const said = Object.keys(options).filter((key) => key !== 'url')
  if (said.length > 0) {
    throw new TypeError(
      `The mock server at ${url} runs already, so that ${said.join(', ')} cannot be chosen here: start that server with ` +
        `it ("ory-mock --help" lists the options), or leave out ${options.url !== undefined ? '"url"' : URL_VARIABLE}.`,
    )
  }
  const server = connectOryMock(url)
  await server.sandboxes()
  return server
}

/** A test, as its runner knows it. */
export interface NamedTest {
  readonly title: string
  /** The same in every run, and no other test's. */
  readonly id: string
}

/** Names a sandbox so that people recognise the test, and each run of the test finds the same ids by a seed. */
function sandboxName({ title, id }: NamedTest): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  const digest = createHash('sha256').update(`${title}\n${id}`).digest('hex').slice(0, 8)
  return words === '' ? digest : `${words}-${digest}`
}

/** What a runner does with the sandbox of a test. */
export interface UseOfSandbox {
  /** Runs the test. */
  readonly use: (sandbox: OryMock) => Promise<void>
  /** Whether the test failed. */
  readonly failed: () => boolean
  /** Shows the journal of a test that failed. */
  readonly attach: (name: string, journal: readonly RecordedExchange[]) => void | Promise<void>
}

/** Gives a test its sandbox, and disposes of it; one that a killed run left behind is made anew. */
export async function inSandbox(
  server: OryMock,
  test: NamedTest,
  { use, failed, attach }: UseOfSandbox,
): Promise<void> {
  const name = sandboxName(test)
  const sandbox = server.sandbox(name)
  await disposeOf(sandbox)
  await use(sandbox)
  if (failed()) await attach(name, await sandbox.journal.entries())
  await disposeOf(sandbox)
}

/** Disposes of a sandbox, also one that was never used. */
async function disposeOf(sandbox: OryMock): Promise<void> {
  await sandbox.close().catch((error: unknown) => {
    if (!(error instanceof ControlRequestError && error.status === 404)) throw error
  })
}
