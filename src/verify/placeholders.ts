import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Answer } from './http-client.ts'

/*
 * What an answer looks like without what varies between two runs: ids, tokens, codes, instants and addresses become
 * placeholders. Equal ids of one conversation have equal placeholders.
 */

const NIL = '00000000-0000-0000-0000-000000000000'
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
/** One code, or the twelve of a list, some of them used. */
const CODES = /^(?=.*\d)[a-z0-9]{8}$|^([a-z0-9]{8}|used)(, ([a-z0-9]{8}|used)){11}$/
const CODE = /^[a-z0-9]{8}$/
const TOKEN = /^[A-Za-z0-9]{32}$/
const OPAQUE = /^[A-Za-z0-9+/_-]{16,}={0,2}$/
const WORDS = /^[a-z_/-]+$/i
const DIGITS = /^[0-9]+$/
/** Ids of errors, such as session_aal2_required, look like tokens because of their digit. */
const ERROR_ID = /^[a-z]+(_[a-z0-9]+)+$/
const BACKUP_CODE_TEXT = 1050009

const HEADERS = [
  'location',
  'content-type',
  'cache-control',
  'vary',
  'allow',
  'link',
  'x-total-count',
  'x-kratos-authenticated-identity-id',
]

/** Parts of texts that vary, in the order in which they are replaced. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/^data:image\/[a-z]+;base64,.+$/s, '<image>'],
  [/([?&](?:token|flow|csrf_token|state|secret)=)[A-Za-z0-9+/_%=-]{16,}/g, '$1<opaque>'],
  [/csrf_token_[0-9a-f]{64}/g, 'csrf_token_<hash>'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4} [A-Z]{3})?/g, '<date>'],
  [/(expired )[\d.]+( minutes ago)/g, '$1<minutes>$2'],
]
const WEBAUTHN: readonly (readonly [RegExp, string])[] = [
  [/("challenge":")[A-Za-z0-9+/=]{43,44}/g, '$1<challenge>'],
  [/("user":\{[^}]*"id":")[A-Za-z0-9+/=]{20,}/g, '$1<user>'],
]

export class Placeholders {
  readonly #ids = new Map<string, string>()
  readonly #fixed: readonly (readonly [RegExp, string])[]

  /** @param fixed texts with a placeholder of their own, such as addresses; of two that begin alike the longer counts */
  constructor(fixed: readonly (readonly [string, string])[]) {
    this.#fixed = [...fixed]
      .sort(([one], [other]) => other.length - one.length)
      .map(([text, name]) => [asWhole(text), name] as const)
  }

  /** @param now the server's time, to which instants are told relative, to the nearest ten seconds */
  answer({ status, headers, setCookies, text, json }: Answer, now: number) {
    const kept: Record<string, Json> = {}
    for (const name of HEADERS) {
      const value = headers[name]
      if (value === undefined) continue
      kept[name] = this.text(String(name === 'content-type' ? String(value).split(';')[0]?.trim() : value), now)
    }
    if (setCookies.length > 0) kept['set-cookie'] = setCookies.map(cookie).sort()
    const body = json !== undefined ? this.value(json, now) : this.#page(text, now)
    return { status, headers: kept as JsonObject, ...(body === undefined ? {} : { body }) }
  }

  text(given: string, now: number): string {
    const named = replaceAll(given, this.#fixed)
    if (INSTANT.test(named)) return instant(named, now)
    if (CODES.test(named)) return named.replace(/[a-z0-9]{8}/g, '<code>')
    const withIds = replaceAll(named, WEBAUTHN).replace(UUID, (id) => this.#id(id))
    const text = replaceAll(withIds, VARYING)
    if (TOKEN.test(text)) return '<opaque len=32>'
    const opaque = OPAQUE.test(text) && !WORDS.test(text) && !DIGITS.test(text)
    return opaque ? `<opaque len=${text.length > 64 ? 'long' : text.length}>` : text
  }

  value(value: Json, now: number): Json {
    if (typeof value === 'string') return this.text(value, now)
    if (Array.isArray(value)) return value.map((item: Json) => this.value(item, now))
    if (!isJsonObject(value)) return value
    const kept = Object.keys(value)
      .sort()
      .filter((key) => key !== 'debug' && key !== 'stack_trace')
    return Object.fromEntries(kept.map((key) => [key, this.#member(value, key, now)]))
  }

  #member(object: JsonObject, key: string, now: number): Json {
    const value = object[key] ?? null
    if (key === 'request' && typeof value === 'string') return '<request-id>'
    if (key === 'since' && typeof value === 'number') return '<nanoseconds>'
    if (key === 'secret' && typeof value === 'string' && CODE.test(value)) return '<code>'
    if (key === 'text' && object['id'] === BACKUP_CODE_TEXT) return '<code>'
    if (key === 'id' && typeof value === 'string' && ERROR_ID.test(value)) return value
    return this.value(value, now)
  }

  #page(text: string, now: number): Json | undefined {
    if (text === '') return undefined
    return /<html|<a href/i.test(text) ? '<html>' : this.text(text.trim(), now)
  }

  #id(id: string): string {
    if (id === NIL) return '<nil-uuid>'
    const name = this.#ids.get(id) ?? `<uuid#${this.#ids.size + 1}>`
    this.#ids.set(id, name)
    return name
  }
}

const replaceAll = (text: string, rules: readonly (readonly [RegExp, string])[]): string =>
  rules.reduce((replaced, [pattern, name]) => replaced.replace(pattern, name), text)

/** `http://localhost` is no part of `http://localhost:4455`, nor `…:443` of `…:4433`. */
function asWhole(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(/^https?(:|%3A)/.test(text) ? `${escaped}(?![\\w.:-]|%3A)` : escaped, 'g')
}

const toTens = (seconds: number): number => Math.round(seconds / 10) * 10

function instant(text: string, now: number): string {
  if (text.startsWith('0001-01-01')) return '<zero-time>'
  const distance = toTens((Date.parse(text) - now) / 1000)
  return distance === 0 ? '<now>' : `<now${distance > 0 ? '+' : ''}${distance}s>`
}

function cookie(line: string): string {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).replace(/[0-9a-f]{64}/, '<hash>')
  const kept = attributes
    .filter((one) => !/^expires=/i.test(one))
    .map((one) => one.replace(/^max-age=(\d+)$/i, (_, seconds: string) => `Max-Age=${toTens(Number(seconds))}`))
  return [`${name}=${pair.slice(at + 1) === '' ? '' : '<value>'}`, ...kept.sort()].join('; ')
}
