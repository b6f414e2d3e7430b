import type { Duration } from '../config/duration.ts'
import type { JsonObject } from '../json.ts'
import type { Fixture } from '../simulation/fixture.ts'
import { ControlClient } from './control-client.ts'
import { MockCoverage } from './mock-coverage.ts'
import { type Exactly, type MadeIdentity, MockIdentity, SOME_SECRET } from './mock-identity.ts'
import { MockJournal } from './mock-journal.ts'
import { MockMail } from './mock-mail.ts'
import { MockSnapshots } from './mock-snapshots.ts'
import { MockSwitches } from './mock-switches.ts'
import type { SwitchRequest, ThrownSwitch } from './switch-types.ts'
import type {
  ClockReading,
  CreatedSession,
  IdentityBody,
  IdentityRequest,
  ProviderAnswer,
  SandboxSummary,
  ScenarioName,
  ScenarioSummary,
  SessionRequest,
  SnapshotSummary,
  TupleObject,
  TupleText,
} from './types.ts'

/** Which server, and which of its sandboxes. */
export interface Connection {
  /** Where the server is, without a trailing slash. */
  readonly root: string
  /** Where the sandbox is. */
  readonly url: string
  /** What `close` does. */
  readonly end: () => Promise<void>
}

/** The snapshot that has no name. */
const UNNAMED = 'unnamed'

/** A sandbox of a mock server, as a test uses it: the verbs of the control API. */
export class OryMock {
  readonly #control: ControlClient
  readonly #connection: Connection
  /** The time of the sandbox. */
  readonly clock: MockClock
  /** What was called and answered. */
  readonly journal: MockJournal
  /** What of the contract was exercised, and what never. */
  readonly coverage: MockCoverage
  readonly mail: MockMail
  /** What the sandbox held, by name. */
  readonly snapshots: MockSnapshots
  /** Error and edge states by name: see also `throw`. */
  readonly switches: MockSwitches

