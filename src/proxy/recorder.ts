import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCookies } from '../http/cookies.ts'
import { isJsonObject, type Json } from '../json.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import type { Conversation, Observed } from '../verify/conversation.ts'
import { Placeholders } from '../verify/placeholders.ts'
import { APIS, apiOf, RECORDED_AT } from '../verify/player.ts'
import { GivenSecrets } from './given-secrets.ts'
import { KnownValues, type OpenStep } from './known-values.ts'
import type { ProxiedAnswer } from './rewriting.ts'
import { SeenRecords } from './seen-records.ts'

/** So many exchanges a conversation has at most. */
const MOST_STEPS = 1_000

/**
 * Writes what went through the proxy as a conversation that `ory-mock verify` plays, and as a fixture. Ids, tokens and codes
 * become places of what came before, passwords become others, so that no secret is written.
 */
export class Recorder {
  readonly #name: string
  readonly #folder: string
  readonly #steps: OpenStep[] = []
  readonly #observed: Observed[] = []
  readonly #known = new KnownValues()
  readonly #secrets = new GivenSecrets()
  readonly #records = new SeenRecords()
  /** Cookies → the browser that has them. */
  readonly #browsers = new Map<string, string>()
  #browserCount = 0
  #placeholders: Placeholders | undefined

  /** @param name what the conversation and the fixture are called */
  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
  }

  /**
   * Takes in an exchange.
   * @param addresses every name of every address, and its placeholder
   */
  saw(
    exchange: Exchange,
    answer: ProxiedAnswer,
    body: Json | undefined,
    addresses: () => readonly (readonly [string, string])[],
  ): void {
    if (exchange.match === undefined || exchange.address.prefix !== '' || this.#steps.length >= MOST_STEPS) return
    if (this.#placeholders === undefined) {
      const names = addresses()
      this.#placeholders = new Placeholders([...names, ...names.map(encodedAsRecorded)])
      this.#known.addresses(names)
    }
    const step = this.#stepOf(exchange, answer)
    this.#steps.push(step)
    this.#observe(step, exchange, answer, body)
    this.#known.learn(step, body, headersOf(answer)['location'])
    this.#learnRecords(exchange, answer, body)
  }

  /** Writes both files. @returns where they are; nothing when nothing was seen */
  write(): readonly string[] {
    if (this.#steps.length === 0) return []
    const first = this.#steps.length < MOST_STEPS ? '' : 'the first '
    const title = `recorded by ory-mock proxy: ${first}${this.#steps.length} calls`
    const { variables } = this.#secrets
    const conversation: Conversation = {
      name: this.#name,
      title,
      variables,
      steps: this.#steps,
      observed: this.#observed,
    }
    return [
      this.#file('conversations', conversation),
      this.#file('fixtures', this.#records.fixture(`${this.#name}: seen by ory-mock proxy`)),
    ]
  }

  #file(kind: string, content: object): string {
    const folder = join(this.#folder, kind)
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${this.#name}.json`)
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
    return file
  }

  #stepOf(exchange: Exchange, answer: ProxiedAnswer): OpenStep {
    const { method, path, rawQuery, listener } = exchange
    const target = this.#known.replaced(rawQuery === '' ? path : `${path}?${rawQuery}`)
    const browser = this.#browserOf(exchange, answer)
    return {
      id: `${this.#steps.length + 1}-${exchange.match?.operation.operationId}`,
      call: `${method} ${target}`,
      ...(listener !== 'all' && listener !== apiOf(path) ? { api: listener } : {}),
      ...(browser === undefined ? {} : { as: browser }),
      ...this.#headersOf(exchange),
      ...this.#bodyOf(exchange),
    }
  }

  /** Which browser sent it: one whose cookies it has. What neither has nor gets cookies is no browser. */
  #browserOf({ headers }: Exchange, { cookies }: ProxiedAnswer): string | undefined {
    const sent = [...parseCookies(headers.cookie)].map((pair) => pair.join('='))
    const set = cookies.map((line) => line.split(';')[0] ?? '')
    if (sent.length + set.length === 0) return undefined
    const known = sent.map((cookie) => this.#browsers.get(cookie)).find((name) => name !== undefined)
    const browser = known ?? `browser-${++this.#browserCount}`
    for (const cookie of [...sent, ...set]) this.#browsers.set(cookie, browser)
    return browser
  }

  #headersOf({ headers, body }: Exchange): Pick<OpenStep, 'accept' | 'headers'> {
    const kept: Record<string, string> = {}
    for (const name of ['x-session-token', 'authorization', 'x-csrf-token'] as const) {
      const value = headers[name]
      if (typeof value !== 'string') continue
      const replaced = this.#known.replaced(value)
      // a token that no answer brought is whoever plays the conversation's own
      if (replaced !== value) kept[name] = replaced
    }
    const type = body.contentType
    if (type !== undefined && body.text !== '' && !isJson(type) && !isForm(type)) kept['content-type'] = type
    const { accept } = headers
    if (accept === undefined) return { accept: 'none', ...withHeaders(kept) }
    if (accept.startsWith('text/html')) return { accept: 'html', ...withHeaders(kept) }
    return withHeaders(/^application\/json\b/.test(accept) ? kept : { ...kept, Accept: accept })
  }

  #bodyOf({ body: { contentType = '', text } }: Exchange): Pick<OpenStep, 'json' | 'form' | 'text'> {
    if (text === '') return {}
    if (isForm(contentType)) {
      const fields = [...new URLSearchParams(text)].map(([name, value]) => [
        name,
        this.#secrets.text(value, this.#known, name),
      ])
      return { form: Object.fromEntries(fields) }
    }
    try {
      return { json: this.#secrets.written(JSON.parse(text) as Json, this.#known) }
    } catch {
      // what cannot be read may hold secrets
      return { text: 'not recorded: neither JSON nor a form' }
    }
  }

  #observe(step: OpenStep, exchange: Exchange, answer: ProxiedAnswer, body: Json | undefined): void {
    const headers = headersOf(answer)
    const sentAt = Date.parse(headers['date'] ?? '')
    const seen = this.#placeholders?.answer(
      { status: answer.status, headers, setCookies: answer.cookies, text: answer.text ?? '', json: body },
      Number.isNaN(sentAt) ? exchange.at : sentAt,
    )
    if (seen === undefined) return
    const masked = seen.body === undefined ? {} : { body: this.#secrets.masked(seen.body) }
    this.#observed.push({ id: step.id ?? '', ...seen, ...masked })
  }

  #learnRecords({ match, body, query, params }: Exchange, { status }: ProxiedAnswer, answered: Json | undefined): void {
    if (status >= 300) return
    const operation = match?.operation.operationId
    if (operation === 'adminDeleteIdentity') this.#records.forgetIdentity(params['id'] ?? '')
    else if (operation === 'deleteRelationTuples') this.#records.forgetTuples(query)
    else this.#records.learn(operation, answered, this.#secrets.standInOf(passwordIn(body) ?? ''))
  }
}

