import type { Express } from 'express'
import supertest from 'supertest'
import { expect } from 'vitest'
import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import type { MailMessage } from '../../src/courier/mailbox.ts'
import { createMock } from '../../src/create-mock.ts'
import type { JsonObject } from '../../src/json.ts'
import type { UiNode, UiText } from '../../src/state/records.ts'
import type { World } from '../../src/state/world.ts'
import { CookieJar } from './cookie-jar.ts'
import { START } from './running-mock.ts'

/*
 * People with browsers and apps at a server of the project `demo`, which writes as the real servers write unless it is told
 * otherwise.
 */

export const PASSWORD = 'sand-castle-4711'

/** The address that the server has in these tests. */
export const HOST = 'localhost:4000'
export const URL_OF_SERVER = `http://${HOST}`

/** A flow as it is answered, as far as tests read it. */
export interface FlowBody {
  readonly id: string
  readonly type: string
  readonly state: string
  readonly request_url: string
  readonly return_to?: string
  readonly requested_aal?: string
  readonly identity: JsonObject
  readonly ui: {
    readonly action: string
    readonly nodes: readonly UiNode[]
    readonly messages?: readonly UiText[]
  }
}

export interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly setCookies: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body: `any`, as supertest has it. */
  readonly body: supertest.Response['body']
}

export interface Sending {
  readonly json?: unknown
  /** A JSON body as it is written, broken or not. */
  readonly jsonText?: string
  readonly form?: Readonly<Record<string, string>>
  /** `text/html` for what a browser itself does; JSON otherwise. */
  readonly html?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a server of these tests is made with. */
export interface ServerOptions {
  readonly dialect?: 'spec' | 'wire'
  /** Sees every answer, for instance to judge it. @param path with its query, without the server's address */
  readonly onAnswer?: (method: string, path: string, answer: supertest.Response) => void
}

export type FlowName = 'login' | 'registration' | 'settings' | 'recovery' | 'verification'

export class Server {
  readonly app: Express
  readonly world: World
  /** Failures of the server's own; a test ends with none. */
  readonly failures: string[] = []
  readonly onAnswer: ServerOptions['onAnswer']

  constructor(changes: JsonObject = {}, { dialect = 'wire', onAnswer }: ServerOptions = {}) {
    this.onAnswer = onAnswer
    const mock = createMock({
      config: mergeConfig(demoConfig(), changes),
      dialect,
      auth: 'off',
      seed: 'people',
      clock: START,
      onFailure: (error, what) => this.failures.push(`${what}: ${String(error)}`),
    })
    this.app = createApp(mock)
    this.world = mock.sandboxes.enter('default').sandbox.world
  }

  /** Somebody with a password; answers the id. */
  async person(email: string, rest: JsonObject = {}): Promise<string> {
    const credentials = { password: { config: { password: PASSWORD } } }
    const json = { schema_id: 'default', traits: { email }, credentials, ...rest }
    const { status, body, text } = await new Browser(this).post('/admin/identities', { json })
    if (status !== 201) throw new Error(text)
    return body.id
  }

  browser(): Browser {
    return new Browser(this)
  }

  /** The mails to an address, oldest first, as the control API shows them. */
  async mails(to: string): Promise<readonly MailMessage[]> {
    return (await this.browser().get(`/__mock/mail?to=${encodeURIComponent(to)}`)).body
  }

  /** The link in the last mail to an address. @throws when there is none */
  async lastLink(to: string): Promise<string> {
    const link = (await this.mails(to)).at(-1)?.link
    if (link === undefined) throw new Error(`no mail with a link to ${to}`)
    return link
  }

  /** A browser of someone who has just signed in with the password. */
  async signedIn(email: string): Promise<Browser> {
    const browser = this.browser()
    await browser.signIn(email)
    return browser
  }

  /** A native app of someone who has just signed in with the password. */
  async signedInApp(email: string): Promise<Browser> {
    const app = new Browser(this, 'app')
    const flow = (await app.get('/self-service/login/api')).body
    const json = { method: 'password', identifier: email, password: PASSWORD }
    const { body } = await app.post(`/self-service/login?flow=${flow.id}`, { json })
    app.token = body.session_token
    return app
  }
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const

/** A browser with its cookies, or an app with its token. Redirects are not followed. */
export class Browser {
  readonly #server: Server
  readonly #keepsCookies: boolean
  readonly jar = new CookieJar()
  token: string | undefined

  /** @param kind an app keeps no cookies */
  constructor(server: Server, kind: 'browser' | 'app' = 'browser') {
    this.#server = server
    this.#keepsCookies = kind === 'browser'
  }

  get(path: string, sending: Sending = {}): Promise<Answer> {
    return this.#send('GET', path, sending)
  }

  post(path: string, sending: Sending): Promise<Answer> {
    return this.#send('POST', path, sending)
  }

  put(path: string, sending: Sending): Promise<Answer> {
    return this.#send('PUT', path, sending)
  }

  patch(path: string, sending: Sending): Promise<Answer> {
    return this.#send('PATCH', path, sending)
  }

  delete(path: string, sending: Sending = {}): Promise<Answer> {
    return this.#send('DELETE', path, sending)
  }

