import { describe, expect, it } from 'vitest'
import { type TupleFilter, type TupleRow, Tuples } from '../../src/state/tuples.ts'
import { Random } from '../support/random.ts'

const SUBJECTS: readonly [TupleRow['subject'], ...TupleRow['subject'][]] = [
  'ann',
  'bob',
  { namespace_id: 1, object: 'dev', relation: 'member' },
]

function randomRow(random: Random): TupleRow {
  return {
    namespace_id: random.below(3),
    object: `doc-${random.below(9)}`,
    relation: random.pick(['view', 'edit', 'own']),
    subject: random.pick(SUBJECTS),
  }
}

const COLUMNS = ['namespace_id', 'object', 'relation', 'subject'] as const

/** Each of the sixteen ways to filter, with the values of a row. */
function filtersOf(row: TupleRow): TupleFilter[] {
  return Array.from({ length: 16 }, (_, bits) =>
    Object.fromEntries(COLUMNS.filter((_, i) => bits & (1 << i)).map((column) => [column, row[column]])),
  )
}

const matches = (filter: TupleFilter) => (row: TupleRow) =>
  COLUMNS.every((c) => filter[c] === undefined || JSON.stringify(filter[c]) === JSON.stringify(row[c]))

const text = (rows: readonly TupleRow[]) => rows.map((row) => JSON.stringify(row)).toSorted()

/** Tuples with every order in use, and the plain list that they must equal. */
function grown(random: Random): { tuples: Tuples; model: TupleRow[] } {
  const tuples = new Tuples()
  const model = Array.from({ length: 700 }, () => randomRow(random))
  tuples.load(model.slice(0, 300))
  for (const filter of filtersOf(randomRow(random))) tuples.select(filter)
  for (const row of model.slice(300)) tuples.add(row)
  return { tuples, model }
}

describe('relation tuples in a world', () => {
  it('are found by any combination of columns, in list order, page by page', () => {
    const random = new Random(1)
    const { tuples, model } = grown(random)
    const inOrder = [...tuples.values()]
    for (let i = 0; i < 30; i++) {
      for (const filter of filtersOf(randomRow(random))) {
        const expected = inOrder.filter(matches(filter))
        expect(tuples.select(filter), JSON.stringify(filter)).toEqual(expected)
        const [offset, limit] = [random.below(60), random.below(60)]
        expect(tuples.select(filter, offset, limit)).toEqual(expected.slice(offset, offset + limit))
      }
    }
    expect(text(inOrder)).toEqual(text(model))
  })

  it('are deleted by any combination of columns, in every order that is kept', () => {
    const random = new Random(2)
    for (let bits = 1; bits < 16; bits++) {
      const { tuples, model } = grown(random)
      const filter = filtersOf(model[0] ?? randomRow(random))[bits] ?? {}
      tuples.delete(filter)
      const left = model.filter((row) => !matches(filter)(row))
      expect(left.length).toBeLessThan(model.length)
      expect(tuples.size).toBe(left.length)
      for (const each of filtersOf(randomRow(random))) {
        expect(text(tuples.select(each)), JSON.stringify({ filter, each })).toEqual(text(left.filter(matches(each))))
      }
    }
  })

  it('with no filter are all deleted', () => {
    const { tuples } = grown(new Random(3))
    tuples.delete({})
    expect(tuples.size).toBe(0)
    expect(tuples.select({ subject: 'ann' })).toEqual([])
  })

  it('come back from a snapshot as they were, in every order that is kept', () => {
    const random = new Random(4)
    const { tuples, model } = grown(random)
    const snapshot = tuples.snapshot()
    tuples.delete({ subject: 'ann' })
    for (let i = 0; i < 50; i++) tuples.add(randomRow(random))
    tuples.restore(snapshot)
    for (const filter of filtersOf(randomRow(random))) {
      expect(text(tuples.select(filter))).toEqual(text(model.filter(matches(filter))))
    }
    const fresh = new Tuples()
    fresh.restore(snapshot)
    expect(text([...fresh.values()])).toEqual(text(model))
  })
})