/** Percent-encoded, addresses stand in conversations as those that the real servers had. */
function encodedAsRecorded([address, placeholder]: readonly [string, string]): [string, string] {
  const api = APIS.find((each) => placeholder === `<${each}>`) ?? 'public'
  return [encodeURIComponent(address), encodeURIComponent(RECORDED_AT[api])]
}

/** The password that a submit gave. */
function passwordIn({ contentType = '', text }: Exchange['body']): string | undefined {
  if (text === '') return undefined
  if (isForm(contentType)) return new URLSearchParams(text).get('password') ?? undefined
  try {
    const body = JSON.parse(text) as Json
    return isJsonObject(body) && typeof body['password'] === 'string' ? body['password'] : undefined
  } catch {
    return undefined
  }
}

const isJson = (type: string): boolean => /^application\/json\b/i.test(type)
const isForm = (type: string): boolean => /^application\/x-www-form-urlencoded\b/i.test(type)

const withHeaders = (headers: Record<string, string>): Pick<OpenStep, 'headers'> =>
  Object.keys(headers).length === 0 ? {} : { headers }

function headersOf({ headers }: ProxiedAnswer): Record<string, string> {
  const named: Record<string, string> = {}
  for (let at = 0; at < headers.length; at += 2) named[(headers[at] ?? '').toLowerCase()] = headers[at + 1] ?? ''
  return named
}
