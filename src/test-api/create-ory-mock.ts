import { createApp } from '../app.ts'
import { demoConfig } from '../config/demo.ts'
import { ProblemError } from '../config/problem.ts'
import { createMock, type MockOptions } from '../create-mock.ts'
import { listen } from '../http/listen.ts'
import type { JsonObject } from '../json.ts'
import type { Fixture } from '../simulation/fixture.ts'
import { checkFixture, readFixture } from '../simulation/load-fixture.ts'
import { prepareStart } from '../simulation/start.ts'
import { OryMock } from './ory-mock.ts'
import type { BuiltInScenario, FixtureSource } from './types.ts'

/** How a mock in a test starts; everything has a default. */
export interface OryMockOptions {
  /** What the world holds; by default nothing. */
  readonly fixture?: FixtureSource
  /** A situation to start in: a built-in name or a file. */
  readonly scenario?: BuiltInScenario | (string & {})
  /** kratos.yml and keto.yml keys; by default the built-in project `demo`. */
  readonly config?: JsonObject
  /** Where the clock stands still. */
  readonly clock?: Date | string
  /** The same ids and codes for the same requests. */
  readonly seed?: string
  readonly dialect?: 'spec' | 'wire'
  readonly requests?: 'enforce' | 'report'
  /** `off`, `any` or a token. */
  readonly auth?: string
  /** By default a free one. */
  readonly port?: number
}

/**
 * Starts a mock server in this process, on loopback.
 * @throws ProblemError when configuration, fixture or scenario cannot be used; CannotListen when the port is taken
 */
export async function createOryMock(options: OryMockOptions = {}): Promise<OryMock> {
  const config = options.config ?? demoConfig()
  const clock = options.clock === undefined ? undefined : new Date(options.clock).getTime()
  if (Number.isNaN(clock)) throw new RangeError(`clock: "${String(options.clock)}" is no time.`)
  const start = await prepareStart({ config, fixture: fixtureOf(options.fixture), scenario: options.scenario, clock })
  const { dialect, requests, auth, seed } = options
  const chosen: MockOptions = {
    config,
    start,
    ...(dialect === undefined ? {} : { dialect }),
    ...(requests === undefined ? {} : { requests }),
    ...(auth === undefined ? {} : { auth }),
    ...(seed === undefined ? {} : { seed }),
    onFailure: (error, what) => process.emitWarning(`ory-mock failed on ${what}: ${String(error)}`),
  }
  const { port, close } = await listen(createApp(createMock(chosen)), options.port ?? 0)
  const url = `http://localhost:${port}`
  return new OryMock(url, url, close)
}

/** The same for a server in another process; closing it leaves the server alone. */
export function connectOryMock(url: string): OryMock {
  const root = url.replace(/\/+$/, '')
  return new OryMock(root.replace(/\/~[^/]*$/, ''), root, () => Promise.resolve())
}

function fixtureOf(source: FixtureSource | undefined): string | Fixture | undefined {
  if (source === undefined || typeof source === 'string') return source
  if (typeof source['file'] === 'string') return source['file']
  const problems = checkFixture(source as JsonObject)
  if (problems.length > 0) throw new ProblemError(problems)
  return readFixture(source as JsonObject)
}
