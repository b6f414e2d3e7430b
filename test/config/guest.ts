import type { Json, JsonObject } from '../../src/json.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import type { OnePortMock } from '../support/running-mock.ts'

export const PASSWORD = 'sand-castle-4711'

/** Somebody at a server: a native app with a session token, or a browser with cookies. */
export class Guest {
  readonly #server: OnePortMock
  readonly #jar = new CookieJar()
  /** A native app's session. */
  token: string | undefined

  constructor(server: OnePortMock) {
    this.#server = server
  }

  /** Somebody else at the same server. */
  another(): Guest {
    return new Guest(this.#server)
  }

  /** The server's time. */
  now(): number {
    return this.#server.world().now()
  }

  /** An address without the server's own and without ids. */
  shown(address: string | undefined): string {
    return (address ?? 'nowhere').replace(this.#server.url, '').replace(/[0-9a-f-]{36}/g, 'ID')
  }

  /** Sends `METHOD /path` with a JSON body; what is asked for is JSON. */
  async json(request: string, body?: Json, headers: Record<string, string> = {}): Promise<Answer> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return this.#send(
      request,
      { accept: 'application/json', ...type, ...headers },
      body === undefined ? undefined : JSON.stringify(body),
    )
  }

  /** Sends `METHOD /path` as a browser navigates and submits forms; cookies are kept. */
  async browse(request: string, form?: Record<string, string>, accept = 'text/html'): Promise<Answer> {
    const type = form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const cookie = this.#jar.header(this.now())
    const headers = { accept, ...type, ...(cookie === undefined ? {} : { cookie }) }
    const body = form && new URLSearchParams(form).toString()
    const answer = await this.#send(request, headers, body)
    this.#jar.store(answer.setCookies, this.now())
    return answer
  }

  /** What the control API answers. @throws when it refuses */
  async control(request: string, body?: Json): Promise<Json | undefined> {
    const answer = await this.json(request, body ?? {})
    if (answer.status >= 400) throw new Error(answer.text)
    return answer.json
  }

  /** Signs in natively; from then on every request carries the session. */
  async signIn(identifier: string, password = PASSWORD): Promise<Answer> {
    const flow = pointed((await this.json('GET /self-service/login/api')).json, '/id')
    const answer = await this.json(`POST /self-service/login?flow=${flow}`, {
      method: 'password',
      identifier,
      password,
    })
    const token = pointed(answer.json, '/session_token')
    if (typeof token === 'string') this.token = token
    return answer
  }

  async signUp(email: string, password = PASSWORD): Promise<Answer> {
    const flow = pointed((await this.json('GET /self-service/registration/api')).json, '/id')
    return this.json(`POST /self-service/registration?flow=${flow}`, {
      method: 'password',
      password,
      traits: { email },
    })
  }

  /** Opens a flow in the browser and submits it as a form. */
  async submit(kind: string, fields: Record<string, string>, query = ''): Promise<Answer> {
    const { json } = await this.browse(`GET /self-service/${kind}/browser${query}`, undefined, 'application/json')
    const form = { csrf_token: String(fieldOf(json, 'csrf_token')?.['value'] ?? ''), ...fields }
    return this.browse(`POST /self-service/${kind}?flow=${pointed(json, '/id')}`, form)
  }

  /** Signs in with the browser. */
  async enter(identifier: string): Promise<Answer> {
    return this.submit('login', { method: 'password', identifier, password: PASSWORD })
  }

  async #send(request: string, headers: Record<string, string>, body: string | undefined): Promise<Answer> {
    const [method = '', target = ''] = request.split(' ')
    const path = target.startsWith('http') ? target.slice(this.#server.url.length) : target
    const session = this.token === undefined || headers['cookie'] ? {} : { 'x-session-token': this.token }
    return send({ port: this.#server.port, method, path, body, headers: { ...session, ...headers } })
  }
}

/** The attributes of a form field. */
export function fieldOf(flow: Json | undefined, name: string): JsonObject | undefined {
  return fieldsOf(flow).find((attributes) => attributes['name'] === name)
}

export function fieldsOf(flow: Json | undefined): JsonObject[] {
  const nodes = pointed(flow, '/ui/nodes')
  return (Array.isArray(nodes) ? nodes : []).map((node: Json) => pointed(node, '/attributes') as JsonObject)
}

/** The groups of nodes, each once. */
export function groupsOf(flow: Json | undefined): string[] {
  const nodes = pointed(flow, '/ui/nodes')
  return [...new Set((Array.isArray(nodes) ? nodes : []).map((node: Json) => String(pointed(node, '/group'))))]
}

/** The texts of the messages, above the form and at its fields. */
export function textsOf(flow: Json | undefined): string[] {
  const nodes = pointed(flow, '/ui/nodes')
  const lists = [
    pointed(flow, '/ui/messages'),
    ...(Array.isArray(nodes) ? nodes : []).map((n: Json) => pointed(n, '/messages')),
  ]
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((message: Json) => String(pointed(message, '/text')))
}
