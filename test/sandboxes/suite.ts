import { expect } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import type { Random } from '../support/random.ts'
import type { Speaker } from './ways.ts'

/** Everybody uses the same names: only the sandbox tells them apart. */
const EMAILS = ['ann@example.org', 'bob@example.org', 'cleo@example.org', 'dan@example.org'] as const

const MINUTE = 60_000

/** Switches of different kinds, and what `GET /sessions/whoami` answers while one is thrown. */
const SWITCHES = [
  ['session-expired', 401],
  ['internal-error', 500],
  ['rate-limited', 429],
  ['gateway-502-html', 502],
] as const

interface Expected {
  /** Password by address. */
  readonly people: Map<string, string>
  readonly sessions: Map<string, string>
  now: number
  lifespan: number
  mails: number
  /** Keto keeps what is written twice twice. */
  readonly files: string[]
}

/**
 * The tests of somebody who believes to be alone: what they do to their sandbox stands in `expected`, and every answer is
 * compared with it.
 */
export class Suite {
  readonly #speaker: Speaker
  readonly #dice: Random
  readonly #number: number
  readonly #start: JsonObject
  #expected: Expected
  /** Requests since the journal was emptied. */
  #journalled = 0
  /** All that was given a number at random here. */
  readonly ids: string[] = []
  requests = 0

  constructor(speaker: Speaker, dice: Random, number: number) {
    this.#speaker = speaker
    this.#dice = dice
    this.#number = number
    this.#expected = this.#fresh()
    this.#start = {
      identities: [...this.#expected.people].map(([email, password]) => ({ email, password })),
      relation_tuples: [...this.#expected.files].map((file) => `files:${file}#view@ada`),
    }
  }

  /** As many people as no neighbour has, with passwords of their own, at a time of their own. */
  #fresh(): Expected {
    const count = this.#number % EMAILS.length
    return {
      people: new Map(EMAILS.slice(0, count).map((email) => [email, `of-suite-${this.#number}-${email}`])),
      sessions: new Map(),
      now: Date.UTC(2022, 0, 1 + this.#number),
      lifespan: 30 * MINUTE,
      mails: 0,
      files: [`start-${this.#number}`],
    }
  }

  /** Sends about so many requests. */
  async run(requests: number): Promise<void> {
    await this.#setUp()
    const steps = [
      this.#signsIn,
      this.#asksWho,
      this.#listsPeople,
      this.#addsSomebody,
      this.#movesTime,
      this.#throwsSwitch,
      this.#recovers,
      this.#configures,
      this.#writesTuple,
      this.#opensPage,
      this.#readsJournal,
      this.#resets,
    ] as const
    while (this.requests < requests) await this.#dice.pick(steps).call(this)
    await this.#listsPeople()
    await this.#readsJournal()
  }

  async #setUp(): Promise<void> {
    await this.#control('PUT', '/state', this.#start)
    await this.#setClock()
  }

