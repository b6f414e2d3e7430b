import { OrderedList, type OrderedSnapshot, type Place } from './ordered-list.ts'

/*
 * Relation tuples as Keto stores them: by the id of their namespace, so that a namespace that is removed from the
 * configuration hides its tuples and one that is renamed keeps them (admin-keto-projects §5.2).
 */

/** All that hold `relation` to `object`. */
export interface SubjectSetRow {
  readonly namespace_id: number
  readonly object: string
  readonly relation: string
}

export interface TupleRow {
  readonly namespace_id: number
  readonly object: string
  readonly relation: string
  /** A subject id, or a set. */
  readonly subject: string | SubjectSetRow
}

/** What rows must equal; what is absent is not asked for. */
export type TupleFilter = Partial<TupleRow>

export type TuplesSnapshot = OrderedSnapshot<TupleRow>

type Column = keyof TupleRow

/** The order of every list. */
const LIST: readonly Column[] = ['namespace_id', 'object', 'relation', 'subject']
const SET: readonly Column[] = ['namespace_id', 'object', 'relation']

/**
 * The orders in which rows are kept: by these columns first and then as in a list. Whatever a filter fixes stands together
 * in one of them (with the namespace fixed too, where need be), and there in list order.
 */
const LEADING: readonly (readonly Column[])[] = [[], ['relation'], ['subject'], ['subject', 'relation']]
const ORDERS = LEADING.map((leading) => [...leading, ...LIST.filter((column) => !leading.includes(column))])

const COMPARE: Readonly<Record<Column, (a: TupleFilter, b: TupleFilter) => number>> = {
  namespace_id: (a, b) => (a.namespace_id ?? 0) - (b.namespace_id ?? 0),
  object: (a, b) => compareText(a.object ?? '', b.object ?? ''),
  relation: (a, b) => compareText(a.relation ?? '', b.relation ?? ''),
  subject: (a, b) => compareSubjects(a.subject ?? '', b.subject ?? ''),
}

/**
 * The relation tuples of a world: duplicates are kept, lists come in the order of §5.7. Whatever is asked for is found
 * without looking at other rows, in a world of a million tuples as in one of a thousand. An order beside the list's is
 * laid the first time that it is needed and kept from then on.
 */
export class Tuples {
  /** By the index of their order; the first is always there. */
  #lists: [OrderedList<TupleRow>, ...(OrderedList<TupleRow> | undefined)[]] = [ordered(0)]

  #revision = 0

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  get size(): number {
    return this.#lists[0].size
  }

  /** All rows, in list order. */
  values(): IterableIterator<TupleRow> {
    return this.#lists[0].values()
  }

  add(row: TupleRow): void {
    this.#revision++
    for (const list of this.#lists) list?.add(row)
  }

  /** Replaces everything by these rows, in any order. */
  load(rows: readonly TupleRow[]): void {
    this.#revision++
    this.#lists = [ordered(0, rows.toSorted(comparing(LIST)))]
  }

  /** The rows that the filter asks for, in list order, without the first `offset`, at most `limit` of them. */
  select(filter: TupleFilter, offset = 0, limit = Number.POSITIVE_INFINITY): readonly TupleRow[] {
    let found: readonly TupleRow[] = []
    let skip = offset
    for (const { list, place } of this.#runs(filter)) {
      const before = skip === 0 ? 0 : Math.min(skip, list.count(place))
      const part = list.slice(place, before, limit - found.length)
      skip -= before
      found = found.length === 0 ? part : found.concat(part)
      if (found.length >= limit) break
    }
    return found
  }

  /** The subject sets among the subjects of `object` and `relation`, in list order; subject ids are not looked at. */
  subjectSets(of: SubjectSetRow): readonly TupleRow[] {
    const compare = comparing(SET)
    return this.#lists[0].slice((row) => compare(row, of) || (typeof row.subject === 'string' ? 1 : 0))
  }

  /** Like `subjectSets`, the subject ids that begin with `prefix`. */
  subjectIds(of: SubjectSetRow, prefix: string): readonly TupleRow[] {
    const compare = comparing(SET)
    return this.#lists[0].slice((row) => compare(row, of) || placeOfId(row.subject, prefix))
  }

  /** Removes all rows that the filter asks for. */
  delete(filter: TupleFilter): void {
    const rows = this.select(filter)
    if (rows.length === 0) return
    this.#revision++
    for (const list of this.#lists) list?.remove(rows)
  }

  clear(): void {
    this.#revision++
    this.#lists = [ordered(0)]
  }

  /** A copy for later, which shares the rows; it costs next to nothing. */
  snapshot(): TuplesSnapshot {
    return this.#lists[0].snapshot()
  }

  restore(snapshot: TuplesSnapshot): void {
    this.clear()
    this.#lists[0].restore(snapshot)
  }

  #list(order: number): OrderedList<TupleRow> {
    // the rows come in list order, so a stable sort by what leads is enough
    const list = this.#lists[order] ?? ordered(order, [...this.values()].sort(comparing(LEADING[order] ?? [])))
    this.#lists[order] = list
    return list
  }

  /** Where the rows that the filter asks for stand: one run, or one for each namespace. */
  #runs(filter: TupleFilter): { list: OrderedList<TupleRow>; place: Place<TupleRow> }[] {
    const fixed = new Set(LIST.filter((column) => filter[column] !== undefined))
    const order = ORDERS.findIndex((columns) => columns.slice(0, fixed.size).every((column) => fixed.has(column)))
    if (order < 0) return this.#namespaces().flatMap((namespace_id) => this.#runs({ ...filter, namespace_id }))
    const compare = comparing((ORDERS[order] ?? []).slice(0, fixed.size))
    return [{ list: this.#list(order), place: (row) => compare(row, filter) }]
  }

  /** The ids of the namespaces that have rows, found by leaping from one to the next. */
  #namespaces(): number[] {
    const ids: number[] = []
    for (;;) {
      const last = ids.at(-1) ?? Number.NEGATIVE_INFINITY
      const [next] = this.#lists[0].slice((row) => (row.namespace_id > last ? 0 : -1), 0, 1)
      if (!next) return ids
      ids.push(next.namespace_id)
    }
  }
}

function ordered(order: number, rows: readonly TupleRow[] = []): OrderedList<TupleRow> {
  return new OrderedList<TupleRow>(comparing(ORDERS[order] ?? []), rows)
}

function comparing(columns: readonly Column[]): (a: TupleFilter, b: TupleFilter) => number {
  return (a, b) => {
    for (const column of columns) {
      const difference = COMPARE[column](a, b)
      if (difference !== 0) return difference
    }
    return 0
  }
}

function placeOfId(subject: string | SubjectSetRow, prefix: string): number {
  if (typeof subject !== 'string') return -1
  return subject.startsWith(prefix) ? 0 : compareText(subject, prefix)
}

/** Sets come before ids, as NULL comes first in the column of subject ids. */
function compareSubjects(a: string | SubjectSetRow, b: string | SubjectSetRow): number {
  if (typeof a === 'string') return typeof b === 'string' ? compareText(a, b) : 1
  if (typeof b === 'string') return -1
  return a.namespace_id - b.namespace_id || compareText(a.object, b.object) || compareText(a.relation, b.relation)
}

/** By the bytes of UTF-8, as the database compares; JavaScript's own order differs for what lies beyond U+FFFF. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates, which only stand for what lies beyond U+FFFF, rank above every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit
}
