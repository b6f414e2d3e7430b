import { describe, expect, it } from 'vitest'
import { Comparison } from '../../src/verify/comparison.ts'

const compare = (expected: unknown, actual: unknown) => new Comparison().differences(expected as never, actual as never)

describe('what counts as a difference', () => {
  it('an item more in a list is one difference, whatever comes after it', () => {
    const items = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
    const [first, ...others] = items
    expect(compare(items, [first, { name: 'x' }, ...others])).toEqual([
      { at: '/1', expected: undefined, actual: { name: 'x' } },
    ])
    expect(compare([first, { name: 'x' }, ...others], items)).toEqual([
      { at: '/1', expected: { name: 'x' }, actual: undefined },
    ])
  })

  it('an item that changed is compared member by member, beside one that is gone', () => {
    expect(compare([{ n: 1, v: 1 }, { n: 2 }, { n: 3 }], [{ n: 1, v: 9 }, { n: 3 }])).toEqual([
      { at: '/0/v', expected: 1, actual: 9 },
      { at: '/1', expected: { n: 2 }, actual: undefined },
    ])
  })

  it('another order of the same items is one difference', () => {
    expect(compare([1, 2, 3], [3, 1, 2])).toEqual([{ at: '', expected: [1, 2, 3], actual: [3, 1, 2], order: true }])
  })

  it('ids count by their role', () => {
    const comparison = new Comparison()
    expect(comparison.differences({ a: '<uuid#1>', b: '<uuid#2>' }, { a: '<uuid#7>', b: '<uuid#2>' })).toEqual([])
    expect(comparison.differences('<uuid#1>', '<uuid#2>')).toEqual([
      { at: '', expected: '<uuid#1>', actual: '<uuid#2>' },
    ])
  })

  it('a secret that was not recorded can be any text, and nothing else', () => {
    expect(compare('<masked>', 'tOken')).toEqual([])
    expect(compare('<masked>', 7)).toHaveLength(1)
  })

  it('a member that is named like one of every object is data', () => {
    const [expected, actual] = [JSON.parse('{"__proto__": 1}'), {}]
    expect(compare(expected, actual)).toEqual([{ at: '/__proto__', expected: 1, actual: undefined }])
  })
})
