import { pointerOf } from '../config/problem.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Step } from '../verify/conversation.ts'
import { type Rewrite, rewriteOf } from './addresses.ts'

/** A step that is still being written: what later steps use of its answer is added to `save`. */
export type OpenStep = { -readonly [K in keyof Step]: Step[K] } & { save?: Record<string, string> }

/** A value of an answer: which step it came with, and where it stood. */
interface Source {
  readonly step: OpenStep
  /** As in `save`. */
  readonly what: string
  /** What a variable for it is called, but for a number. */
  readonly kind: string
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const OPAQUE = /^(?=.*\d)[A-Za-z0-9+/_=-]{16,}$/
const CODE = /^(?=.*\d)[a-z0-9]{8}$/

const isTelling = (text: string): boolean => UUID.test(text) || OPAQUE.test(text) || CODE.test(text)

/** So many values are known at most; those that came first make room. */
const MOST = 5_000

/**
 * The ids, tokens and codes that answers brought, so that requests which use them can be written as what they are: not that
 * very id, but the one that came before.
 */
export class KnownValues {
  readonly #sources = new Map<string, Source>()
  readonly #names = new Map<string, string>()
  #totp: string | undefined
  #rewrite: Rewrite = (text) => text
  #count = 0

  /** Takes in the names of addresses, which conversations write as `{public}`, `{admin}` … */
  addresses(names: readonly (readonly [string, string])[]): void {
    this.#rewrite = rewriteOf(names.map(([address, placeholder]) => [address, `{${placeholder.slice(1, -1)}}`]))
  }

  /** Takes in what an answer brought. */
  learn(step: OpenStep, body: Json | undefined, location: string | undefined): void {
    if (location !== undefined) this.#learnLocation(step, location)
    if (body === undefined) return
    for (const node of nodesOf(body)) this.#learnNode(step, node)
    this.#learnBody(step, body, [])
  }

  /** A text with the places of known values, as the steps of a conversation write them. */
  replaced(text: string): string {
    if (text.length < 8) return text
    // the percent-encoded address is the percent-encoded place
    let written = this.#rewrite(text).replace(/%7B(public|admin|read|write)%7D/g, '{uri:$1}')
    for (const value of this.#longestIn(text)) {
      for (const [spelling, form] of [
        [value, ''],
        [encodeURIComponent(value), 'uri:'],
      ] as const) {
        if (written.includes(spelling)) written = written.replaceAll(spelling, `{${form}${this.#name(value)}}`)
      }
    }
    return written
  }

  /** The place of a code of the authenticator app that was set up last. */
  totpCode(): string | undefined {
    return this.#totp === undefined ? undefined : `{totp:${this.#name(this.#totp)}}`
  }

  #longestIn(text: string): string[] {
    const found = [...this.#sources.keys()].filter(
      (value) => text.includes(value) || text.includes(encodeURIComponent(value)),
    )
    return found.sort((a, b) => b.length - a.length)
  }

  /** The variable that holds a value; from now on its step saves it. */
  #name(value: string): string {
    const known = this.#names.get(value)
    if (known !== undefined) return known
    const source = this.#sources.get(value)
    if (source === undefined) throw new Error('a value is named that nobody brought')
    const name = `${source.kind}_${++this.#count}`
    this.#names.set(value, name)
    source.step.save = { ...source.step.save, [name]: source.what }
    return name
  }

  #add(value: string, source: Source): void {
    if (!isTelling(value) || this.#sources.has(value)) return
    const [oldest] = this.#sources.keys()
    if (this.#sources.size >= MOST && oldest !== undefined) this.#sources.delete(oldest)
    this.#sources.set(value, source)
  }

  #learnLocation(step: OpenStep, location: string): void {
    if (!URL.canParse(location, 'http://localhost')) return
    for (const [name, value] of new URL(location, 'http://localhost').searchParams) {
      this.#add(value, { step, what: `location:${name}`, kind: kindOf(name) })
    }
  }

  #learnNode(step: OpenStep, { name, id, value, text }: JsonObject): void {
    if (typeof value === 'string' && name === 'csrf_token') this.#add(value, { step, what: 'csrf', kind: 'csrf' })
    else if (typeof value === 'string') this.#add(value, { step, what: `node:${name}`, kind: kindOf(String(name)) })
    const shown = isJsonObject(text) ? text['text'] : undefined
    if (typeof shown !== 'string' || typeof id !== 'string') return
    this.#add(shown, { step, what: `text:${id}`, kind: kindOf(id) })
    if (id === 'totp_secret_key') this.#totp = shown
  }

  #learnBody(step: OpenStep, value: Json | undefined, path: readonly (string | number)[]): void {
    if (typeof value === 'string') {
      this.#add(value, { step, what: pointerOf(path), kind: kindOf(String(path.findLast(isName) ?? 'value')) })
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#learnBody(step, item, [...path, index])
    } else if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value)) this.#learnBody(step, member, [...path, key])
    }
  }
}

const isName = (key: string | number): boolean => typeof key === 'string'

const kindOf = (name: string): string => name.replace(/\W+/g, '_').replace(/^_+|_+$/g, '') || 'value'

/** The attributes of a flow's nodes. */
function nodesOf(body: Json): JsonObject[] {
  const ui = isJsonObject(body) ? body['ui'] : undefined
  const nodes = isJsonObject(ui) ? ui['nodes'] : undefined
  return (Array.isArray(nodes) ? nodes : []).flatMap((node: Json) => {
    const attributes = isJsonObject(node) ? node['attributes'] : undefined
    return isJsonObject(attributes) ? [attributes] : []
  })
}
