import { describe, expect, it } from 'vitest'
import { applyOverlay, type OverlayAction, OverlayError } from '../../src/contract/overlay.ts'
import type { Json } from '../../src/json.ts'

function apply(document: Json, ...actions: Omit<OverlayAction, 'description'>[]): Json {
  const reasons = actions.map((action) => ({ description: 'because', ...action }))
  applyOverlay(document, { overlay: '1.0.0', info: { title: 'test', version: '1' }, actions: reasons }, 'test')
  return document
}

describe('an overlay', () => {
  it('merges objects, recursively', () => {
    expect(apply({ a: { b: { c: 1, d: 2 } } }, { target: '$.a', update: { b: { c: 3 }, e: 4 } })).toEqual({
      a: { b: { c: 3, d: 2 }, e: 4 },
    })
  })

  it('appends to arrays', () => {
    expect(apply({ a: [1] }, { target: '$.a', update: 2 })).toEqual({ a: [1, 2] })
    expect(apply({ o: { a: [1] } }, { target: '$.o', update: { a: [2, 3] } })).toEqual({ o: { a: [1, 2, 3] } })
  })

  it('updates every match of a target', () => {
    const list = [{ in: 'query' }, { in: 'path' }, { in: 'query' }]
    expect(apply(list, { target: "$[?@.in == 'query']", update: { x: true } })).toEqual([
      { in: 'query', x: true },
      { in: 'path' },
      { in: 'query', x: true },
    ])
  })

  it('removes every match of a target, from objects and arrays', () => {
    expect(apply({ a: 1, b: 2 }, { target: '$.a', remove: true })).toEqual({ b: 2 })
    expect(apply([1, 2, 1, 3], { target: '$[?@ == 1]', remove: true })).toEqual([2, 3])
  })

  it('applies its actions in order', () => {
    expect(apply({ a: { b: 1 } }, { target: '$.a.b', remove: true }, { target: '$.a', update: { c: 2 } })).toEqual({
      a: { c: 2 },
    })
  })

  it('copies what it puts in, so that two places never share it', () => {
    const [first, second] = apply([{}, {}], { target: '$[*]', update: { x: { y: 1 } } }) as { x: object }[]
    expect(first?.x).not.toBe(second?.x)
  })

  it.each([
    ['matches nothing', { target: '$.b', update: {} }, 'matches nothing: $.b'],
    ['does nothing', { target: '$.a' }, 'does nothing'],
    ['updates a scalar', { target: '$.a.x', update: {} }, 'cannot update what it matches: $.a.x'],
    ['updates an object by a scalar', { target: '$.a', update: 1 }, 'cannot update what it matches: $.a'],
    ['gives no reason', { target: '$.a', update: {}, description: '' }, 'has no description'],
  ])('refuses an action that %s', (_, action, message) => {
    const applying = () => apply({ a: { x: 1 } }, { target: '$.a', update: { y: 1 } }, action)
    expect(applying).toThrow(OverlayError)
    expect(applying).toThrow(`action 2 of the overlay "test" ${message}`)
  })

  it('refuses a target that is no JSONPath', () => {
    expect(() => apply({}, { target: '$.a[', update: {} })).toThrow()
  })
})
