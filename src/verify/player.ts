import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Api, Conversation, Observed, Step } from './conversation.ts'
import { CookieJar } from './cookie-jar.ts'
import type { Answer } from './http-client.ts'
import { Placeholders } from './placeholders.ts'
import { pointed } from './pointed.ts'
import { fill, type Saved, savedFrom, stripBase } from './saved.ts'

/** Where a server answers; the same address several times when it has one for all. No slash at the end. */
export type Addresses = Readonly<Partial<Record<Api, string>>>

/** The addresses that the conversations with the real servers were held at. */
export const RECORDED_AT = {
  public: 'http://127.0.0.1:4433',
  admin: 'http://127.0.0.1:4434',
  read: 'http://127.0.0.1:4466',
  write: 'http://127.0.0.1:4467',
} as const satisfies Addresses

/** A request to one of the addresses. */
export interface Call {
  readonly step: string
  readonly api: Api
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

export interface Mail {
  readonly subject: string
  readonly body: string
}

/** The server under test. */
export interface Target {
  readonly addresses: Addresses
  /** Tells the people of one conversation from those of another, in one world: `{run}`. */
  readonly run: string
  /** Redirects are not followed. */
  send(call: Call): Promise<Answer>
  /** The server's time, in milliseconds. */
  now(): number
  /** Lets time pass. */
  advance(milliseconds: number): Promise<void>
  /** A mail to an address, its oldest being number 0; undefined when there are not so many. */
  mail(to: string, number: number): Promise<Mail | undefined>
  /** Sets what the social provider answers from now on. */
  provider(answer: Json): Promise<void>
}

/** Why a conversation could not go on. */
export class CannotGoOn extends Error {}

/**
 * Plays a conversation.
 * @returns what came back, each varying value as a placeholder
 * @throws CannotGoOn when a step needs what is not there: a mail, another address
 */
export async function play(conversation: Conversation, target: Target): Promise<Observed[]> {
  const observed: Observed[] = []
  for await (const { seen } of playSteps(conversation, target)) observed.push(seen)
  return observed
}

/** What came back of one step. */
export interface PlayedStep {
  readonly seen: Observed
  /** What was sent; undefined where a mail was read. */
  readonly call: Call | undefined
}

/** The same, one answer after the other. @throws CannotGoOn */
export async function* playSteps(conversation: Conversation, target: Target): AsyncGenerator<PlayedStep> {
  const player = new Player(conversation, target)
  for (const [index, step] of conversation.steps.entries()) {
    const played = await player.step(step.id ?? `step-${index + 1}`, step)
    if (played !== undefined) yield played
  }
}

/** The addresses that a conversation needs. */
export function apisOf({ steps }: Conversation): ReadonlySet<Api> {
  const calls = steps.filter(({ call }) => call !== undefined && !call.includes(' {'))
  return new Set(calls.map(({ api, call = '' }) => api ?? apiOf(call.replace(/^\S+ /, ''))))
}

class Player {
  readonly #target: Target
  readonly #saved: Saved
  readonly #jars = new Map<string, CookieJar>()
  readonly #mailsSeen = new Map<string, number>()
  readonly #placeholders: Placeholders

  constructor({ variables = {} }: Conversation, target: Target) {
    this.#target = target
    this.#saved = { ...target.addresses, run: target.run }
    for (const [name, value] of Object.entries(variables)) this.#saved[name] = this.#fill(value)
    this.#placeholders = new Placeholders([[target.run, '<run>'], ...addressNames(target.addresses)])
  }

  async step(id: string, step: Step): Promise<PlayedStep | undefined> {
    if (step.wait !== undefined) return this.#aside(this.#target.advance(step.wait))
    if (step.provider !== undefined) return this.#aside(this.#target.provider(this.#fill(step.provider)))
    if (step.mail !== undefined) return this.#mail(id, this.#fill(step.mail), step)
    return this.#call(id, step)
  }

  async #aside(done: Promise<void>): Promise<undefined> {
    await done
  }

  async #mail(id: string, to: string, { save = {} }: Step): Promise<PlayedStep> {
    const seen = this.#mailsSeen.get(to) ?? 0
    const mail = await this.#target.mail(to, seen)
    if (mail === undefined) throw new CannotGoOn(`${id}: there is no mail number ${seen + 1} to ${to}`)
    this.#mailsSeen.set(to, seen + 1)
    const link = (/https?:\/\/[^\s"<>]+/.exec(mail.body)?.[0] ?? '').replaceAll('&amp;', '&')
    for (const [name, what] of Object.entries(save)) {
      this.#saved[name] = what === 'link' ? this.#path(link) : mail.body
    }
    const shown = this.#placeholders.text(link, this.#target.now())
    return { seen: { id, mail: { subject: mail.subject, link: shown } }, call: undefined }
  }

  async #call(id: string, step: Step): Promise<PlayedStep | undefined> {
    const jar = step.as === undefined ? undefined : this.#jarOf(step.as)
    const call = this.#request(id, step, jar)
    const answer = await this.#target.send(call)
    const now = this.#target.now()
    jar?.store(answer.setCookies, now)
    for (const [name, what] of Object.entries(step.save ?? {})) {
      this.#saved[name] = savedFrom(what, answer, jar, this.#target.addresses.public ?? RECORDED_AT.public)
    }
    if (step.unrecorded) return undefined
    const seen = this.#placeholders.answer(answer, now)
    return { seen: { id, ...seen, ...compared(seen.body, step) }, call }
  }

