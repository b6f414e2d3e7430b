import { createApp } from '../app.ts'
import { type Bounds, chosenBounds } from '../bounds.ts'
import { appConfig, demoConfig } from '../config/demo.ts'
import { mergeConfig } from '../config/merge.ts'
import { createMock, type MockOptions } from '../create-mock.ts'
import { listen } from '../http/listen.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Fixture } from '../simulation/fixture.ts'
import { readFixture } from '../simulation/load-fixture.ts'
import { prepareStart } from '../simulation/start.ts'
import { OryMock } from './ory-mock.ts'
import type { FixtureSource, ScenarioSource } from './types.ts'

/** How a mock in a test starts; everything has a default. */
export interface OryMockOptions extends Partial<Bounds> {
  /** What the world holds; by default nothing. */
  readonly fixture?: FixtureSource
  /** A situation to start in. */
  readonly scenario?: ScenarioSource
  /** kratos.yml and keto.yml keys; by default the built-in project `demo`. */
  readonly config?: JsonObject
  /** The address of the app under test: pages and return addresses are then its, and CORS is for it alone. */
  readonly app?: string
  /** Where the clock stands still. */
  readonly clock?: Date | string
  /** The same ids and codes for the same requests. */
  readonly seed?: string
  readonly dialect?: 'spec' | 'wire'
  readonly requests?: 'enforce' | 'report'
  /** `off`, `any` or a token. */
  readonly auth?: string
  /** Host names that are answered beside loopback. */
  readonly allowedHosts?: readonly string[]
  /** `X-Forwarded-Host`, `-Proto`, `-Port` and `-Prefix` of a proxy in front count. */
  readonly trustProxy?: boolean
  /** By default a free one. */
  readonly port?: number
}

/**
 * Starts a mock server in this process, on loopback.
 * @throws ProblemError when configuration, fixture or scenario cannot be used; CannotListen when the port is taken
 */
export async function createOryMock(options: OryMockOptions = {}): Promise<OryMock> {
  const config = configOf(options)
  const clock = options.clock === undefined ? undefined : new Date(options.clock).getTime()
  if (Number.isNaN(clock)) throw new RangeError(`clock: "${String(options.clock)}" is no time.`)
  const start = await prepareStart({
    config,
    fixture: fixtureOf(options.fixture),
    scenario: scenarioOf(options.scenario),
    clock,
  })
  const { dialect, requests, auth, seed, allowedHosts, trustProxy } = options
  const chosen: MockOptions = {
    config,
    start,
    ...(dialect === undefined ? {} : { dialect }),
    ...(requests === undefined ? {} : { requests }),
    ...(auth === undefined ? {} : { auth }),
    ...(seed === undefined ? {} : { seed }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
    ...chosenBounds(options),
    onFull: (notice) => process.emitWarning(notice),
    onFailure: (error, what) => process.emitWarning(`ory-mock failed on ${what}: ${String(error)}`),
  }
  const mock = createMock(chosen)
  const { port, close } = await listen(createApp(mock), options.port ?? 0, { maxHeaders: mock.limits.headers })
  const url = `http://localhost:${port}`
  return new OryMock({ root: url, url, end: close })
}

/** The same for a server in another process; closing it leaves the server alone. */
export function connectOryMock(url: string): OryMock {
  const root = url.replace(/\/+$/, '')
  return new OryMock({ root: root.replace(/\/~[^/]*$/, ''), url: root, end: () => Promise.resolve() })
}

function configOf({ config, app }: OryMockOptions): JsonObject {
  if (config === undefined) return demoConfig({ app })
  return app === undefined ? config : mergeConfig(config, appConfig(app))
}

function fixtureOf(source: FixtureSource | undefined): string | Fixture | undefined {
  if (source === undefined || typeof source === 'string') return source
  return 'file' in source ? source.file : readFixture(source as unknown as Json)
}

function scenarioOf(source: ScenarioSource | undefined): string | undefined {
  return typeof source === 'object' ? source.file : source
}
