import type { Json } from '../json.ts'
import { goQuoteByte } from './go-text.ts'

/*
 * JSON as Go's encoding/json reads it: the same values, and for a broken text the same words, which the real servers pass
 * on to the client (`invalid character 'b' looking for beginning of object key string`, `unexpected EOF`).
 */

/** A text that Go's decoder refuses; `message` is what Go says. */
export class GoJsonError extends Error {}

/** Go allows ten times as much; no more than this is walked safely by what comes after. */
const MAX_DEPTH = 1000
const CUT_OFF = 'unexpected end of JSON input'

/**
 * Reads the first JSON value of a text, as `json.NewDecoder(…).Decode` does: what follows that value is ignored.
 * @throws GoJsonError `EOF` when there is nothing but blanks, `unexpected EOF` when the text ends within a value
 */
export function decodeGoJson(text: string): Json {
  const whole = parse(text)
  if (whole !== undefined) return whole.value
  const scanner = new Scanner(text)
  if (scanner.atEnd()) throw new GoJsonError('EOF')
  const end = scanner.readValue('unexpected EOF')
  return scanner.valueUntil(end)
}

/**
 * Reads a text that is one JSON value and nothing else, as `json.Unmarshal` does.
 * @throws GoJsonError `unexpected end of JSON input` when the text is empty or cut off
 */
export function unmarshalGoJson(text: string): Json {
  const whole = parse(text)
  if (whole !== undefined) return whole.value
  const scanner = new Scanner(text)
  const end = scanner.readValue(CUT_OFF)
  scanner.expectEnd()
  return scanner.valueUntil(end)
}

/** The native parser reads the same grammar; only its error texts differ. */
function parse(text: string): { readonly value: Json } | undefined {
  if (nestsDeeper(text, MAX_DEPTH)) throw new GoJsonError('exceeded max depth')
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return undefined
  }
}

/** Whether arrays and objects of a JSON text stand in each other deeper than `limit`, told without recursion. */
export function nestsDeeper(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === QUOTE) at = endOfString(text, at)
    else if (char === OPEN_BRACKET || char === OPEN_BRACE) depth++
    else if (char === CLOSE_BRACKET || char === CLOSE_BRACE) depth--
    if (depth > limit) return true
  }
  return false
}

/** The offset of the quote that closes the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

const [SPACE, TAB, LF, CR, QUOTE, BACKSLASH] = [0x20, 0x09, 0x0a, 0x0d, 0x22, 0x5c]
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, COLON] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a]
const [MINUS, PLUS, DOT, ZERO] = [0x2d, 0x2b, 0x2e, 0x30]
const LITERALS: ReadonlyMap<number, string> = new Map([
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null'],
])

/** Walks the bytes of a text with the states and texts of Go's scanner. */
class Scanner {
  readonly #bytes: Buffer
  #at = 0
  #cutOff = ''

  constructor(text: string) {
    this.#bytes = Buffer.from(text, 'utf8')
  }

  atEnd(): boolean {
    this.#skipBlanks()
    return this.#at >= this.#bytes.length
  }

  /**
   * Reads one value; answers the offset behind it.
   * @param cutOff what to say when the text ends within the value
   */
  readValue(cutOff: string): number {
    this.#cutOff = cutOff
    this.#value()
    return this.#at
  }

  expectEnd(): void {
    if (!this.atEnd()) throw this.#invalid('after top-level value')
  }

  valueUntil(end: number): Json {
    return JSON.parse(this.#bytes.subarray(0, end).toString('utf8')) as Json
  }

  #value(orClose?: number): boolean {
    this.#skipBlanks()
    const byte = this.#peek()
    if (orClose !== undefined && byte === orClose) {
      this.#at++
      return false
    }
    if (byte === OPEN_BRACE) this.#object()
    else if (byte === OPEN_BRACKET) this.#array()
    else if (byte === QUOTE) this.#string()
    else if (byte === MINUS || isDigit(byte)) this.#number()
    else if (LITERALS.has(byte)) this.#literal(LITERALS.get(byte) ?? '')
    else throw this.#invalid('looking for beginning of value')
    return true
  }