  send(method: Method, path: string, sending: Sending = {}): Promise<Answer> {
    return this.#send(method, path, sending)
  }

  /** Signs in with the password through a JSON client; answers the session, or what was said against it. */
  async signIn(email: string, password = PASSWORD): Promise<Answer> {
    const flow: FlowBody = (await this.get('/self-service/login/browser')).body
    return this.submit('login', flow, { method: 'password', identifier: email, password })
  }

  /** Posts a form's values with its anti-CSRF token as JSON. */
  submit(kind: FlowName, flow: FlowBody, values: JsonObject): Promise<Answer> {
    const csrf_token = fieldOf(flow, 'csrf_token')
    return this.post(`/self-service/${kind}?flow=${flow.id}`, { json: csrf_token ? { ...values, csrf_token } : values })
  }

  /** Posts a form as the browser itself does. */
  submitForm(kind: FlowName, flow: FlowBody, values: Record<string, string>): Promise<Answer> {
    const form = { ...values, csrf_token: String(fieldOf(flow, 'csrf_token')) }
    return this.post(`/self-service/${kind}?flow=${flow.id}`, { form, html: true })
  }

  /** Begins a flow as a JSON client in a browser, or as a native app. */
  async begin(kind: FlowName, type: 'browser' | 'api' = 'browser', query = ''): Promise<FlowBody> {
    const { status, body, text } = await this.get(`/self-service/${kind}/${type}${query}`)
    if (status !== 200) throw new Error(text)
    return body
  }

  async settings(query = ''): Promise<FlowBody> {
    const path = this.token === undefined ? '/self-service/settings/browser' : '/self-service/settings/api'
    const { status, body, text } = await this.get(path + query)
    if (status !== 200) throw new Error(text)
    return body
  }

  async login(query = ''): Promise<FlowBody> {
    const path = this.token === undefined ? '/self-service/login/browser' : '/self-service/login/api'
    const { status, body, text } = await this.get(path + query)
    if (status !== 200) throw new Error(text)
    return body
  }

  /** The flow as it is now. */
  async fetch(kind: FlowName, id: string): Promise<FlowBody> {
    return (await this.get(`/self-service/${kind}/flows?id=${id}`)).body
  }

  async #send(method: Method, path: string, { json, jsonText, form, html, headers = {} }: Sending): Promise<Answer> {
    const now = this.#server.world.now()
    const cookie = this.jar.header(now)
    const target = path.startsWith(URL_OF_SERVER) ? path.slice(URL_OF_SERVER.length) : path
    const request = supertest(this.#server.app)[METHODS[method]](target)
    request.redirects(0).set('Host', HOST)
    request.set('Accept', html ? 'text/html' : 'application/json')
    if (cookie !== undefined) request.set('Cookie', cookie)
    if (this.token !== undefined) request.set('X-Session-Token', this.token)
    for (const [name, value] of Object.entries(headers)) request.set(name, value)
    if (form !== undefined) request.type('form').send(new URLSearchParams(form).toString())
    else if (jsonText !== undefined || json !== undefined) request.type('json').send(jsonText ?? JSON.stringify(json))
    const answer = await request
    expect(this.#server.failures).toEqual([])
    this.#server.onAnswer?.(method, target, answer)
    const setCookies: readonly string[] = [answer.headers['set-cookie'] ?? []].flat()
    if (this.#keepsCookies) this.jar.store(setCookies, now)
    return {
      status: answer.status,
      location: answer.headers['location'],
      setCookies,
      headers: answer.headers,
      text: answer.text,
      body: answer.body,
    }
  }
}

/** The id of the flow that a redirect leads to. */
export function flowIn(location: string | undefined): string {
  return new URL(String(location)).searchParams.get('flow') ?? ''
}

// --- what a form shows -----------------------------------------------------------------------------------------------------

const nameOf = ({ attributes }: UiNode): string => ('name' in attributes ? attributes.name : attributes.id)

/** `group/name` of every node, in order. */
export function namesOf(flow: FlowBody): readonly string[] {
  return flow.ui.nodes.map((node) => `${node.group}/${nameOf(node)}`)
}

export function nodeOf(flow: FlowBody, name: string): UiNode | undefined {
  return flow.ui.nodes.find((node) => nameOf(node) === name)
}

export function fieldOf(flow: FlowBody, name: string): unknown {
  const attributes = nodeOf(flow, name)?.attributes
  return attributes && 'value' in attributes ? attributes.value : undefined
}

/** The ids of the messages: those of the form under `''`, the others under their node. */
export function saidBy(flow: FlowBody): Readonly<Record<string, readonly number[]>> {
  const said: Record<string, readonly number[]> = {}
  if (flow.ui.messages) said[''] = flow.ui.messages.map((message) => message.id)
  for (const node of flow.ui.nodes) {
    if (node.messages.length > 0) said[nameOf(node)] = node.messages.map((message) => message.id)
  }
  return said
}

/** The texts of the messages of the whole form. */
export function textsOf(flow: FlowBody): readonly string[] {
  return (flow.ui.messages ?? []).map((message) => message.text)
}
