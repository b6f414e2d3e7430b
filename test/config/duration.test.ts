import { expect, test } from 'vitest'
import { formatDuration, parseDuration } from '../../src/config/duration.ts'

test.each([
  ['30m', 1_800_000],
  ['30m0s', 1_800_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1.s', 1_000],
  ['300ms', 300],
  ['2us', 0.002],
  ['2µs', 0.002],
  ['1000000ns', 1],
  ['1h1m1s1ms', 3_661_001],
  ['-25m', -1_500_000],
  ['+1s', 1_000],
  ['0', 0],
  ['72h0m0s', 259_200_000],
])('"%s" is %d milliseconds, as Go reads it', (text, length) => {
  expect(parseDuration(text)).toBeCloseTo(length, 9)
})

test.each(['', '30', '30 m', '3 days', '1d', 'm', '-', '.h', '1h 30m', '1h30', 'PT1H', '1H', '--1s', '1e3s'])(
  '"%s" is no duration, as with Go',
  (text) => {
    expect(parseDuration(text)).toBeUndefined()
  },
)

test.each([
  [1_800_000, '30m0s'],
  [5_400_000, '1h30m0s'],
  [259_200_000, '72h0m0s'],
  [1_500, '1.5s'],
  [300, '300ms'],
  [0, '0s'],
  [-1_500_000, '-25m0s'],
])('%d milliseconds are written as Go writes them: "%s"', (length, text) => {
  expect(formatDuration(length)).toBe(text)
})