  #object(): void {
    this.#at++
    this.#skipBlanks()
    if (this.#peek() === CLOSE_BRACE) {
      this.#at++
      return
    }
    for (;;) {
      this.#skipBlanks()
      if (this.#peek() !== QUOTE) throw this.#invalid('looking for beginning of object key string')
      this.#string()
      this.#skipBlanks()
      if (this.#peek() !== COLON) throw this.#invalid('after object key')
      this.#at++
      this.#value()
      this.#skipBlanks()
      const byte = this.#peek()
      if (byte !== COMMA && byte !== CLOSE_BRACE) throw this.#invalid('after object key:value pair')
      this.#at++
      if (byte === CLOSE_BRACE) return
    }
  }

  #array(): void {
    this.#at++
    if (!this.#value(CLOSE_BRACKET)) return
    for (;;) {
      this.#skipBlanks()
      const byte = this.#peek()
      if (byte !== COMMA && byte !== CLOSE_BRACKET) throw this.#invalid('after array element')
      this.#at++
      if (byte === CLOSE_BRACKET) return
      this.#value()
    }
  }

  #string(): void {
    this.#at++
    for (;;) {
      const byte = this.#peek()
      if (byte < SPACE) throw this.#invalid('in string literal')
      this.#at++
      if (byte === QUOTE) return
      if (byte === BACKSLASH) this.#escape()
    }
  }

  #escape(): void {
    const byte = this.#within()
    if (!'bfnrt\\/"u'.includes(String.fromCharCode(byte))) throw this.#invalid('in string escape code')
    this.#at++
    if (byte !== 0x75) return
    for (let i = 0; i < 4; i++) {
      if (!/[0-9a-fA-F]/.test(String.fromCharCode(this.#within()))) {
        throw this.#invalid('in \\u hexadecimal character escape')
      }
      this.#at++
    }
  }

  #number(): void {
    if (this.#within() === MINUS) {
      this.#at++
      if (!isDigit(this.#within())) throw this.#invalid('in numeric literal')
    }
    if (this.#within() === ZERO) this.#at++
    else this.#digits()
    if (this.#bytes[this.#at] === DOT) {
      this.#at++
      if (!isDigit(this.#within())) throw this.#invalid('after decimal point in numeric literal')
      this.#digits()
    }
    const byte = this.#bytes[this.#at]
    if (byte !== 0x65 && byte !== 0x45) return
    this.#at++
    if (this.#within() === PLUS || this.#within() === MINUS) this.#at++
    if (!isDigit(this.#within())) throw this.#invalid('in exponent of numeric literal')
    this.#digits()
  }

  #digits(): void {
    while (isDigit(this.#bytes[this.#at] ?? 0)) this.#at++
  }

  #literal(word: string): void {
    for (const expected of word) {
      const byte = this.#within()
      if (byte !== expected.charCodeAt(0)) throw this.#invalid(`in literal ${word} (expecting '${expected}')`)
      this.#at++
    }
  }

  #skipBlanks(): void {
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte !== SPACE && byte !== TAB && byte !== LF && byte !== CR) return
      this.#at++
    }
  }

  /** @throws GoJsonError at the end of the text */
  #peek(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new GoJsonError(this.#cutOff)
    return byte
  }

  /** Within a token. Where the text must be whole, its end counts as a blank there, which then is what is invalid. */
  #within(): number {
    return this.#at >= this.#bytes.length && this.#cutOff === CUT_OFF ? SPACE : this.#peek()
  }

  #invalid(where: string): GoJsonError {
    return new GoJsonError(`invalid character ${goQuoteByte(this.#within())} ${where}`)
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39
}
