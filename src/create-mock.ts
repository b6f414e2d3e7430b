import { type Bounds, chosenBounds, USUAL_BOUNDS } from './bounds.ts'
import { demoConfig } from './config/demo.ts'
import { resolveSettings } from './config/resolve.ts'
import { createContract, type Dialect } from './contract/contract.ts'
import type { JsonObject } from './json.ts'
import { baseHostsOf, type Mock, type RequestPolicy } from './mock.ts'
import { operations } from './operations.ts'
import { type ProjectWorld, Sandboxes } from './simulation/sandboxes.ts'
import type { Start } from './simulation/start.ts'
import { Clock, type Millis } from './state/clock.ts'
import { type Limits, World } from './state/world.ts'
import { Journals } from './verdict/journals.ts'

/** What a server is made of; everything has a default. */
export interface MockOptions extends Partial<Bounds> {
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
  readonly sandboxTtl?: Millis
  readonly allowedHosts?: readonly string[]
  /** `X-Forwarded-Host`, `-Proto`, `-Port` and `-Prefix` of a proxy in front count. */
  readonly trustProxy?: boolean
  /** `false`: identifiers such as `SWITCH-NAME@mock.test` are like any other. */
  readonly magic?: boolean
  /** What worlds are filled from (prepareStart); by default nothing. */
  readonly start?: Start
  readonly onNewSandbox?: (name: string) => void
  /** Told in one sentence, once for each sandbox and kind, that the oldest flows, mails or errors are forgotten. */
  readonly onFull?: (notice: string) => void
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
  const bounds = { ...USUAL_BOUNDS, ...chosenBounds(options) }
  const { seed } = options
  const limits = { flows: bounds.maxFlows, mails: bounds.maxMails, errors: bounds.maxErrors }
  const bounded = (name: string) => ({
    limits,
    onFull: (kind: keyof Limits, limit: number) => options.onFull?.(fullNotice(name, kind, limit)),
  })
  const makeWorld = (name: string): World => {
    const clock = new Clock(options.clock)
    return new World({ name, projectName, config, settings, clock, seed, ...bounded(name) })
  }
  const makeProjectWorld = (name: string, { maker, config, settings }: ProjectWorld): World => {
    const world = new World({ name, config, settings, seed, ...bounded(name) })
    world.clock.restore(maker.clock.snapshot())
    return world
  }
  const journals = new Journals({ size: bounds.journalSize, bytes: bounds.journalBytes })
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
      max: bounds.maxSandboxes,
      ttl: options.sandboxTtl ?? HOUR,
      journals,
      maxSnapshots: bounds.maxSnapshots,
      onNew: options.onNewSandbox ?? (() => undefined),
    }),
    journals,
    requests: options.requests ?? (dialect === 'spec' ? 'enforce' : 'report'),
    auth: options.auth ?? (dialect === 'spec' ? 'any' : 'off'),
    allowedHosts: new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase())),
    baseHosts: baseHostsOf(settings),
    trustProxy: options.trustProxy ?? false,
    limits: { body: bounds.maxBody, headers: bounds.maxHeaders },
    magic: options.magic ?? true,
    data: undefined,
    ports: {},
    onFailure: options.onFailure ?? (() => undefined),
    onExchange: options.onExchange,
  }
}

const fullNotice = (name: string, kind: keyof Limits, limit: number): string =>
  `Sandbox "${name}" has more than ${limit} ${kind}: the oldest are forgotten. --max-${kind} allows more.`
