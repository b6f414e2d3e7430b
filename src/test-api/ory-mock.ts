import type { JsonObject } from '../json.ts'
import { ControlClient } from './control-client.ts'
import type {
  BuiltInScenario,
  ClockReading,
  CreatedSession,
  Duration,
  RecordedExchange,
  SessionRequest,
} from './types.ts'

/** A sandbox of a mock server, as a test uses it: the verbs of the control API. */
export class OryMock {
  readonly #control: ControlClient
  readonly #root: string
  readonly #end: () => Promise<void>
  /** The time of the sandbox. */
  readonly clock: MockClock
  /** What was called and answered. */
  readonly journal: MockJournal

  constructor(root: string, url: string, end: () => Promise<void>) {
    this.#control = new ControlClient(url)
    this.#root = root
    this.#end = end
    this.clock = new MockClock(this.#control)
    this.journal = new MockJournal(this.#control)
  }

  /** The base URL for an SDK: `http://localhost:PORT`, with the sandbox's prefix when it is not the default one. */
  get url(): string {
    return this.#control.url
  }

  /** Another sandbox of the same server; made when it is first used. */
  sandbox(name: string): OryMock {
    const end = (): Promise<void> =>
      new ControlClient(this.#root).send('DELETE', `/sandboxes/${encodeURIComponent(name)}`)
    return new OryMock(this.#root, `${this.#root}/~${encodeURIComponent(name)}`, end)
  }

  /** A session without a UI. */
  session(request: SessionRequest): Promise<CreatedSession> {
    return this.#control.send('POST', '/sessions', request)
  }

  /** Back to the fixture and scenario of the start. */
  reset(): Promise<void> {
    return this.#control.send('POST', '/reset', {})
  }

  /** The world as JSON. */
  state(): Promise<JsonObject> {
    return this.#control.get('/state')
  }

  setState(state: JsonObject): Promise<void> {
    return this.#control.send('PUT', '/state', state)
  }

  /** Starts the sandbox anew in a scenario; null for none. */
  scenario(name: BuiltInScenario | (string & {}) | null): Promise<{ readonly name: string | null }> {
    return this.#control.send('PUT', '/scenario', { name })
  }

  /** Changes the project while it runs: a merge patch of the kratos.yml keys. Answers the whole configuration. */
  config(patch: JsonObject): Promise<JsonObject> {
    return this.#control.send('PATCH', '/config', patch)
  }

  /** Ends the server, or this sandbox of it. */
  close(): Promise<void> {
    return this.#end()
  }
}

/** The clock of a sandbox: flows, sessions and cookies expire by it. */
export class MockClock {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  read(): Promise<ClockReading> {
    return this.#control.get('/clock')
  }

  advance(by: Duration): Promise<ClockReading> {
    return this.#control.send('POST', '/clock/advance', { by })
  }

  set(now: Date | string): Promise<ClockReading> {
    return this.#control.send('PUT', '/clock', { now: now instanceof Date ? now.toISOString() : now })
  }

  freeze(): Promise<ClockReading> {
    return this.#control.send('PUT', '/clock', { frozen: true })
  }

  unfreeze(): Promise<ClockReading> {
    return this.#control.send('PUT', '/clock', { frozen: false })
  }
}

/** The journal of a sandbox. */
export class MockJournal {
  readonly #control: ControlClient

  constructor(control: ControlClient) {
    this.#control = control
  }

  /** Oldest first. */
  entries(): Promise<readonly RecordedExchange[]> {
    return this.#control.get('/journal')
  }

  clear(): Promise<void> {
    return this.#control.send('DELETE', '/journal')
  }
}
