import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteMatch, Violation } from '../contract/contract.ts'
import { readCsrf } from '../flows/csrf.ts'
import { type Address, SANDBOX_COOKIE } from '../http/address.ts'
import type { Call, CsrfToken, Listener, RequestBody, Urls } from '../http/call.ts'
import { parseCookies } from '../http/cookies.ts'
import { parseGoQuery } from '../http/go-query.ts'
import { type Service, serviceOf } from '../http/service.ts'
import type { Sandbox } from '../simulation/sandboxes.ts'
import { SWITCH_COOKIE } from '../simulation/switches/carried.ts'
import type { MeetingSwitch } from '../simulation/switches/doors.ts'
import type { RequestChange } from '../simulation/switches/switch.ts'
import type { Millis } from '../state/clock.ts'
import type { World } from '../state/world.ts'
import type { Worlds } from '../state/worlds.ts'

const NONE: readonly never[] = []
const NO_BODY: RequestBody = { contentType: undefined, text: '' }

/** One request on its way through the pipeline, and what the stages found out about it. It is the `Call` of its operation. */
export class Exchange implements Call {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly address: Address
  readonly sandbox: Sandbox
  readonly urls: Urls
  readonly service: Service
  /** The machine's monotonic time at which the request came in. */
  readonly startedAt = performance.now()
  /** The world's time at which it came in. */
  readonly at: Millis
  body: RequestBody = NO_BODY
  /** The body as it came in, where a switch changed it. */
  #received: RequestBody | undefined
  /** A handler of the real server answers, and not its router (route.ts). */
  handled = false
  match: RouteMatch | undefined
  violations: readonly Violation[] = NONE
  noted: readonly string[] = NONE
  replyViolations: readonly Violation[] = NONE
  /** The switches that meet this call. */
  switches: readonly MeetingSwitch[] = NONE
  readonly #headers: IncomingMessage['headers']
  readonly #listener: Listener
  #change: RequestChange = {}
  #world: World | undefined
  #query: URLSearchParams | undefined
  #cookies: ReadonlyMap<string, string> | undefined
  #csrf: CsrfToken | undefined

  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    listener: Listener,
    address: Address,
    sandbox: Sandbox,
    urls: Urls,
  ) {
    this.req = req
    this.#headers = req.headers
    this.res = res
    this.#listener = listener
    this.address = address
    this.sandbox = sandbox
    this.urls = urls
    this.service = serviceOf(address.path)
    this.at = sandbox.world.now()
  }

  /** The request passed the CSRF layer, which stands before all that Kratos' public address answers but health. */
  get throughCsrfLayer(): boolean {
    return this.service === 'kratos-public' || (this.listener === 'public' && this.service !== 'metadata')
  }

  get method(): string {
    return this.req.method ?? 'GET'
  }

  get path(): string {
    return this.address.path
  }

  get rawQuery(): string {
    return this.#change.rawQuery ?? this.address.rawQuery
  }

  get headers(): IncomingMessage['headers'] {
    return this.#change.headers ?? this.#headers
  }

  get listener(): Listener {
    return this.#change.listener ?? this.#listener
  }

  get world(): World {
    return this.#world ?? this.sandbox.world
  }

  get worlds(): Worlds {
    return this.sandbox.worlds
  }

  get params(): Readonly<Record<string, string>> {
    return this.#change.params ?? this.match?.params ?? {}
  }

  get query(): URLSearchParams {
    this.#query ??= parseGoQuery(this.rawQuery)
    return this.#query
  }

  get cookies(): ReadonlyMap<string, string> {
    this.#cookies ??= this.#change.cookies ?? withoutOurs(parseCookies(this.headers.cookie))
    return this.#cookies
  }

  get csrf(): CsrfToken {
    this.#csrf ??= readCsrf(this)
    return this.#csrf
  }

  set csrf(token: CsrfToken) {
    this.#csrf = token
  }

  /** The call as a switch wants it: from here on it is as if the client had sent it so, to a world that is so. */
  change(change: RequestChange): void {
    this.#change = { ...this.#change, ...change }
    const { settings, tuples, mails } = change
    if (settings) this.#world = this.world.under({ settings })
    if (tuples) this.#world = this.world.under({ tuples })
    if (mails) this.#world = this.world.under({ mails })
    if (change.body) {
      this.#received ??= this.body
      this.body = change.body
    }
    this.#query = undefined
    this.#cookies = undefined
    this.#csrf = undefined
  }

  /** The body that the client sent, whatever a switch made of it. */
  get received(): RequestBody {
    return this.#received ?? this.body
  }

  /** The CSRF token if anybody asked for it. */
  get csrfInUse(): CsrfToken | undefined {
    return this.#csrf
  }

  get requestId(): string | undefined {
    const id = this.headers['x-request-id']
    return typeof id === 'string' && id !== '' ? id : undefined
  }
}

/** What our own cookies say is settled before an operation: to Ory, a native app in a sandbox is no browser. */
function withoutOurs(cookies: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  if (!cookies.has(SANDBOX_COOKIE) && !cookies.has(SWITCH_COOKIE)) return cookies
  return new Map([...cookies].filter(([name]) => name !== SANDBOX_COOKIE && name !== SWITCH_COOKIE))
}