  async #setClock(): Promise<void> {
    await this.#control('PUT', '/clock', { now: new Date(this.#expected.now).toISOString(), frozen: true })
  }

  async #signsIn(): Promise<void> {
    const email = this.#dice.pick(EMAILS)
    const flow = await this.#api('GET', '/self-service/login/api')
    const { status, json } = await this.#api('POST', `/self-service/login?flow=${pointed(flow.json, '/id')}`, {
      method: 'password',
      password_identifier: email,
      password: this.#expected.people.get(email) ?? `of-suite-${this.#number + 1}-${email}`,
    })
    expect(status).toBe(this.#expected.people.has(email) ? 200 : 400)
    if (status !== 200) return
    expect(pointed(json, '/session/identity/traits/email')).toBe(email)
    this.ids.push(String(pointed(json, '/session/id')))
    this.#expected.sessions.set(String(pointed(json, '/session_token')), email)
  }

  async #asksWho(): Promise<void> {
    const tokens = [...this.#expected.sessions]
    const [token, email] = tokens[this.#dice.below(tokens.length)] ?? ['nobody', undefined]
    const { status, json } = await this.#api('GET', '/sessions/whoami', undefined, { 'X-Session-Token': token })
    expect(status).toBe(email === undefined ? 401 : 200)
    expect(pointed(json, '/identity/traits/email')).toBe(email)
  }

  async #listsPeople(): Promise<void> {
    const { json } = await this.#api('GET', '/admin/identities')
    const listed = (Array.isArray(json) ? json : []).map((one) => pointed(one, '/traits/email'))
    expect(listed.sort()).toEqual([...this.#expected.people.keys()].sort())
  }

  async #addsSomebody(): Promise<void> {
    const email = this.#dice.pick(EMAILS)
    const password = `added-by-suite-${this.#number}`
    const { status, json } = await this.#api('POST', '/admin/identities', {
      schema_id: 'default',
      traits: { email, name: { first: 'Ann' } },
      credentials: { password: { config: { password } } },
    })
    expect(status).toBe(this.#expected.people.has(email) ? 409 : 201)
    if (status !== 201) return
    this.ids.push(String(pointed(json, '/id')))
    this.#expected.people.set(email, password)
  }

  async #movesTime(): Promise<void> {
    const by = 1 + this.#dice.below(50)
    this.#expected.now += by * 1000
    await this.#control('POST', '/clock/advance', { by: `${by}s` })
  }

  async #throwsSwitch(): Promise<void> {
    const [name, expected] = SWITCHES[this.#number % SWITCHES.length] ?? SWITCHES[0]
    await this.#control('POST', '/switches', { name, operation: 'toSession', times: 1 })
    const { status } = await this.#api('GET', '/sessions/whoami', undefined, { 'X-Session-Token': 'nobody' })
    expect(status, name).toBe(expected)
  }

  async #recovers(): Promise<void> {
    const email = this.#dice.pick(EMAILS)
    const flow = await this.#api('GET', '/self-service/recovery/api')
    await this.#api('POST', `/self-service/recovery?flow=${pointed(flow.json, '/id')}`, { method: 'link', email })
    this.#expected.mails++
    const { json } = await this.#control('GET', '/mail')
    const mails = Array.isArray(json) ? json : []
    expect(mails).toHaveLength(this.#expected.mails)
    expect(pointed(mails.at(-1), '/to')).toBe(email)
    if (this.#expected.people.has(email)) expect(pointed(mails.at(-1), '/link')).toContain(this.#speaker.sandbox)
  }

  async #configures(): Promise<void> {
    const minutes = 5 + this.#number
    await this.#control('PATCH', '/config', { selfservice: { flows: { login: { lifespan: `${minutes}m` } } } })
    this.#expected.lifespan = minutes * MINUTE
  }

  async #opensPage(): Promise<void> {
    const { json, headers, setCookies } = await this.#api('GET', '/self-service/login/browser')
    const issued = Date.parse(String(pointed(json, '/issued_at')))
    expect(issued).toBe(this.#expected.now)
    expect(Date.parse(String(pointed(json, '/expires_at'))) - issued).toBe(this.#expected.lifespan)
    expect(headers.date).toBe(new Date(this.#expected.now).toUTCString())
    expect(setCookies.join()).toMatch(/csrf_token_[0-9a-f]{64}=/)
    this.ids.push(String(pointed(json, '/id')))
  }

  async #writesTuple(): Promise<void> {
    const file = `f${this.#dice.below(6)}`
    await this.#api('PUT', '/admin/relation-tuples', {
      namespace: 'files',
      object: file,
      relation: 'view',
      subject_id: 'ada',
    })
    this.#expected.files.push(file)
    const { json } = await this.#api('GET', '/relation-tuples?namespace=files&subject_id=ada')
    const tuples = pointed(json, '/relation_tuples')
    const objects = (Array.isArray(tuples) ? tuples : []).map((one) => String(pointed(one, '/object')))
    expect(objects.sort()).toEqual([...this.#expected.files].sort())
  }

  async #readsJournal(): Promise<void> {
    const { json } = await this.#control('GET', '/journal')
    const entries = Array.isArray(json) ? json : []
    expect(entries).toHaveLength(this.#journalled)
    expect(new Set(entries.map((one) => pointed(one, '/sandbox')))).toEqual(
      new Set(entries.length === 0 ? [] : [this.#speaker.sandbox]),
    )
    await this.#control('DELETE', '/journal')
    this.#journalled = 0
  }

  /** Back to the start fixture of the server, which holds nobody; the journal tells of before, too. */
  async #resets(): Promise<void> {
    await this.#control('POST', '/reset', {})
    const { json } = await this.#control('GET', '/state')
    expect(pointed(json, '/identities')).toEqual([])
    this.#expected = this.#fresh()
    await this.#setUp()
  }

  async #control(method: string, path: string, body?: JsonObject) {
    this.requests++
    const answer = await this.#speaker.speak(method, `/__mock${path}`, body === undefined ? {} : { body })
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300)
    return answer
  }

  #api(method: string, path: string, body?: JsonObject, headers: Readonly<Record<string, string>> = {}) {
    this.requests++
    this.#journalled++
    return this.#speaker.speak(method, path, body === undefined ? { headers } : { headers, body })
  }
}
