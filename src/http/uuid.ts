import { badRequestMessage } from '../errors.ts'
import { GoJsonError } from './go-json.ts'
import { goQuote, isPrintable } from './go-text.ts'

/*
 * The ways in which the real servers read UUIDs (admin-keto-projects §0.5). All take the spellings `…-…-…`, 32
 * digits, `{…}` and `urn:uuid:…`, and all answer the canonical one.
 */

const HEX_32 = /^[0-9a-f]{32}$/i
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const GROUPS = [8, 4, 4, 4, 12]

/** A UUID in a path where what is none counts as an id that nobody has: `undefined`, and so a 404. */
export function lenientUuid(text: string): string | undefined {
  const bare = text.length === 38 ? text.slice(1, -1) : text.replace(/^urn:uuid:/i, '')
  if (CANONICAL.test(bare)) return bare.toLowerCase()
  return HEX_32.test(text) ? hyphenate(text.toLowerCase()) : undefined
}

/**
 * A UUID in a path where what is none is refused.
 * @throws OryError 400 whose message is the parser's text: `uuid: incorrect UUID length 3 in string "foo"`
 */
export function parseUuid(text: string): string {
  const read = readUuid(text)
  if ('problem' in read) throw badRequestMessage(read.problem, 'could not parse UUID')
  return read.uuid
}

/** A UUID, or what the parser says against it. */
export function readUuid(text: string): { readonly uuid: string } | { readonly problem: string } {
  try {
    return { uuid: decodeUuid(text) }
  } catch (error) {
    if (error instanceof GoJsonError) return { problem: error.message }
    throw error
  }
}

/**
 * A UUID in a JSON body.
 * @throws GoJsonError with the parser's text
 */
export function decodeUuid(text: string): string {
  switch (Buffer.byteLength(text)) {
    case 32:
      return plain(text)
    case 36:
      return canonical(text, text)
    case 34:
    case 38:
      if (!/^\{.*\}$/s.test(text)) throw incorrect('format', text)
      return text.length === 34 ? plain(text.slice(1, -1)) : canonical(text.slice(1, -1), text)
    case 41:
    case 45:
      if (!text.startsWith('urn:uuid:')) throw incorrect('format', text)
      return text.length === 41 ? plain(text.slice(9)) : canonical(text.slice(9), text)
    default:
      throw incorrect(`length ${Buffer.byteLength(text)}`, text)
  }
}

function canonical(bare: string, text: string): string {
  if (![8, 13, 18, 23].every((at) => bare[at] === '-')) throw incorrect('format', text)
  let at = 0
  const groups = GROUPS.map((length) => {
    const group = bare.slice(at, at + length)
    at += length + 1
    return group
  })
  return groups.map(hex).join('-')
}

const plain = (bare: string) => hyphenate(hex(bare))

/** Refuses the first byte that is no hexadecimal digit, in Go's words. */
function hex(text: string): string {
  const at = text.search(/[^0-9a-f]/i)
  if (at === -1) return text.toLowerCase()
  const byte = Buffer.from(text.slice(at))[0] ?? 0
  const code = byte.toString(16).toUpperCase().padStart(4, '0')
  const shown = isPrintable(String.fromCharCode(byte)) ? ` '${String.fromCharCode(byte)}'` : ''
  throw new GoJsonError(`encoding/hex: invalid byte: U+${code}${shown}`)
}

function incorrect(what: string, text: string): GoJsonError {
  return new GoJsonError(`uuid: incorrect UUID ${what} in string ${goQuote(text)}`)
}

function hyphenate(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}
