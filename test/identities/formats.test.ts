import { expect, it } from 'vitest'
import { isFormat } from '../../src/identities/json-schema/formats.ts'

/** Format → what has it, what has it not. Compared with Ory's validator. */
const FORMATS: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  email: [
    ['a@b', 'foo.bar+baz@example.org', '"a b"@x.y', 'ü@x.y', ' leading@x.y', `${'x'.repeat(64)}@a.b`],
    [
      'nope',
      '@x.y',
      'a@',
      'trailing@x.y ',
      'Ann <a@b.c>',
      'a..b@c.d',
      '.a@b',
      'a@-b',
      'a@b-.c',
      'a@b.',
      'a@b_c',
      '""@x.y',
      'a b@x.y',
      `${'x'.repeat(65)}@a.b`,
      `x@${'a.'.repeat(126)}b`,
    ],
  ],
  hostname: [
    ['a', 'a-b.c', 'a.', '1.2'],
    ['', '-a', 'a-', 'a..b', 'ü', `${'x'.repeat(64)}.y`],
  ],
  uri: [
    ['https://x.y/a?b#c', 'mailto:a', 'http:', 'ftp://u:p@h:1/', 'http://[::1]:80', 'x:%zz'],
    ['a', '//x.y', 'https://x y', 'http://x:a', 'http://x/%zz', ':a', 'http://[::1', 'http://a/\u0001'],
  ],
  'uri-reference': [
    ['', 'a/b', '//h', '?q=%zz', '/a:b'],
    ['a:b c'.slice(1), '%zz', '//h:x', '//%41'],
  ],
  'uri-template': [
    ['/{a}/b', '/a'],
    ['/{a', '/a}', '/{{a}}'],
  ],
  date: [
    ['2020-02-29', '0000-01-01'],
    ['2021-02-29', '2020-13-01', '2020-1-01', '20-01-01', '2020-04-31'],
  ],
  time: [
    ['12:00:00Z', '23:59:59.5+01:00', '9:00:00-23:59'],
    ['24:00:00Z', '12:60:00Z', '12:00:00', '12:00:00z', '12:00:60Z'],
  ],
  'date-time': [
    ['2020-02-29T12:00:00Z', '2020-01-01T00:00:00.123456789-01:00'],
    ['2020-01-01 00:00:00Z', '2021-02-29T12:00:00Z', '2020-01-01'],
  ],
  ipv4: [
    ['1.2.3.4', '01.2.3.255'],
    ['1.2.3', '1.2.3.256', '1.2.3.4.5', 'a.b.c.d'],
  ],
  ipv6: [
    ['::1', '1:2:3:4:5:6:7:8', '::1.2.3.4'],
    ['1.2.3.4', '::1%eth0', '1::2::3'],
  ],
  tel: [
    ['+49 30 901820', '+12025550123', 'tel:+442079460958'],
    ['030901820', '+1', 'x', '+4915'],
  ],
  regex: [
    ['^a+$', String.raw`\d\.`, '(?P<x>a)', '(?i)a'],
    ['(', '[', String.raw`\1`, '(?=a)', '(?<!a)'],
  ],
  'json-pointer': [
    ['', '/a~0b/~1', '/'],
    ['a', '/~', '/~2', '#/a'],
  ],
  'relative-json-pointer': [
    ['0', '1#', '12/a~0'],
    ['', '/a', '01', '1#/a', '-1'],
  ],
}

it('each format is what Ory takes for it', () => {
  for (const [format, [good, bad]] of Object.entries(FORMATS)) {
    for (const text of good) expect([format, text, isFormat(format, text)]).toEqual([format, text, true])
    for (const text of bad) expect([format, text, isFormat(format, text)]).toEqual([format, text, false])
  }
})

it('what is not a string has no format, and unknown formats are no condition', () => {
  for (const value of [null, 1, true, [], {}]) expect(isFormat('email', value)).toBe(false)
  expect(isFormat('uuid', 'x')).toBeUndefined()
})
