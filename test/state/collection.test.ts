import { expect, test } from 'vitest'
import { Collection } from '../../src/state/collection.ts'

const record = (id: string) => ({ id })

test('the order of a list is kept through whatever happens to the records', () => {
  const records = new Collection<{ readonly id: string; readonly changed?: true }>()
  const ids = () => records.falling(0, 100).map(({ id }) => id)
  for (const id of ['b', 'd', 'a']) records.save(record(id))
  expect(ids()).toEqual(['d', 'b', 'a'])
  records.save(record('c'))
  records.save({ id: 'b', changed: true })
  expect(records.falling(0, 100)).toEqual([{ id: 'd' }, { id: 'c' }, { id: 'b', changed: true }, { id: 'a' }])
  records.delete('d')
  expect(ids()).toEqual(['c', 'b', 'a'])
  const before = records.snapshot()
  records.clear()
  expect(ids()).toEqual([])
  records.restore(before)
  expect(ids()).toEqual(['c', 'b', 'a'])
})

test('a page of a list begins and ends where it should', () => {
  const records = new Collection()
  for (let i = 0; i < 1_000; i++) records.save(record(String((i * 7) % 1_000).padStart(4, '0')))
  expect(records.falling(990, 5).map(({ id }) => id)).toEqual(['0009', '0008', '0007', '0006', '0005'])
  expect(records.falling(998, 5).map(({ id }) => id)).toEqual(['0001', '0000'])
  expect(records.falling(1_000, 5)).toEqual([])
})
