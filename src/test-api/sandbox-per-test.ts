import { createHash } from 'node:crypto'
import { ControlRequestError } from './control-client.ts'
import { connectOryMock, createOryMock, type OryMockOptions } from './create-ory-mock.ts'
import type { OryMock } from './ory-mock.ts'

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
export function sandboxName({ title, id }: NamedTest): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replaceAll(/^-+|-+$/g, '')
  const digest = createHash('sha256').update(`${title}\n${id}`).digest('hex').slice(0, 8)
  return words === '' ? digest : `${words}-${digest}`
}

/** A new sandbox of that name; one that a killed run left behind is disposed of. */
export async function freshSandbox(server: OryMock, name: string): Promise<OryMock> {
  const sandbox = server.sandbox(name)
  await disposeOf(sandbox)
  return sandbox
}

/** Disposes of a sandbox, also one that was never used. */
export async function disposeOf(sandbox: OryMock): Promise<void> {
  await sandbox.close().catch((error: unknown) => {
    if (!(error instanceof ControlRequestError && error.status === 404)) throw error
  })
}