  constructor(connection: Connection) {
    this.#connection = connection
    this.#control = new ControlClient(connection.url)
    this.clock = new MockClock(this.#control)
    this.journal = new MockJournal(this.#control)
    this.coverage = new MockCoverage(this.#control)
    this.mail = new MockMail(this.#control)
    this.snapshots = new MockSnapshots(this.#control)
    this.switches = new MockSwitches(this.#control)
  }

  /** The base URL for an SDK: `http://localhost:PORT`, with the sandbox's prefix when it is not the default one. */
  get url(): string {
    return this.#connection.url
  }

  /** Another sandbox of the same server; made when it is first used. Closing it disposes of it. */
  sandbox(name: string): OryMock {
    const { root } = this.#connection
    const path = encodeURIComponent(name)
    const end = (): Promise<void> => new ControlClient(root).send('DELETE', `/sandboxes/${path}`)
    return new OryMock({ root, url: `${root}/~${path}`, end })
  }

  /** Where a browser is sent to stay in this sandbox from then on, by a cookie, and to go on to `returnTo`. */
  enterUrl(returnTo?: string): string {
    const { root, url } = this.#connection
    const name = url === root ? 'default' : url.slice(url.lastIndexOf('~') + 1)
    return `${root}/__mock/enter/${name}${returnTo === undefined ? '' : `?${new URLSearchParams({ return_to: returnTo })}`}`
  }

  /** All sandboxes of the server. */
  sandboxes(): Promise<readonly SandboxSummary[]> {
    return this.#control.get('/sandboxes')
  }

  /** Makes somebody: `await mock.identity({ email: 'ada@example.com', password: '…', totp: true })`. */
  async identity<const Said extends IdentityRequest>(said: Exactly<Said>): Promise<MadeIdentity<Said>> {
    const request: IdentityRequest = said
    const { totp, email, username, password } = request
    const secret = totp === true ? SOME_SECRET : totp
    const body = await this.#control.send<IdentityBody>('POST', '/identities', {
      ...request,
      ...(secret === undefined ? {} : { totp: secret }),
    })
    const made = new MockIdentity(body, secret, {
      session: (identity, options) => this.session({ identity, ...options }),
      readClock: () => this.clock.read(),
    })
    const remembered = { email, username, password }
    const given = Object.entries(remembered).filter(([, value]) => value !== undefined)
    return Object.assign(made, Object.fromEntries(given)) as unknown as MadeIdentity<Said>
  }

  /** Signs somebody in, without a UI. */
  async session(request: SessionRequest): Promise<CreatedSession> {
    const made = await this.#control.send<Omit<CreatedSession, 'cookieHeader' | 'browserCookie'>>(
      'POST',
      '/sessions',
      request,
    )
    const [cookieHeader = ''] = made.cookie.split(';')
    const at = cookieHeader.indexOf('=')
    const { origin } = new URL(this.#connection.root)
    const browserCookie = { name: cookieHeader.slice(0, at), value: cookieHeader.slice(at + 1), url: origin }
    return { ...made, cookieHeader, browserCookie }
  }

  /** Adds relation tuples, all of them or none: `await mock.tuple('files:report#view@ada')`. */
  tuple(...tuples: readonly (TupleText | TupleObject)[]): Promise<void> {
    return this.#control.send('POST', '/relation-tuples', tuples)
  }

  /** Keeps what the sandbox holds; without a name, in place of the last one without a name. */
  snapshot(name: string = UNNAMED): Promise<SnapshotSummary> {
    return this.snapshots.take(name)
  }

  /** Puts the sandbox back to what it held at that snapshot. */
  restore(snapshot: string | SnapshotSummary = UNNAMED): Promise<SnapshotSummary> {
    return this.snapshots.restore(typeof snapshot === 'string' ? snapshot : snapshot.name)
  }

  /** Back to the fixture and scenario of the start. */
  reset(): Promise<void> {
    return this.#control.send('POST', '/reset')
  }

  /** The world as JSON. */
  state(): Promise<Fixture> {
    return this.#control.get('/state')
  }

  /** Replaces the world. */
  setState(state: Fixture): Promise<void> {
    return this.#control.send('PUT', '/state', state)
  }

  /** The scenario that the sandbox is in. Given one, starts the sandbox anew in it; null for none. */
  scenario(scenario?: ScenarioName | null): Promise<{ readonly name: string | null; readonly title?: string }> {
    if (scenario === undefined) return this.#control.get('/scenario')
    const name = typeof scenario === 'object' && scenario !== null ? scenario.name : scenario
    return this.#control.send('PUT', '/scenario', { name })
  }

  /** The scenarios that can be chosen. */
  scenarios(): Promise<readonly ScenarioSummary[]> {
    return this.#control.get('/scenarios')
  }

  /**
   * Throws a switch: `await mock.throw('aal2-required')`, or narrowed,
   * `await mock.throw({ name: 'internal-error', operation: 'toSession', times: 1 })`.
   * @returns what is thrown, for `mock.switches.clear`
   */
  throw(request: SwitchRequest['name'] | SwitchRequest): Promise<ThrownSwitch> {
    return this.switches.throw(request)
  }

  /**
   * The configuration: kratos.yml and keto.yml keys. Given a merge patch, changes the project while it runs.
   * @returns the whole configuration
   */
  config(patch?: JsonObject): Promise<JsonObject> {
    return patch === undefined ? this.#control.get('/config') : this.#control.send('PATCH', '/config', patch)
  }

  /** What a social provider answers from now on, instead of showing its page; null shows the page again. */
  socialSignIn(provider: string, answer: ProviderAnswer | null): Promise<void> {
    return this.#control.send('PUT', `/oidc/${encodeURIComponent(provider)}/next`, answer)
  }

  /** The contract as it is checked; `published` is the document as Ory published it. */
  contract(which: 'effective' | 'published' = 'effective'): Promise<JsonObject> {
    return this.#control.get(which === 'published' ? '/openapi.json?published' : '/openapi.json')
  }

  /** Ends the server, or disposes of this sandbox of it. */
  close(): Promise<void> {
    return this.#connection.end()
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
    return this.#control.send('PUT', '/clock', { now: isoOf(now) })
  }

  /** Stops it, where it is or at that time. */
  freeze(at?: Date | string): Promise<ClockReading> {
    return this.#control.send('PUT', '/clock', { frozen: true, ...(at === undefined ? {} : { now: isoOf(at) }) })
  }

  unfreeze(): Promise<ClockReading> {
    return this.#control.send('PUT', '/clock', { frozen: false })
  }
}

const isoOf = (at: Date | string): string => (at instanceof Date ? at.toISOString() : at)