  #request(id: string, step: Step, jar: CookieJar | undefined): Call {
    const [, method = '', target = ''] = /^(\S+) (.*)$/s.exec(step.call ?? '') ?? []
    const filled = this.#fill(target)
    const named = (Object.entries(this.#target.addresses) as [Api, string][]).find(([, at]) => filled.startsWith(at))
    if (filled.startsWith('http') && named === undefined) throw new CannotGoOn(`${id}: nobody serves ${filled}`)
    const path = named === undefined ? filled : filled.slice(named[1].length)
    if (!path.startsWith('/')) throw new CannotGoOn(`${id}: "${path}" is no path: what it is made of did not come`)
    const body = this.#body(step)
    const cookie = jar?.header(this.#target.now())
    return {
      step: id,
      api: named?.[0] ?? step.api ?? apiOf(path),
      method,
      path,
      headers: { ...this.#headers(step, body?.type), ...(cookie === undefined ? {} : { Cookie: cookie }) },
      body: body?.text,
    }
  }

  /** What the step says of headers counts before what its body and `accept` say. */
  #headers({ accept, headers = {} }: Step, type: string | undefined): Record<string, string> {
    const sent: Record<string, string> = { Accept: accept === 'html' ? 'text/html' : 'application/json' }
    if (accept === 'none') delete sent['Accept']
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) delete sent[name]
      else sent[name] = this.#fill(value)
    }
    if (type !== undefined) sent['Content-Type'] ??= type
    return sent
  }

  #body({ json, form, text }: Step): { text: string; type: string | undefined } | undefined {
    if (json !== undefined) return { text: JSON.stringify(this.#fill(json)), type: 'application/json' }
    if (form !== undefined) {
      const fields = new URLSearchParams(this.#fill(form))
      return { text: fields.toString(), type: 'application/x-www-form-urlencoded' }
    }
    return text === undefined ? undefined : { text: this.#fill(text), type: undefined }
  }

  #path(link: string): string {
    return stripBase(link, this.#target.addresses.public ?? RECORDED_AT.public)
  }

  #jarOf(browser: string): CookieJar {
    const jar = this.#jars.get(browser) ?? new CookieJar()
    this.#jars.set(browser, jar)
    return jar
  }

  #fill<T>(value: T): T {
    return fill(value, this.#saved, this.#target.now())
  }
}

/** In the order in which they are named. */
export const APIS = ['public', 'admin', 'read', 'write'] as const

/** Addresses and their placeholders. One address for several APIs has the first one's. */
function addressNames(addresses: Addresses): [string, string][] {
  const { public: base } = addresses
  const names = new Map<string, string>()
  if (base !== undefined) {
    names.set(`${base}/__mock/oidc/acme/authorize`, '<authorize>')
    const encoded = encodeURIComponent(base)
    // of a sandbox: some encoders write its tilde as it is
    for (const form of [encoded, encoded.replaceAll('~', '%7E')])
      names.set(form, encodeURIComponent(RECORDED_AT.public))
  }
  for (const api of APIS) {
    const address = addresses[api]
    if (address !== undefined && !names.has(address)) names.set(address, `<${api}>`)
  }
  return [...names]
}

/** What a server with one address for several APIs answers where the others answered with several. */
export function onOneAddress(observed: Observed, addresses: Addresses): Observed {
  let text = JSON.stringify(observed)
  for (const [index, api] of APIS.entries()) {
    const same = APIS.slice(0, index).find((other) => addresses[other] === addresses[api])
    if (same !== undefined && addresses[api] !== undefined) text = text.replaceAll(`<${api}>`, `<${same}>`)
  }
  return JSON.parse(text) as Observed
}

/** Which address takes a path, where nothing else is said. */
export function apiOf(path: string): Api {
  if (path.startsWith('/admin/relation-tuples')) return 'write'
  if (path.startsWith('/relation-tuples')) return 'read'
  return path.startsWith('/admin/') ? 'admin' : 'public'
}

/** The part of a body that a step compares. */
function compared(body: Json | undefined, { only, unordered }: Step): { body?: Json } {
  const part = only === undefined ? body : Object.fromEntries(only.map((pointer) => [pointer, pointed(body, pointer)]))
  if (part === undefined) return {}
  return { body: unordered ? inOrder(part) : (part as Json) }
}

const UNORDERED = new Set(['', 'children', 'relation_tuples'])

/** Arrays at the top of a body, and the lists of tuples and of tree children, in an order of our own. */
function inOrder(value: Json | undefined, key = ''): Json {
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => inOrder(item))
    return UNORDERED.has(key) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items
  }
  if (!isJsonObject(value)) return value ?? null
  const members = Object.entries(value as JsonObject)
  return Object.fromEntries(members.map(([name, member]) => [name, inOrder(member, name)]))
}
