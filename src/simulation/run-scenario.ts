import { isDeepStrictEqual } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { keysOf } from '../config/problem.ts'
import { isJsonObject, type Json } from '../json.ts'
import type { Expectation, Scenario, Step, StepRequest } from './scenario.ts'

/** A request over HTTP. `path` begins with `/`. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What came back: header names in lower case, `set-cookie` apart. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: string
}

/** Sends a request to a server that the scenario has been chosen on; redirects are not followed. */
export type Send = (request: Sent) => Promise<Received>

/** An answer that is not as a step expects it. */
export interface Deviation {
  /** From 0. */
  readonly step: number
  readonly message: string
}

/**
 * Plays the steps of a scenario over HTTP.
 * @returns what was not as expected; empty when the scenario holds. It ends with the step that deviates: those after it
 * would build on what is not there.
 */
export async function runScenario(send: Send, scenario: Scenario): Promise<readonly Deviation[]> {
  const player = new Player(send)
  for (const [index, step] of scenario.steps.entries()) {
    const messages = await player.play(step)
    const name = step.title === undefined ? '' : `${step.title}: `
    if (messages.length > 0) return messages.map((message) => ({ step: index, message: name + message }))
  }
  return []
}

class Player {
  readonly #send: Send
  readonly #saved = new Map<string, string>()
  /** Browser → cookie → value. */
  readonly #jars = new Map<string, Map<string, string>>()
  /** The server's time, where a step needs it. */
  #now = 0

  constructor(send: Send) {
    this.#send = send
  }

  async play(step: Step): Promise<string[]> {
    if (step.advance !== undefined) return this.#control('POST', '/clock/advance', { by: step.advance })
    if (step.throw !== undefined) {
      return this.#control('POST', '/switches', typeof step.throw === 'string' ? { name: step.throw } : step.throw)
    }
    if (step.clear) return this.#control('DELETE', '/switches')
    if (!step.request || !step.expect) return ['the step has no request or no expectation']
    const jar = this.#jar(step.as)
    const received = await this.#send(await this.#request(step.request, jar))
    keepCookies(jar, received.cookies)
    const answer = new Answer(received, jar)
    const messages = deviations(answer, step.expect, (text) => this.#filled(text))
    for (const [name, where] of Object.entries(step.save ?? {})) {
      const value = answer.part(where)
      if (value === undefined) messages.push(`${where} is not there to be saved`)
      else this.#saved.set(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    return messages
  }

  async #control(method: string, path: string, value?: object): Promise<string[]> {
    const headers = { 'content-type': 'application/json' }
    const body = value === undefined ? undefined : JSON.stringify(value)
    const received = await this.#send({ method, path: `/__mock${path}`, headers, body })
    if (received.status < 300) return []
    return [`${method} /__mock${path} was refused: status ${received.status}: ${received.body.slice(0, 500)}`]
  }

  async #request(request: StepRequest, jar: ReadonlyMap<string, string>): Promise<Sent> {
    const text = JSON.stringify({
      json: request.json,
      form: request.form,
      path: request.path,
      headers: request.headers,
    })
    await this.#learnTime(text)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers: Record<string, string> = cookie === '' ? {} : { cookie }
    for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = this.#filled(value)
    let body: string | undefined
    if (request.json !== undefined) {
      headers['content-type'] ??= 'application/json'
      body = JSON.stringify(fill(request.json, (part) => this.#filled(part)))
    } else if (request.form) {
      headers['content-type'] ??= 'application/x-www-form-urlencoded'
      const fields = Object.entries(request.form).map(([name, value]) => [name, this.#filled(value)])
      body = new URLSearchParams(Object.fromEntries(fields)).toString()
    }
    return { method: request.method, path: pathOf(this.#filled(request.path)), headers, body }
  }

  /** A code depends on the clock of the server, which may stand anywhere. */
  async #learnTime(text: string): Promise<void> {
    if (!text.includes('{totp:')) return
    const { body } = await this.#send({ method: 'GET', path: '/__mock/clock', headers: {}, body: undefined })
    const clock: unknown = JSON.parse(body)
    if (isJsonObject(clock) && typeof clock['now'] === 'string') this.#now = Date.parse(clock['now'])
  }

  #filled(text: string): string {
    return text.replace(/\{(totp:)?([A-Za-z0-9_]+)\}/g, (whole, totp: string | undefined, name: string) => {
      const value = this.#saved.get(name)
      return totp === undefined ? (value ?? whole) : codeOf(value ?? name, this.#now)
    })
  }

  /** A native app keeps no cookies. */
  #jar(browser: string | undefined): Map<string, string> {
    if (browser === undefined) return new Map()
    const jar = this.#jars.get(browser) ?? new Map<string, string>()
    this.#jars.set(browser, jar)
    return jar
  }
}

/** The code that an authenticator app shows for a secret in base32. */
function codeOf(secret: string, now: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now })
}

/** `ui.action` is a full address: what counts of it here is where on the server it leads. */
function pathOf(address: string): string {
  if (!/^https?:\/\//.test(address)) return address
  const url = new URL(address)
  return url.pathname + url.search
}

function fill(value: Json, filled: (text: string) => string): Json {
  if (typeof value === 'string') return filled(value)
  if (Array.isArray(value)) return value.map((item: Json) => fill(item, filled))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, child === undefined ? child : fill(child, filled)]),
  )
}

