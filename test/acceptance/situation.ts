import { loadDocument } from '../../src/contract/document.ts'
import type { Json, JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { validRequests } from '../support/broken-requests.ts'
import type { Answer } from '../support/http-client.ts'
import type { FlowBody, FlowName } from '../support/people.ts'
import type { OnePortMock } from '../support/running-mock.ts'
import { csrfOf, type Sending, type Visit, Visitor } from './visitor.ts'

/* How answers come about that the document names: by the state of a world, by a switch, by a preferred status. */

/** Arranges the world and sends; the last request is the one that counts. */
export type ByState = (situation: Situation) => Promise<unknown>

/** A switch alone can do it: it is thrown for a request that keeps the contract. */
export interface BySwitch {
  readonly thrown: SwitchName
}

/** Neither state nor switch can: the servers never answer this status, whatever the document says. */
export interface ByPreference {
  readonly preferred: string
}

export type Way = ByState | BySwitch | ByPreference

/** By operation and documented status. */
export type Ways = Readonly<Record<string, Readonly<Record<string, Way>>>>

export const INTERNAL_ERROR: BySwitch = { thrown: 'internal-error' }

export const NOBODY = '6f0b6c0e-0000-4000-8000-000000000000'
export const PASSWORD = 'sand-castle-4711'

const samples = new Map(validRequests(loadDocument('spec')).map((request) => [request.operationId, request]))

/** A sandbox of its own, as the start fixture makes it, and those who visit it. */
export class Situation {
  readonly #server: OnePortMock
  readonly #sandbox: string
  readonly #visits: Visit[] = []
  /** A native app. */
  readonly app: Visitor

  constructor(server: OnePortMock, sandbox: string) {
    this.#server = server
    this.#sandbox = sandbox
    this.app = new Visitor(server, this.#visits, 'an app', { 'X-Mock-Sandbox': sandbox })
  }

  /** What was asked last, and how it was answered. */
  get last(): Visit | undefined {
    return this.#visits.at(-1)
  }

  /** A browser without any cookie. */
  browser(): Visitor {
    return new Visitor(this.#server, this.#visits, 'a browser', { 'X-Mock-Sandbox': this.#sandbox })
  }

  /** Time passes. */
  async advance(by: string): Promise<void> {
    await this.control('POST /__mock/clock/advance', { by })
  }

  /** Changes the configuration, by its keys. */
  async configure(changes: JsonObject): Promise<void> {
    await this.control('PATCH /__mock/config', changes)
  }

  async control(request: string, json: Json): Promise<Answer> {
    const answer = await this.app.send(request, { json })
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`)
    return answer
  }

  /** A request of the operation that keeps the contract, made from the document alone. */
  async sendSample(operationId: string, headers: Readonly<Record<string, string>>): Promise<void> {
    const sample = samples.get(operationId)
    if (!sample) throw new Error(`no sample of ${operationId}`)
    const { method, path, rawQuery, text } = sample
    const address = rawQuery === '' ? path : `${path}?${rawQuery}`
    await this.app.send(`${method} ${address}`, { headers, ...(text === '' ? {} : { jsonText: text }) })
  }

  // --- people ----------------------------------------------------------------------------------------------------------------

  /** Signs in in a native app. @returns the token of the session */
  async signIn(email = 'member@example.com'): Promise<string> {
    const flow = await this.app.read('GET /self-service/login/api', '/id')
    const json = { method: 'password', identifier: email, password_identifier: email, password: PASSWORD }
    return await this.app.read(`POST /self-service/login?flow=${flow}`, '/session_token', { json })
  }

  /** A browser in which somebody has signed in. */
  async signedIn(email = 'member@example.com'): Promise<Visitor> {
    const browser = this.browser()
    const flow = await begin(browser, 'login')
    await submit(browser, 'login', flow, { method: 'password', identifier: email, password: PASSWORD })
    return browser
  }
}

export type Flow = Answer & { readonly id: string }

/** A new flow of a single-page app. */
export async function begin(browser: Visitor, kind: FlowName): Promise<Flow> {
  const answer = await browser.send(`GET /self-service/${kind}/browser`)
  return { ...answer, id: String((answer.json as JsonObject)['id']) }
}

/** Posts values with the flow's anti-CSRF token: as JSON, or as a form of a page without scripts. */
export async function submit(
  browser: Visitor,
  kind: FlowName,
  flow: Flow,
  values: Readonly<Record<string, string>> | JsonObject,
  as: 'json' | 'form' = 'json',
): Promise<Answer> {
  const all = { ...values, csrf_token: csrfOf(flow) }
  const sending: Sending =
    as === 'json' ? { json: all } : { form: all as Readonly<Record<string, string>>, accept: 'text/html' }
  return await browser.send(`POST /self-service/${kind}?flow=${flow.id}`, sending)
}

/** The flow as a page sees it. */
export const bodyOf = ({ json }: Flow): FlowBody => json as unknown as FlowBody
