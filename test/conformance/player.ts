import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import type { Answer } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { Placeholders } from './placeholders.ts'
import type { Api, Observed, Recording, Step } from './recording.ts'
import { fill, type Saved, savedFrom, stripBase } from './saved.ts'

/** The addresses that recordings were made at, by which they name each other. */
export const ADDRESSES = {
  public: 'http://127.0.0.1:4433',
  admin: 'http://127.0.0.1:4434',
  read: 'http://127.0.0.1:4466',
  write: 'http://127.0.0.1:4467',
} as const

const AUTHORIZE = `${ADDRESSES.public}/__mock/oidc/acme/authorize`

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
  /** Redirects are not followed; the `Host` is the recorded address. */
  send(call: Call): Promise<Answer>
  /** The server's time, in milliseconds. */
  now(): number
  /** Lets time pass. */
  advance(milliseconds: number): void
  /** The mails to an address, oldest first. */
  mailTo(address: string): Promise<readonly Mail[]>
  /** Sets what the social provider answers from now on. */
  provider(answer: Json): Promise<void>
}

/** Plays a conversation and returns what came back, each varying value as a placeholder. */
export async function play(recording: Recording, target: Target): Promise<Observed[]> {
  const player = new Player(recording, target)
  const observed: Observed[] = []
  for (const [index, step] of recording.steps.entries()) {
    const seen = await player.step(step.id ?? `step-${index + 1}`, step)
    if (seen !== undefined) observed.push(seen)
  }
  return observed
}

/** What tells the people of one conversation from those of another, in one world. */
const RUN = 'c0ffee42'

class Player {
  readonly #target: Target
  readonly #saved: Saved
  readonly #jars = new Map<string, CookieJar>()
  readonly #mailsSeen = new Map<string, number>()
  readonly #placeholders = new Placeholders([
    [RUN, '<run>'],
    [AUTHORIZE, '<authorize>'],
    [ADDRESSES.admin, '<admin>'],
    [ADDRESSES.write, '<write>'],
    [ADDRESSES.read, '<read>'],
    [ADDRESSES.public, '<public>'],
  ])

  constructor(recording: Recording, target: Target) {
    this.#target = target
    this.#saved = { run: RUN }
    for (const [name, value] of Object.entries(recording.variables)) this.#saved[name] = this.#fill(value)
  }

  async step(id: string, step: Step): Promise<Observed | undefined> {
    if (step.wait !== undefined) return this.#target.advance(step.wait) ?? undefined
    if (step.provider !== undefined) return (await this.#target.provider(this.#fill(step.provider))) ?? undefined
    if (step.mail !== undefined) return this.#mail(id, this.#fill(step.mail), step)
    return this.#call(id, step)
  }

  async #mail(id: string, to: string, { save = {} }: Step): Promise<Observed> {
    const seen = this.#mailsSeen.get(to) ?? 0
    const mail = (await this.#target.mailTo(to))[seen]
    if (mail === undefined) throw new Error(`${id}: there is no mail number ${seen + 1} to ${to}`)
    this.#mailsSeen.set(to, seen + 1)
    const link = (/https?:\/\/[^\s"<>]+/.exec(mail.body)?.[0] ?? '').replaceAll('&amp;', '&')
    for (const [name, what] of Object.entries(save)) {
      this.#saved[name] = what === 'link' ? stripBase(link, ADDRESSES.public) : mail.body
    }
    return { id, mail: { subject: mail.subject, link: this.#placeholders.text(link, this.#target.now()) } }
  }

  async #call(id: string, step: Step): Promise<Observed | undefined> {
    // time passes between two requests, which is what lists are ordered by
    this.#target.advance(1)
    const jar = step.as === undefined ? undefined : this.#jarOf(step.as)
    const answer = await this.#target.send(this.#request(id, step, jar))
    const now = this.#target.now()
    jar?.store(answer.setCookies, now)
    for (const [name, what] of Object.entries(step.save ?? {})) {
      this.#saved[name] = savedFrom(what, answer, jar, ADDRESSES.public)
    }
    if (step.unrecorded) return undefined
    const seen = this.#placeholders.answer(answer, now)
    return { id, ...seen, ...compared(seen.body, step) }
  }

  #request(id: string, step: Step, jar: CookieJar | undefined): Call {
    const [, method = '', target = ''] = /^(\S+) (.*)$/s.exec(step.call ?? '') ?? []
    const filled = this.#fill(target)
    const named = (Object.entries(ADDRESSES) as [Api, string][]).find(([, address]) => filled.startsWith(address))
    if (filled.startsWith('http') && named === undefined) throw new Error(`${id}: nobody serves ${filled}`)
    const path = named === undefined ? filled : filled.slice(named[1].length)
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

  #jarOf(browser: string): CookieJar {
    const jar = this.#jars.get(browser) ?? new CookieJar()
    this.#jars.set(browser, jar)
    return jar
  }

  #fill<T>(value: T): T {
    return fill(value, this.#saved, this.#target.now())
  }
}

function apiOf(path: string): Api {
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
