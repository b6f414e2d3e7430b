import { demoConfig } from './config/demo.ts'
import { resolveSettings } from './config/resolve.ts'
import { createContract, type Dialect } from './contract/contract.ts'
import type { JsonObject } from './json.ts'
import { baseHostsOf, type Mock, type RequestPolicy } from './mock.ts'
import { operations } from './operations.ts'
import { type ProjectWorld, Sandboxes } from './simulation/sandboxes.ts'
import type { Start } from './simulation/start.ts'
import { Clock, type Millis } from './state/clock.ts'
import { World } from './state/world.ts'
import { Journals } from './verdict/journals.ts'

/** What a server is made of; everything has a default. */
export interface MockOptions {
  /** kratos.yml and keto.yml keys; by default the built-in project `demo`. */
  readonly config?: JsonObject
  /** What the project of that configuration is called; `demo` is the built-in one's name. */
  readonly project?: string
  readonly dialect?: Dialect
  readonly requests?: RequestPolicy
  /** `off`, `any` or a token. */
  readonly auth?: string
  /** The same ids and codes for the same requests. */
  readonly seed?: string
  /** Worlds start here, and their clocks stand still. */
  readonly clock?: Millis
  readonly strictSandboxes?: boolean
  readonly maxSandboxes?: number
  readonly sandboxTtl?: Millis
  readonly allowedHosts?: readonly string[]
  /** `X-Forwarded-Host`, `-Proto`, `-Port` and `-Prefix` of a proxy in front count. */
  readonly trustProxy?: boolean
  /** Of a request body, in bytes. */
  readonly maxBody?: number
  /** How many exchanges each sandbox's journal keeps; with 0 and no file of the journal none is recorded. */
  readonly journalSize?: number
  /** How much memory all journals take together, in bytes. */
  readonly journalBytes?: number
  /** `false`: identifiers such as `SWITCH-NAME@mock.test` are like any other. */
  readonly magic?: boolean
  readonly maxSnapshots?: number
  /** What worlds are filled from (prepareStart); by default nothing. */
  readonly start?: Start
  readonly onNewSandbox?: (name: string) => void
  readonly onFailure?: (error: unknown, what: string) => void
  readonly onExchange?: (line: string) => void
}

const HOUR: Millis = 3_600_000

/** Makes the server's parts and its default world. It opens no port. */
export function createMock(options: MockOptions = {}): Mock {
  const dialect = options.dialect ?? 'spec'
  const config = options.config ?? demoConfig()
  const settings = resolveSettings(config)
  const start = options.start ?? { config, fixture: {} }
  const projectName = options.project ?? (options.config === undefined ? 'demo' : 'configured')
  const makeWorld = (name: string): World => {
    const clock = new Clock(options.clock)
    return new World({ name, projectName, config, settings, clock, seed: options.seed })
  }
  const makeProjectWorld = (name: string, { maker, config, settings }: ProjectWorld): World => {
    const world = new World({ name, config, settings, seed: options.seed })
    world.clock.restore(maker.clock.snapshot())
    return world
  }
  const journals = new Journals({ size: options.journalSize ?? 1_000, bytes: options.journalBytes ?? 33_554_432 })
  return {
    contract: createContract({ dialect }),
    operations,
    start,
    settings,
    sandboxes: new Sandboxes({
      makeWorld,
      start,
      makeProjectWorld,
      strict: options.strictSandboxes ?? false,
      max: options.maxSandboxes ?? 10_000,
      ttl: options.sandboxTtl ?? HOUR,
      journals,
      maxSnapshots: options.maxSnapshots ?? 100,
      onNew: options.onNewSandbox ?? (() => undefined),
    }),
    journals,
    requests: options.requests ?? (dialect === 'spec' ? 'enforce' : 'report'),
    auth: options.auth ?? (dialect === 'spec' ? 'any' : 'off'),
    allowedHosts: new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase())),
    baseHosts: baseHostsOf(settings),
    trustProxy: options.trustProxy ?? false,
    limits: { body: options.maxBody ?? 1_048_576 },
    magic: options.magic ?? true,
    data: undefined,
    ports: {},
    onFailure: options.onFailure ?? (() => undefined),
    onExchange: options.onExchange,
  }
}
