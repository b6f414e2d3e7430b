import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Express } from 'express'
import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { createMock, type MockOptions } from '../../src/create-mock.ts'
import { type Listening, listen } from '../../src/http/listen.ts'
import type { Mock } from '../../src/mock.ts'
import { createMailApp } from '../../src/simulation/mail-app.ts'
import { prepareStart, type StartOptions } from '../../src/simulation/start.ts'
import type { World } from '../../src/state/world.ts'

/** The instant at which the clocks of tests stand still. */
export const START = Date.parse('2022-07-27T12:00:00Z')

export type RunningOptions = Omit<MockOptions, 'start'> & Pick<StartOptions, 'fixture' | 'scenario'>

/** A server of this process, and what it said of itself. */
export interface RunningMock {
  readonly mock: Mock
  /** Of the default sandbox. */
  readonly world: () => World
  /** Failures of the server's own, one line each: a test that expects none asserts that it is empty. */
  readonly failures: string[]
  readonly close: () => Promise<void>
}

export interface OnePortMock extends RunningMock {
  readonly port: number
  readonly url: string
}

/** The ports of a server with an address for each API. */
export interface SelfHostedPorts {
  readonly public: number
  readonly admin: number
  readonly read: number
  readonly write: number
  readonly mail: number
}

export interface SelfHostedMock extends RunningMock {
  readonly ports: SelfHostedPorts
}

/** Every API on one free port, as `ory-mock` serves by default; ids from a seed, the clock frozen at START. */
export async function startOnePort(options: RunningOptions = {}): Promise<OnePortMock> {
  const { mock, failures } = await makeMock(options)
  const listening = await listen(createApp(mock), 0, { maxHeaders: mock.limits.headers })
  const { port } = listening
  return { ...running(mock, failures, [listening]), port, url: `http://127.0.0.1:${port}` }
}

/** The app on a server of Node's own, as supertest and other hosts of an Express app serve it. */
export async function startPlain(options: RunningOptions = {}): Promise<OnePortMock> {
  const { mock, failures } = await makeMock(options)
  const server = createServer(createApp(mock))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeIdleConnections())
  return { ...running(mock, failures, [{ port, close }]), port, url: `http://127.0.0.1:${port}` }
}

/** Each API on a free port of its own, as `ory-mock --self-hosted` serves; without bearer tokens. */
export async function startSelfHosted(options: RunningOptions = {}): Promise<SelfHostedMock> {
  const { mock, failures } = await makeMock({ auth: 'off', ...options })
  const open = (app: Express) => listen(app, 0)
  const [publicApi, admin, read, write, mail] = await Promise.all([
    open(createApp(mock, 'public')),
    open(createApp(mock, 'admin')),
    open(createApp(mock, 'read')),
    open(createApp(mock, 'write')),
    open(createMailApp(mock)),
  ])
  mock.ports = { public: publicApi.port, admin: admin.port }
  const ports = {
    public: publicApi.port,
    admin: admin.port,
    read: read.port,
    write: write.port,
    mail: mail.port,
  }
  return { ...running(mock, failures, [publicApi, admin, read, write, mail]), ports }
}

/** A mock that listens nowhere, for `supertest(createApp(mock))`. */
export async function makeMock({
  fixture,
  scenario,
  ...options
}: RunningOptions): Promise<{ mock: Mock; failures: string[] }> {
  const failures: string[] = []
  const config = options.config ?? demoConfig()
  const start = await prepareStart({ config, fixture, scenario })
  const mock = createMock({
    seed: 'test',
    clock: START,
    onFailure: (error, what) => failures.push(`${what}: ${error instanceof Error ? (error.stack ?? error) : error}`),
    ...options,
    config,
    start,
  })
  return { mock, failures }
}

const running = (mock: Mock, failures: string[], listening: readonly Listening[]): RunningMock => ({
  mock,
  failures,
  world: () => mock.sandboxes.enter('default').sandbox.world,
  close: async () => {
    await Promise.all(listening.map((one) => one.close()))
  },
})
