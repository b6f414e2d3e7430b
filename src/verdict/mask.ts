import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { isOpenCookie, isSecretHeader, isSecretName, isSecretParameter, isSecretTree, MASK } from './secret-names.ts'
import type { ShownHeaders } from './shown-entry.ts'

/** Shorter secrets are masked under their names alone: they could be a part of anything. */
const TELLING = 8

/**
 * Masks the secrets of one exchange: first what stands under a secret name, then whatever is the same elsewhere. Mask all
 * parts before the first `scrub`, which knows the secrets of those that were masked.
 */
export class Masking {
  readonly #secrets = new Set<string>()

  headers(headers: ShownHeaders): ShownHeaders {
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? this.#header(name, value) : value.map((each) => this.#header(name, each)),
      ]),
    )
  }

  json(value: Json): Json {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((each: Json) => this.json(each))
    return isJsonObject(value) ? this.#object(value) : value
  }

  /** The fields of a form; undefined when it is none. */
  form(text: string): string | undefined {
    const fields = [...new URLSearchParams(text)]
    if (!fields.every(([name]) => /^[\w.[\]-]+$/.test(name))) return undefined
    return fields
      .map(([name, value]) => {
        const shown = isSecretName(name) ? this.#secret(value) : encodeURIComponent(this.text(value))
        return `${encodeURIComponent(name)}=${shown}`
      })
      .join('&')
  }

  /** A text: the parameters of its addresses, and the passwords before an `@`. */
  text(text: string): string {
    if (text.startsWith('data:')) return this.#secret(text)
    return text
      .replace(/([?&;#])([\w.%+-]+)=([^&#\s"'<>]*)/g, (_, before: string, name: string, value: string) => {
        return `${before}${name}=${this.#parameter(decode(name), value)}`
      })
      .replace(/(\b[\w+.-]+:\/\/[^\s:/@]*:)([^\s@/]+)@/g, (_, before: string, password: string) => {
        return `${before}${this.#secret(password)}@`
      })
  }

  /** A masked part again, without the secrets that the other parts named. */
  scrub<T extends Json>(value: T): T {
    if (this.#secrets.size === 0) return value
    return this.#scrub(value) as T
  }

  #scrub(value: Json): Json {
    if (typeof value === 'string') return this.#scrubText(value)
    if (Array.isArray(value)) return value.map((each: Json) => this.#scrub(each))
    if (!isJsonObject(value)) return value
    return mapMembers(value, (_, each) => this.#scrub(each))
  }

  #scrubText(text: string): string {
    let scrubbed = text
    for (const secret of this.#secrets) if (scrubbed.includes(secret)) scrubbed = scrubbed.replaceAll(secret, MASK)
    return scrubbed
  }

  #secret(value: string): string {
    if (value === '' || value === MASK) return value
    for (const spelling of [value, encodeURIComponent(value), decode(value)]) {
      if (spelling.length >= TELLING) this.#secrets.add(spelling)
    }
    return MASK
  }

  /** An address may stand in a parameter of another. */
  #parameter(name: string, value: string): string {
    if (isSecretParameter(name)) return this.#secret(value)
    if (!/%3d/i.test(value)) return value
    const inner = decode(value)
    const masked = this.text(inner)
    return masked === inner ? value : encodeURIComponent(masked)
  }

  #header(name: string, value: string): string {
    if (isSecretHeader(name)) return this.#credentials(value)
    if (name === 'cookie') {
      return value.replace(/([^=;\s]+)(?:=([^;]*))?/g, (_, ...pair: string[]) => this.#cookie(pair))
    }
    if (name === 'set-cookie') return value.replace(/^([^=;]+)=([^;]*)/, (_, ...pair: string[]) => this.#cookie(pair))
    return this.text(value)
  }

  /** `Bearer …`, or the secret alone. */
  #credentials(value: string): string {
    const [, scheme = '', secret = value] = /^(\w+ )(.+)$/.exec(value) ?? []
    return `${scheme}${this.#secret(secret)}`
  }

  /** What has no name is no cookie, but may be a secret. */
  #cookie([name = '', value]: readonly (string | undefined)[]): string {
    if (value === undefined) return this.#secret(name)
    return `${name}=${isOpenCookie(name) ? value : this.#secret(value)}`
  }

  #object(object: JsonObject): JsonObject {
    const named = namesSecret(object)
    return mapMembers(object, (name, value) => {
      if (isSecretTree(name)) return this.#all(value)
      const isSecret = isSecretName(name) || (named && (name === 'value' || name === 'onclick'))
      return isSecret ? this.#leaves(value) : this.json(value)
    })
  }

  /** What stands right under a secret name. An object below it has names of its own: `credentials.password.identifiers`. */
  #leaves(value: Json): Json {
    if (typeof value === 'string') return this.#secret(value)
    if (Array.isArray(value)) return value.map((each: Json) => this.#leaves(each))
    return this.json(value)
  }

  #all(value: Json): Json {
    if (typeof value === 'string') return this.#secret(value)
    if (Array.isArray(value)) return value.map((each: Json) => this.#all(each))
    return isJsonObject(value) ? mapMembers(value, (_, each) => this.#all(each)) : value
  }
}

/**
 * An object that names in one member what it holds in `value`: a field of a form, an operation of a JSON Patch, the key of
 * a web hook.
 */
function namesSecret(object: JsonObject): boolean {
  const { name, path } = object as { readonly name?: Json; readonly path?: Json }
  if (Object.hasOwn(object, 'in') && Object.hasOwn(object, 'name')) return true
  if (typeof name === 'string' && isSecretName(name)) return true
  if (typeof path !== 'string') return false
  const parts = path.split('/').filter((part) => !/^(\d+|-)?$/.test(part))
  return parts.some(isSecretTree) || isSecretName(parts.at(-1) ?? '')
}

function mapMembers(object: JsonObject, change: (name: string, value: Json) => Json): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, change(name, value)]],
  )
  return Object.fromEntries(entries)
}

/** Percent-encoded text decoded; any other as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
