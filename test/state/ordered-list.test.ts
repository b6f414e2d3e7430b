import { describe, expect, it } from 'vitest'
import { OrderedList } from '../../src/state/ordered-list.ts'
import { Random } from '../support/random.ts'

interface Item {
  readonly key: number
}

const byKey = (a: Item, b: Item) => a.key - b.key
const between = (low: number, high: number) => (item: Item) => (item.key < low ? -1 : item.key > high ? 1 : 0)

/** A list and the plain array that it must equal, after thousands of additions and removals. */
function grown(random: Random, rounds: number): { list: OrderedList<Item>; model: Item[] } {
  const list = new OrderedList(byKey)
  let model: Item[] = []
  for (let i = 0; i < rounds; i++) {
    if (model.length > 0 && random.chance(0.3)) {
      // one or, now and then, most of them
      const count = random.chance(0.003) ? Math.floor(model.length * 0.8) : 1
      const gone = new Set(model.slice(random.below(model.length), model.length).slice(0, count))
      list.remove([...gone])
      model = model.filter((item) => !gone.has(item))
    } else {
      const item = { key: random.below(500) }
      list.add(item)
      model.push(item)
    }
  }
  return { list, model: model.toSorted(byKey) }
}

describe('an ordered list', () => {
  it('keeps its items in order through additions and removals, duplicates included', () => {
    for (const seed of [1, 2, 3]) {
      const { list, model } = grown(new Random(seed), 6_000)
      expect(model.length, `seed ${seed}`).toBeGreaterThan(300)
      expect([...list.values()].map((i) => i.key)).toEqual(model.map((i) => i.key))
      expect(list.size).toBe(model.length)
    }
  })

  it('finds every run, any part of it, and how long it is', () => {
    const random = new Random(4)
    const { list, model } = grown(random, 6_000)
    for (let i = 0; i < 500; i++) {
      const low = random.below(520) - 10
      const high = low + random.below(200) - 5
      const [offset, limit] = [random.below(400), random.below(400)]
      const run = model.filter((item) => between(low, high)(item) === 0)
      const keys = (items: readonly Item[]) => items.map((item) => item.key)
      expect(keys(list.slice(between(low, high)))).toEqual(keys(run))
      expect(keys(list.slice(between(low, high), offset, limit))).toEqual(keys(run.slice(offset, offset + limit)))
      expect(list.count(between(low, high))).toBe(run.length)
    }
  })

  it('adds an item after those equal to it', () => {
    const list = new OrderedList<{ key: number; name: string }>(byKey)
    for (let i = 0; i < 1_000; i++) list.add({ key: 7, name: String(i) })
    expect([...list.values()].map((item) => item.name)).toEqual(Array.from({ length: 1_000 }, (_, i) => String(i)))
  })

  it('gives snapshots that no later change reaches', () => {
    const random = new Random(5)
    const { list, model } = grown(random, 4_000)
    const keys = model.map((item) => item.key)
    const snapshot = list.snapshot()
    for (let i = 0; i < 1_000; i++) list.add({ key: random.below(500) })
    list.remove(model.slice(0, 200))
    list.restore(snapshot)
    expect([...list.values()].map((item) => item.key)).toEqual(keys)
    expect(list.size).toBe(keys.length)
    // and the snapshot lives on after the list it was restored into has changed
    list.remove(model)
    list.restore(snapshot)
    expect([...list.values()].map((item) => item.key)).toEqual(keys)
  })
})