function keepCookies(jar: Map<string, string>, cookies: readonly string[]): void {
  for (const cookie of cookies) {
    const [, name = '', value = ''] = /^([^=;]*)=([^;]*)/.exec(cookie) ?? []
    if (/;\s*max-age=(0|-\d+)\b/i.test(cookie)) jar.delete(name)
    else jar.set(name, value)
  }
}

class Answer {
  readonly received: Received
  readonly #jar: ReadonlyMap<string, string>
  #json: Json | undefined

  constructor(received: Received, jar: ReadonlyMap<string, string>) {
    this.received = received
    this.#jar = jar
    try {
      this.#json = JSON.parse(received.body)
    } catch {
      this.#json = undefined
    }
  }

  /** The part of the answer that `where` names, as in `save`. */
  part(where: string): Json | undefined {
    const [, kind, name = ''] = /^(node|header|location|cookie):(.+)$/.exec(where) ?? []
    if (kind === 'header') return this.received.headers[name.toLowerCase()]
    if (kind === 'location') return this.#led(name)
    if (kind === 'cookie') return this.#jar.get(name)
    if (kind === 'node') return this.#nodeValue(name)
    return this.at(where)
  }

  at(pointer: string): Json | undefined {
    return keysOf(pointer).reduce<Json | undefined>((value, key) => {
      if (Array.isArray(value)) return value[Number(key)]
      return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    }, this.#json)
  }

  /** A value in the query of the address that the answer leads to. */
  #led(name: string): Json | undefined {
    const { location } = this.received.headers
    if (location === undefined || !URL.canParse(location, 'http://localhost')) return undefined
    return new URL(location, 'http://localhost').searchParams.get(name) ?? undefined
  }

  /** Ids of the messages above the form and at its fields. */
  messages(): number[] {
    const lists = [this.at('/ui/messages'), ...this.#nodes().map((node) => node['messages'])]
    const all: Json[] = lists.flatMap((list) => (Array.isArray(list) ? list : []))
    return all.flatMap((message) => (isJsonObject(message) && typeof message['id'] === 'number' ? [message['id']] : []))
  }

  /** The value of a form field, or what a node shows that is text. */
  #nodeValue(name: string): Json | undefined {
    const attributes = this.#nodes().map((node) => node['attributes'])
    const found = attributes.filter(isJsonObject).find((each) => each['name'] === name || each['id'] === name)
    const text = found?.['text']
    return isJsonObject(text) ? text['text'] : found?.['value']
  }

  #nodes() {
    const nodes = this.at('/ui/nodes')
    return (Array.isArray(nodes) ? nodes : []).filter(isJsonObject)
  }
}

type Filled = (text: string) => string

function deviations(answer: Answer, expected: Expectation, filled: Filled): string[] {
  const { status, headers, body } = answer.received
  const messages: string[] = []
  const statuses = [expected.status].flat()
  if (!statuses.includes(status)) {
    messages.push(`status ${status} instead of ${statuses.join(' or ')}: ${body.slice(0, 500)}`)
  }
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    const actual = name.toLowerCase() === 'set-cookie' ? linesOf(answer.received.cookies) : headers[name.toLowerCase()]
    if (!same(actual ?? null, value, filled))
      messages.push(`header ${name} is ${show(actual)} instead of ${show(value)}`)
  }
  for (const [pointer, value] of Object.entries(expected.body ?? {})) {
    const actual = answer.at(pointer)
    if (!same(actual, value, filled)) messages.push(`${pointer} is ${show(actual)} instead of ${show(value)}`)
  }
  if (expected.text !== undefined && !same(body, expected.text, filled)) {
    messages.push(`the body is ${show(body)} instead of ${show(expected.text)}`)
  }
  for (const pointer of expected.absent ?? []) {
    const actual = answer.at(pointer)
    if (actual !== undefined) messages.push(`${pointer} is ${show(actual)} and should be absent`)
  }
  const shown = answer.messages()
  for (const id of expected.messages ?? []) {
    if (!shown.includes(id)) messages.push(`message ${id} is not shown; shown are: ${shown.join(', ') || 'none'}`)
  }
  return messages
}

/** Undefined for none, as a header that is absent. */
const linesOf = (cookies: readonly string[]): string | undefined =>
  cookies.length === 0 ? undefined : cookies.join('\n')

function same(actual: Json | undefined, expected: Json | undefined, filled: Filled): boolean {
  if (isJsonObject(expected) && typeof expected['matches'] === 'string' && Object.keys(expected).length === 1) {
    return typeof actual === 'string' && new RegExp(filled(expected['matches'])).test(actual)
  }
  return isDeepStrictEqual(actual, expected === undefined ? undefined : fill(expected, filled))
}

const show = (value: unknown) => (value === undefined ? 'absent' : JSON.stringify(value))
