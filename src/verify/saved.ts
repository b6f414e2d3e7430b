import { TOTP } from 'otpauth'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { CookieJar } from './cookie-jar.ts'
import type { Answer } from './http-client.ts'
import { pointed } from './pointed.ts'

/** What a conversation has learnt: variables and values of answers, by name. */
export type Saved = Record<string, Json | undefined>

/** `{name}`, `{name.0}` of a list, `{totp:secret}` for a code, `{uri:name}` percent-encoded. */
const PLACE = /\{([a-z]+:)?([A-Za-z_][A-Za-z0-9_]*)(?:\.(\d+))?\}/g

/**
 * Every `{name}` in the texts of a value replaced by what was saved; what nobody saved stays as it is written.
 * @param now the server's time, which codes depend on
 */
export function fill<T>(value: T, saved: Saved, now: number): T {
  return filled(value as Json, saved, now) as T
}

function filled(value: Json, saved: Saved, now: number): Json {
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, saved, now))
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member ?? null, saved, now)]))
  }
  if (typeof value !== 'string') return value
  return value.replace(PLACE, (whole, kind: string | undefined, name: string, index: string | undefined) => {
    const all = saved[name]
    const one = index === undefined || !Array.isArray(all) ? all : (all[Number(index)] as Json | undefined)
    if (one === undefined || one === null) return one === null ? 'null' : whole
    if (kind === 'totp:') return new TOTP({ secret: String(one) }).generate({ timestamp: now })
    return kind === 'uri:' ? encodeURIComponent(String(one)) : String(one)
  })
}

/** A URL without the public address, so that it can be called. */
export const stripBase = (url: string, base: string): string => (url.startsWith(base) ? url.slice(base.length) : url)

/**
 * The value of an answer that `what` names: a JSON pointer, or `csrf`, `node:NAME`, `text:ID`, `codes:ID`, `location`,
 * `location:PARAMETER`, `header:NAME`, `cookie:NAME`, `path:POINTER`.
 */
export function savedFrom(what: string, answer: Answer, jar: CookieJar | undefined, base: string): Json | undefined {
  const [, kind = '', name = ''] = /^([a-z]+):(.*)$/.exec(what) ?? [undefined, what, '']
  const location = String(answer.headers['location'] ?? '')
  switch (kind) {
    case 'csrf':
      return nodeNamed(answer, 'name', 'csrf_token')?.['value']
    case 'node':
      return nodeNamed(answer, 'name', name)?.['value']
    case 'text':
      return textOf(answer, name)?.['text']
    case 'codes':
      return codesOf(answer, name)
    case 'location':
      return name === '' ? stripBase(location, base) : (new URL(location, base).searchParams.get(name) ?? undefined)
    case 'header':
      return String(answer.headers[name] ?? '')
    case 'cookie':
      return jar?.get(name)
    case 'path':
      return stripBase(String(pointed(answer.json, name) ?? ''), base)
    default:
      return pointed(answer.json, what)
  }
}

/** The attributes of the first node with that name or id. */
function nodeNamed({ json }: Answer, key: 'name' | 'id', value: string): JsonObject | undefined {
  const nodes = pointed(json, '/ui/nodes')
  const attributes = (Array.isArray(nodes) ? nodes : []).map((node: Json) => pointed(node, '/attributes'))
  return attributes.filter(isJsonObject).find((one) => one[key] === value)
}

function textOf(answer: Answer, id: string): JsonObject | undefined {
  const text = nodeNamed(answer, 'id', id)?.['text']
  return isJsonObject(text) ? text : undefined
}

function codesOf(answer: Answer, id: string): Json | undefined {
  const secrets = pointed(textOf(answer, id), '/context/secrets')
  return Array.isArray(secrets) ? secrets.map((secret: Json) => pointed(secret, '/text') ?? null) : undefined
}
