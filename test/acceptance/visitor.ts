import type { Json } from '../../src/json.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import { type Answer, send } from '../support/http-client.ts'
import { validatePublished } from '../support/independent-validator.ts'
import { pointed } from '../support/pointed.ts'
import { publishedOperation } from '../support/published-routes.ts'
import type { OnePortMock } from '../support/running-mock.ts'

/** What a request was answered, and what the published document has against it. */
export interface Visit {
  readonly operationId: string
  readonly status: number
  readonly faults: readonly string[]
}

export interface Sending {
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  /** A native app's session. */
  readonly session?: string
  /** A body of JSON as it is to be sent, also one that does not parse. */
  readonly jsonText?: string
  /** `text/html` for a browser's own navigation. */
  readonly accept?: string
  /** Headers beside, or instead of, the usual ones. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Somebody with a bearer token, whose every answer is judged by the published document. */
export class Visitor {
  readonly #server: OnePortMock
  readonly #visits: Visit[]
  /** Native apps keep no cookies. */
  readonly #jar: CookieJar | undefined
  readonly #headers: Readonly<Record<string, string>>

  /**
   * @param visits where what was answered is written down
   * @param headers sent with every request
   */
  constructor(
    server: OnePortMock,
    visits: Visit[],
    has: 'a browser' | 'an app',
    headers: Readonly<Record<string, string>> = {},
  ) {
    this.#headers = headers
    this.#server = server
    this.#visits = visits
    this.#jar = has === 'a browser' ? new CookieJar() : undefined
  }

  /** Sends `METHOD /path`. Redirects are not followed. */
  async send(request: string, sending: Sending = {}): Promise<Answer> {
    const [method = '', target = ''] = request.split(' ')
    const path = target.startsWith('http') ? target.slice(this.#server.url.length) : target
    const now = this.#server.world().now()
    const { body, type } = written(sending)
    const cookie = this.#jar?.header(now)
    const answer = await send({
      port: this.#server.port,
      method,
      path,
      body,
      headers: {
        Accept: sending.accept ?? 'application/json',
        Authorization: 'Bearer any-token',
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...(cookie === undefined ? {} : { Cookie: cookie }),
        ...(sending.session === undefined ? {} : { 'X-Session-Token': sending.session }),
        ...this.#headers,
        ...sending.headers,
      },
    })
    this.#jar?.store(answer.setCookies, now)
    this.#judge(method, path, answer)
    return answer
  }

  /** The text at a pointer of the answer. @throws when the answer has none there */
  async read(request: string, pointer: string, sending: Sending = {}): Promise<string> {
    const answer = await this.send(request, sending)
    const value = pointed(answer.json, pointer)
    if (typeof value !== 'string') throw new Error(`${request}: ${answer.status} without ${pointer}: ${answer.text}`)
    return value
  }

  #judge(method: string, path: string, { status, headers, json, text }: Answer): void {
    const operationId = publishedOperation(method, path)
    if (operationId === undefined) return
    const body = json ?? (text === '' ? undefined : text)
    this.#visits.push({
      operationId,
      status,
      faults: validatePublished(operationId, status, headers['content-type'], body),
    })
  }
}

function written({ json, form, jsonText }: Sending): { body?: string; type?: string } {
  if (jsonText !== undefined) return { body: jsonText, type: 'application/json' }
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' }
  if (form === undefined) return {}
  return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' }
}

/** The anti-CSRF token of a flow. */
export function csrfOf({ json }: Answer): string {
  const nodes = pointed(json, '/ui/nodes')
  const attributes = (Array.isArray(nodes) ? nodes : []).map((node: Json) => pointed(node, '/attributes'))
  const csrf = attributes.find((one: Json | undefined) => pointed(one, '/name') === 'csrf_token')
  return String(pointed(csrf, '/value') ?? '')
}
