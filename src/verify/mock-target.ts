import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../json.ts'
import { type Answer, sendTo } from './http-client.ts'
import type { Addresses, Call, Mail, Target } from './player.ts'
import { authorized, CannotVerify, reached, servedAt } from './server.ts'

/** Every conversation has a world to itself, so that its people are nobody else's. */
const RUN = 'c0ffee42'

/** A sandbox of a mock as the target of a conversation. */
export class MockTarget implements Target {
  readonly run = RUN
  readonly addresses: Addresses
  readonly #token: string | undefined
  #now: number

  private constructor(addresses: Addresses, token: string | undefined, now: number) {
    this.addresses = addresses
    this.#token = token
    this.#now = now
  }

  /**
   * @param sandbox the name of one that is made for this
   * @param config the configuration that it gets, and then an empty world; undefined for what new sandboxes begin with
   * @throws CannotVerify when the mock refuses it
   */
  static async open(
    server: { readonly addresses: Addresses; readonly token: string | undefined },
    sandbox: string,
    config: JsonObject | undefined,
  ): Promise<MockTarget> {
    const addresses = Object.fromEntries(
      Object.entries(server.addresses).map(([api, at]) => [api, `${at}/~${sandbox}`]),
    )
    const now = Date.now()
    const target = new MockTarget(addresses, server.token ?? 'any', now)
    const clock = { now: new Date(now).toISOString(), frozen: true }
    // without a configuration of its own it is played in whatever a new sandbox begins with
    if (config === undefined) await target.#control('PUT', '/clock', clock)
    else await target.#control('PUT', '/state', { clock, whole_config: atHome(config) })
    return target
  }

  async close(): Promise<void> {
    const name = servedAt(this.addresses).split('/~').at(-1) ?? ''
    await this.#control('DELETE', `/sandboxes/${name}`)
  }

  async send(call: Call): Promise<Answer> {
    // time passes between two requests, which is what lists are ordered by
    await this.advance(1)
    return reached(this.addresses, authorized(call, this.#token))
  }

  now(): number {
    return this.#now
  }

  async advance(milliseconds: number): Promise<void> {
    this.#now += milliseconds
    await this.#control('POST', '/clock/advance', { by: `${milliseconds}ms` })
  }

  async mail(to: string, number: number): Promise<Mail | undefined> {
    const mails = await this.#control('GET', `/mail?to=${encodeURIComponent(to)}`)
    const mail = Array.isArray(mails) ? (mails[number] as Json | undefined) : undefined
    return isJsonObject(mail) ? { subject: String(mail['subject']), body: String(mail['body']) } : undefined
  }

  async provider(answer: Json): Promise<void> {
    await this.#control('PUT', '/oidc/acme/next', answer)
  }

  async #control(method: string, path: string, value?: Json): Promise<Json | undefined> {
    const { status, text, json } = await sendTo(servedAt(this.addresses), {
      method,
      path: `/__mock${path}`,
      headers: { 'Content-Type': 'application/json' },
      body: value === undefined ? undefined : JSON.stringify(value),
    })
    if (status >= 300)
      throw new CannotVerify(`The mock refused ${method} /__mock${path}: ${status} ${text.slice(0, 300)}`)
    return json
  }
}

/** Without the base URLs, so that the sandbox's addresses are those that it is reached at. */
function atHome(config: JsonObject): JsonObject {
  const serve = isJsonObject(config['serve']) ? config['serve'] : {}
  const without = (api: string) => {
    const { base_url: _, ...rest } = isJsonObject(serve[api]) ? serve[api] : {}
    return rest
  }
  return { ...config, serve: { ...serve, public: without('public'), admin: without('admin') } }
}
