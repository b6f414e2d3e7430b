import { expect, test } from 'vitest'
import { mergeConfig } from '../../src/config/merge.ts'

/** RFC 7396, appendix A, as far as both sides are objects. */
test.each([
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', '{}'],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['{"a":"foo"}', '{"a":{"b":{"c":null}}}', '{"a":{"b":{}}}'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
])('%s patched by %s is %s', (config, patch, merged) => {
  expect(mergeConfig(JSON.parse(config), JSON.parse(patch))).toEqual(JSON.parse(merged))
})

test('neither argument is changed', () => {
  const config = { a: { b: 1 } }
  const patch = { a: { b: null, c: 2 } }
  mergeConfig(config, patch)
  expect([config, patch]).toEqual([{ a: { b: 1 } }, { a: { b: null, c: 2 } }])
})

test('__proto__ is a key like any other', () => {
  const merged = mergeConfig(
    {},
    JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}'),
  )
  expect(Object.keys(merged)).toEqual(['__proto__', 'a'])
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true},"a":{"__proto__":{"polluted":true}}}')
})
