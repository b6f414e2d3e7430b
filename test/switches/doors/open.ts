import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import supertest from 'supertest'
import { createApp } from '../../../src/app.ts'
import { demoConfig } from '../../../src/config/demo.ts'
import { mergeConfig } from '../../../src/config/merge.ts'
import { createOryMock } from '../../../src/index.ts'
import type { Json } from '../../../src/json.ts'
import type { SwitchRequest } from '../../../src/state/thrown-switch.ts'
import { HOST } from '../../support/people.ts'
import { makeMock, type RunningOptions } from '../../support/running-mock.ts'
import type { Ask, Asked, Seen } from './rows.ts'

/* The doors behind which any switch can stand: a server each, with the switch thrown. */

/** A server with a switch behind a door. */
export interface Opened {
  readonly ask: Ask
  /** What a request needs in its headers to go through the door. */
  readonly carry: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

export interface DoorUnderTest {
  readonly door: string
  readonly open: (...switches: readonly SwitchRequest[]) => Promise<Opened>
}

const DONE = (): Promise<void> => Promise.resolve()

/** Asks a server of this process that listens nowhere. */
export function asking(app: Express): Ask {
  return async ({ method, path, headers = {}, json }: Asked): Promise<Seen> => {
    const verb = method.toLowerCase() as 'get' | 'post' | 'delete' | 'patch'
    const request = supertest(app)
      [verb](path)
      .set({ Host: HOST, Accept: 'application/json', ...headers })
    // bodies off the contract are read as they come
    request.buffer(true).parse((response, done) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => done(null, text))
    })
    if (json !== undefined) request.set('Content-Type', 'application/json').send(JSON.stringify(json))
    const { status, headers: received, body } = await request
    return { status, headers: received, text: String(body) }
  }
}

/** Asks a server that listens. */
export const fetching =
  (url: string): Ask =>
  async ({ method, path, headers = {}, json }) => {
    const type: Record<string, string> = json === undefined ? {} : { 'Content-Type': 'application/json' }
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: { Accept: 'application/json', ...type, ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
    return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() }
  }

async function inProcess(options: RunningOptions, carry: Opened['carry'] = {}): Promise<Opened> {
  const { mock } = await makeMock({ fixture: 'team', auth: 'off', ...options })
  return { ask: asking(createApp(mock)), carry, close: DONE }
}

/** A scenario with these switches, in a file. */
export async function withScenario<T>(switches: readonly unknown[], use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
  try {
    const file = join(folder, 'thrown.json')
    const step = { request: { method: 'GET', path: '/health/alive' }, expect: { status: 200 } }
    const scenario = { title: 'Thrown', story: 'Switches.\nFrom the start.\nFor everyone.', switches, steps: [step] }
    writeFileSync(file, JSON.stringify(scenario, null, 2))
    return await use(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `name;operation=…;times=…`, as header and cookie have it. */
export function textOf({ name, parameters = {}, ...rest }: SwitchRequest): string {
  return [name, ...Object.entries({ ...rest, ...parameters }).map(([key, value]) => `${key}=${value}`)].join(';')
}

/** A configuration with these switches. */
export const withSwitches = (switches: readonly unknown[]) =>
  mergeConfig(demoConfig(), { mock: { switches: switches as readonly Json[] } })

export const DOORS_UNDER_TEST: readonly DoorUnderTest[] = [
  {
    door: 'scenario',
    open: (...switches) => withScenario(switches, (scenario) => inProcess({ scenario })),
  },
  { door: 'configuration', open: (...switches) => inProcess({ config: withSwitches(switches) }) },
  {
    door: 'control API',
    open: async (...switches) => {
      const opened = await inProcess({})
      for (const json of switches) await opened.ask({ method: 'POST', path: '/__mock/switches', json })
      return opened
    },
  },
  {
    door: 'test API',
    open: async (...switches) => {
      const mock = await createOryMock({ fixture: 'team', auth: 'off' })
      for (const each of switches) await mock.throw(each as Parameters<typeof mock.throw>[0])
      return { ask: fetching(mock.url), carry: {}, close: () => mock.close() }
    },
  },
  {
    door: 'header X-Mock-Switch',
    open: (...switches) => inProcess({}, { 'X-Mock-Switch': switches.map(textOf).join(', ') }),
  },
  {
    door: 'cookie mock_switch',
    open: (...switches) =>
      inProcess({}, { Cookie: `mock_switch=${encodeURIComponent(switches.map(textOf).join(','))}` }),
  },
]
