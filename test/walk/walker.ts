import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import { type Answer, send } from '../support/http-client.ts'
import { validatePublished } from '../support/independent-validator.ts'
import { type FlowBody, type FlowName, fieldOf } from '../support/people.ts'
import { pointed } from '../support/pointed.ts'
import { publishedOperation } from '../support/published-routes.ts'
import type { OnePortMock } from '../support/running-mock.ts'
import { type Client, type KnownSession, Model, type Person, SESSION_LIFESPAN } from './model.ts'
import { isNamedError } from './named-errors.ts'

export const SESSION_COOKIE = 'ory_kratos_session'

/** What must not happen, and did. */
export class WalkFailure extends Error {
  /** The rule that is broken: what a shorter sequence has to break, too. */
  readonly rule: string

  constructor(rule: string, what: string) {
    super(`${rule}: ${what}`)
    this.rule = rule
  }
}

export interface Sending {
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly text?: string
  readonly type?: string
  readonly html?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** Walks through a server: sends, judges every answer, and keeps the model. */
export class Walker {
  readonly model = new Model()
  readonly server: OnePortMock
  /** How many steps have been begun. */
  taken = 0
  /** What was sent and answered, one line each. */
  readonly trace: string[] = []
  /** How often each operation succeeded. */
  readonly successes = new Map<string, number>()

  constructor(server: OnePortMock) {
    this.server = server
  }

  /** What came about, and how often: a walk on which nothing does proves nothing. */
  readonly deeds = new Map<string, number>()

  did(deed: string): void {
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1)
  }

  get now(): number {
    return this.server.world().now()
  }

  client(kind: Client['kind']): Client {
    return { kind, jar: new CookieJar(), token: undefined, session: undefined }
  }

  /** @throws WalkFailure when the answer breaks the contract, or is an error of the server's that nobody named */
  async send(client: Client | undefined, request: string, sending: Sending = {}): Promise<Answer> {
    const [method = '', target = ''] = request.split(' ')
    const path = target.replace(/^https?:\/\/[^/]+/, '')
    const { now } = this
    const cookie = client?.jar.header(now)
    const { body, type } = written(sending)
    const answer = await send({
      port: this.server.port,
      method,
      path,
      body,
      headers: {
        Host: `localhost:${this.server.port}`,
        Accept: sending.html ? 'text/html' : 'application/json',
        ...(path.startsWith('/admin') ? { Authorization: 'Bearer any-token' } : {}),
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...(client?.token === undefined ? {} : { 'X-Session-Token': client.token }),
        ...sending.headers,
      },
    })
    if (client?.kind === 'browser') client.jar.store(answer.setCookies, now)
    this.trace.push(`${method} ${path} ${body ?? ''} → ${answer.status} ${answer.headers.location ?? ''}`)
    this.#judge(method, path, answer)
    await this.#followToError(method, path, answer)
    return answer
  }

  #judge(method: string, path: string, answer: Answer): void {
    const what = `${method} ${path} ${answer.status} ${answer.text}`
    const violation = answer.headers['x-mock-contract-violation']
    if (violation !== undefined) throw new WalkFailure('the contract is kept', `${violation}: ${what}`)
    if (this.server.failures.length > 0)
      throw new WalkFailure('the server never fails', this.server.failures.join('\n'))
    if (answer.status >= 500 && !isNamedError(method, path, answer.json))
      throw new WalkFailure('every 5xx has a name', what)
    const operationId = publishedOperation(method, path)
    if (operationId === undefined) return
    if (answer.status < 400) this.successes.set(operationId, (this.successes.get(operationId) ?? 0) + 1)
    const body = answer.json ?? (answer.text === '' ? undefined : answer.text)
    const faults = validatePublished(operationId, answer.status, answer.headers['content-type'], body)
    if (faults.length > 0) throw new WalkFailure('the published document is kept', `${faults.join(', ')}: ${what}`)
  }

  /** What a browser is shown on the error page is an answer, too. */
  async #followToError(method: string, path: string, { headers }: Answer): Promise<void> {
    const id = /\/ui\/error\?id=([^&]+)/.exec(headers.location ?? '')?.[1]
    if (id === undefined) return
    const { json, text } = await this.send(undefined, `GET /self-service/errors?id=${id}`)
    const error = pointed(json, '/error')
    if (Number(pointed(error, '/code')) >= 500 && !isNamedError(method, path, { error: error ?? null })) {
      throw new WalkFailure('every 5xx has a name', `${method} ${path} → ${text}`)
    }
  }

  // --- flows -----------------------------------------------------------------------------------------------------------------

  /** A new flow, fetched as pages fetch it; undefined when it is refused. */
  async begin(client: Client, kind: FlowName, query = ''): Promise<FlowBody | undefined> {
    const way = client.kind === 'app' ? 'api' : 'browser'
    const flow = asFlow(await this.send(client, `GET /self-service/${kind}/${way}${query}`))
    return flow && asFlow(await this.send(client, `GET /self-service/${kind}/flows?id=${flow.id}`))
  }

  /** Posts the values with the flow's anti-CSRF token, which they may replace. */
  async submit(client: Client, kind: FlowName, flow: FlowBody, values: JsonObject, asForm = false): Promise<Answer> {
    const token = fieldOf(flow, 'csrf_token')
    const all = { ...(token ? { csrf_token: String(token) } : {}), ...values }
    const sending = asForm && client.kind === 'browser' ? { form: asFields(all), html: true } : { json: all }
    return await this.send(client, `POST /self-service/${kind}?flow=${flow.id}`, sending)
  }

  // --- sessions --------------------------------------------------------------------------------------------------------------

  /** Notes the session that a client has been given; its id stays unknown where a second factor is missing. */
  async noteSession(client: Client, person: Person, { json }: Answer): Promise<void> {
    const given = pointed(json, '/session_token')
    if (typeof given === 'string') client.token = given
    const headers: Record<string, string> =
      client.kind === 'app'
        ? { 'X-Session-Token': client.token ?? '' }
        : { Cookie: `${SESSION_COOKIE}=${client.jar.get(SESSION_COOKIE, this.now) ?? ''}` }
    const proof = await this.send(undefined, 'GET /sessions/whoami', { headers })
    const id = pointed(json, '/session/id') ?? pointed(proof.json, '/id')
    const session = {
      id: typeof id === 'string' ? id : undefined,
      person,
      client,
      headers,
      endsAt: this.now + SESSION_LIFESPAN,
      endedBy: undefined,
    }
    this.model.sessions.push(session)
    client.session = session
  }

  whoami(session: KnownSession): Promise<Answer> {
    return this.send(undefined, 'GET /sessions/whoami', { headers: session.headers })
  }
}

export function asFlow({ status, json }: Answer): FlowBody | undefined {
  return status < 500 && isJsonObject(json) && isJsonObject(json['ui']) ? (json as unknown as FlowBody) : undefined
}

function written({ json, form, text, type }: Sending): { body?: string; type?: string } {
  if (text !== undefined) return { body: text, ...(type === undefined ? {} : { type }) }
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' }
  if (form === undefined) return {}
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
}

/** Nested values under dotted names, as forms have them. */
function asFields(values: JsonObject, prefix = ''): Record<string, string> {
  const fields = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    isJsonObject(value)
      ? Object.entries(asFields(value, `${prefix}${name}.`))
      : [[prefix + name, typeof value === 'string' ? value : JSON.stringify(value)]],
  )
  return Object.fromEntries(fields)
}
