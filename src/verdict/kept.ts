import type { Front } from '../http/address.ts'
import type { Recorded } from './journal.ts'
import { Place, type TextStore } from './text-store.ts'

type Texts = 'target' | 'path' | 'rawQuery' | 'requestHeaders' | 'requestBody' | 'responseHeaders' | 'responseBody'

/** Target, path and query. */
const ADDRESS = 3
const NONE: readonly never[] = []

/**
 * An exchange as a journal keeps it, its texts in the store. It is filled again when its exchange has made room: an old
 * object that refers to nothing new costs the garbage collector nothing, a new one that stays is copied twice.
 */
export class Kept implements Omit<Recorded, Texts> {
  id = 0
  at = 0
  order = 0
  micros = 0
  status = 0
  sentAfter = 0
  sandbox = ''
  method = ''
  front: Front = { scheme: 'http', host: '', prefix: '' }
  operation: Recorded['operation']
  fault: Recorded['fault']
  requestBreaches: Recorded['requestBreaches'] = NONE
  responseBreaches: Recorded['responseBreaches'] = NONE
  switches: Recorded['switches'] = NONE
  noted: Recorded['noted'] = NONE
  requestType: Recorded['requestType']
  cookies: Recorded['cookies'] = NONE
  cookieLines: Recorded['cookieLines']
  flowState: Recorded['flowState']
  /** How many of the head's lines are of the request. */
  #asked = 0
  readonly #place = new Place()

  fill(entry: Recorded, texts: TextStore): this {
    this.id = entry.id
    this.at = entry.at
    this.order = entry.order
    this.micros = entry.micros
    this.status = entry.status
    this.sentAfter = entry.sentAfter
    this.sandbox = entry.sandbox
    this.method = entry.method
    // most exchanges have the same as the one before
    if (!isSame(this.front, entry.front)) this.front = entry.front
    this.operation = entry.operation
    this.fault = entry.fault
    this.requestBreaches = entry.requestBreaches
    this.responseBreaches = entry.responseBreaches
    this.switches = entry.switches
    this.noted = entry.noted
    this.requestType = entry.requestType
    this.cookies = entry.cookies
    this.cookieLines = entry.cookieLines
    this.flowState = entry.flowState
    this.#asked = ADDRESS + entry.requestHeaders.length
    texts.keep(headOf(entry), entry.requestBody, entry.responseBody, this.#place)
    return this
  }

  /** The exchange again, as it was. */
  read(texts: TextStore): Recorded {
    const { head, request, response } = texts.read(this.#place)
    const lines = head.split('\n')
    const [target = '', path = '', rawQuery = '', ...requestHeaders] = lines.slice(0, this.#asked)
    const responseHeaders: Record<string, string> = Object.create(null)
    for (let at = this.#asked; at < lines.length; at += 2) responseHeaders[lines[at] ?? ''] = lines[at + 1] ?? ''
    return {
      ...this,
      ...{ target, path, rawQuery, requestHeaders, requestBody: request },
      ...{ responseHeaders, responseBody: response },
    }
  }

  release(texts: TextStore): void {
    texts.release(this.#place)
  }
}

const isSame = (one: Front, other: Front): boolean =>
  one.host === other.host && one.scheme === other.scheme && one.prefix === other.prefix

/** Address and headers of both sides, a line each: HTTP knows no line break in them. */
function headOf({ target, path, rawQuery, requestHeaders, responseHeaders }: Recorded): string {
  let head = `${target}\n${path}\n${rawQuery}`
  for (const text of requestHeaders) head += `\n${text}`
  for (const name in responseHeaders) head += `\n${name}\n${responseHeaders[name]}`
  return head
}
