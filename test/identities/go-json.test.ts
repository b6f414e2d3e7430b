import { describe, expect, it } from 'vitest'
import { decodeGoJson, unmarshalGoJson } from '../../src/http/go-json.ts'
import { goBigFloat, goDecimal, goQuote } from '../../src/http/go-text.ts'
import { decodeUuid, lenientUuid } from '../../src/http/uuid.ts'

/** What a decoder says against a text, or nothing. */
function said(decode: (text: string) => unknown, text: string): string {
  try {
    decode(text)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Text → what `json.Decoder` says, what `json.Unmarshal` says. Compared with Go. */
const BROKEN: readonly (readonly [string, string, string])[] = [
  ['', 'EOF', 'unexpected end of JSON input'],
  [' \n', 'EOF', 'unexpected end of JSON input'],
  ['{', 'unexpected EOF', 'unexpected end of JSON input'],
  ['[1,', 'unexpected EOF', 'unexpected end of JSON input'],
  ['"a', 'unexpected EOF', 'unexpected end of JSON input'],
  ['tru', 'unexpected EOF', "invalid character ' ' in literal true (expecting 'e')"],
  ['-', 'unexpected EOF', "invalid character ' ' in numeric literal"],
  ...(
    [
      ['{bad', "invalid character 'b' looking for beginning of object key string"],
      ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
      ['{"a"1}', "invalid character '1' after object key"],
      ['{"a":1 2}', "invalid character '2' after object key:value pair"],
      ['[1 2]', "invalid character '2' after array element"],
      ['[1,]', "invalid character ']' looking for beginning of value"],
      ['hello', "invalid character 'h' looking for beginning of value"],
      ["'a'", String.raw`invalid character '\'' looking for beginning of value`],
      ['п', "invalid character 'Ð' looking for beginning of value"],
      ['\u0000', String.raw`invalid character '\x00' looking for beginning of value`],
      ['"\n"', String.raw`invalid character '\n' in string literal`],
      [String.raw`"\x"`, "invalid character 'x' in string escape code"],
      [String.raw`"\u00g0"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
      ['nul!', "invalid character '!' in literal null (expecting 'l')"],
      ['-a', "invalid character 'a' in numeric literal"],
      ['1.a', "invalid character 'a' after decimal point in numeric literal"],
      ['1ea', "invalid character 'a' in exponent of numeric literal"],
      ['[01]', "invalid character '1' after array element"],
      ['{"a":"x"{', "invalid character '{' after object key:value pair"],
      ['"', ''],
    ] as const
  )
    .slice(0, -1)
    .map(([text, message]) => [text, message, message] as const),
]

describe('JSON as Go reads it', () => {
  it('is refused in its words', () => {
    for (const [text, decoder, unmarshal] of BROKEN) {
      expect([text, said(decodeGoJson, text), said(unmarshalGoJson, text)]).toEqual([text, decoder, unmarshal])
    }
  })

  it('may be followed by anything in a stream, and by nothing in a document', () => {
    expect(decodeGoJson(' {"a":[1,"}"]} {broken')).toEqual({ a: [1, '}'] })
    expect(decodeGoJson('12 13')).toBe(12)
    expect(said(unmarshalGoJson, '{} x')).toBe("invalid character 'x' after top-level value")
    expect(unmarshalGoJson(' [true,null,-1.5e3] ')).toEqual([true, null, -1500])
  })

  it('may be nested a thousand levels deep, and no deeper', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}"${'['.repeat(2000)}"${']'.repeat(depth)}`
    expect(said(decodeGoJson, nested(1000))).toBe('')
    for (const text of [nested(1001), '['.repeat(20_000), '{"a":'.repeat(20_000)]) {
      expect([said(decodeGoJson, text), said(unmarshalGoJson, text)]).toEqual(Array(2).fill('exceeded max depth'))
    }
  })
})

it('values are printed as Go prints them', () => {
  expect(goQuote('a"\\\n\t\u0000é\u200b💚\u{e0001}')).toBe(String.raw`"a\"\\\n\t\x00é\u200b💚\U000e0001"`)
  expect([1e21, 1.5e-7, -12.5, 0].map(goDecimal)).toEqual(['1000000000000000000000', '0.00000015', '-12.5', '0'])
  expect([120, 999999, 1e6, 1234567, 0.0001, 0.00001].map(goBigFloat)).toEqual([
    '120',
    '999999',
    '1e+06',
    '1.234567e+06',
    '0.0001',
    '1e-05',
  ])
})

it('UUIDs are taken in every spelling, and refused in the parser’s words', () => {
  const uuid = '6f0b6c0e-0000-4000-8000-000000000000'
  for (const text of [uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), `{${uuid}}`, `urn:uuid:${uuid}`]) {
    expect([decodeUuid(text), lenientUuid(text)]).toEqual([uuid, uuid])
  }
  for (const [text, message] of [
    ['foo', 'uuid: incorrect UUID length 3 in string "foo"'],
    [uuid.replace('-', '_'), `uuid: incorrect UUID format in string "${uuid.replace('-', '_')}"`],
    [`${uuid.slice(0, -1)}z`, "encoding/hex: invalid byte: U+007A 'z'"],
    [`(${uuid})`, `uuid: incorrect UUID format in string "(${uuid})"`],
  ] as const) {
    expect(said(decodeUuid, text)).toBe(message)
  }
})
