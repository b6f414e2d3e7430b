import { listOperations } from '../../src/contract/document.ts'
import { createMatcher, type Matcher, type RouteMatch } from '../../src/contract/match.ts'
import type { OpenApiDocument } from '../../src/contract/openapi.ts'
import { createReplyValidator, type ReplyValidator } from '../../src/contract/reply-validator.ts'
import { createRequestValidator, type RequestValidator } from '../../src/contract/request-validator.ts'
import { SchemaRegistry } from '../../src/contract/schema-registry.ts'
import type { Violation } from '../../src/contract/violation.ts'

/** What a test says of a request; the rest is empty. */
export interface TestRequest {
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>> | string
  readonly text?: string
}

/** What a test says of a reply: JSON unless it has a `type`. */
export interface TestReply {
  readonly json?: unknown
  readonly text?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Judges requests and replies by a document, with the words of a test. */
export class Judge {
  readonly matcher: Matcher
  readonly #validateRequest: RequestValidator
  readonly #validateReply: ReplyValidator

  constructor(document: OpenApiDocument) {
    this.matcher = createMatcher(listOperations(document))
    this.#validateRequest = createRequestValidator(document)
    this.#validateReply = createReplyValidator(document, new SchemaRegistry(document))
  }

  /** @param route `POST /self-service/login` */
  async request(route: string, request: TestRequest = {}): Promise<readonly Violation[]> {
    return (await this.verdict(route, request)).violations
  }

  async verdict(route: string, { query = '', headers = {}, json, form, text }: TestRequest) {
    const [method = ''] = route.split(' ')
    const type =
      json === undefined ? (form === undefined ? undefined : 'application/x-www-form-urlencoded') : 'application/json'
    return this.#validateRequest(this.match(route), {
      method,
      rawQuery: query,
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
      text: text ?? (json === undefined ? new URLSearchParams(form ?? '').toString() : JSON.stringify(json)),
    })
  }

  async reply(route: string, status: number, reply: TestReply = {}): Promise<readonly Violation[]> {
    const { json, text, headers = {} } = reply
    const contentType = reply.type ?? (json === undefined ? undefined : 'application/json; charset=utf-8')
    return this.#validateReply(this.match(route), { status, headers, contentType, body: json, text })
  }

  match(route: string): RouteMatch {
    const [method = '', path = ''] = route.split(' ')
    const found = this.matcher.match(method, path)
    if (found === undefined) throw new Error(`no operation for ${route}`)
    return found
  }
}
