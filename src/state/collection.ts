import type { Millis } from './clock.ts'
import { OrderedList } from './ordered-list.ts'

/** Thrown by `save` when another record already holds one of the keys of a unique index. */
export class UniqueViolation extends Error {
  readonly index: string
  readonly key: string

  constructor(index: string, key: string) {
    super(`another record holds ${index} ${JSON.stringify(key)}`)
    this.index = index
    this.key = key
  }
}

/** How a collection finds its records, and when it may forget them. */
export interface CollectionOptions<T> {
  /** Name → the keys under which exactly one record is found. */
  readonly unique?: Readonly<Record<string, (record: T) => readonly string[]>>
  /** Name → the key that a record shares with others; `undefined` leaves it out. */
  readonly groups?: Readonly<Record<string, (record: T) => string | undefined>>
  /** The instant from which on a record may be forgotten; `undefined` keeps it. */
  readonly forgettableAt?: (record: T) => Millis | undefined
  /** At most this many records: beyond, the oldest are forgotten first. */
  readonly capacity?: number
  /** Told the first time that a record is forgotten for that. */
  readonly onFull?: () => void
}

const BUCKET: Millis = 60_000
const NONE: ReadonlySet<string> = new Set()

/** Key → the id of the one record that holds it. */
interface UniqueIndex<T> {
  readonly name: string
  readonly keysOf: (record: T) => readonly string[]
  readonly ids: Map<string, string>
}

/** Key → the ids of the records that share it. */
interface GroupIndex<T> {
  readonly name: string
  readonly keyOf: (record: T) => string | undefined
  readonly ids: Map<string, Set<string>>
}

/**
 * Records of one kind in memory, with the indexes that the operations need. Records are never changed in place: a change
 * is a new record under the same id. So a snapshot is a list of references, and who holds a record holds a truth of its time.
 */
export class Collection<T extends { readonly id: string }> {
  readonly #options: CollectionOptions<T>
  readonly #byId = new Map<string, T>()
  #wasFull = false
  readonly #unique: readonly UniqueIndex<T>[]
  readonly #groups: readonly GroupIndex<T>[]
  /** Start of a minute → the ids that may be forgotten in it. */
  readonly #buckets = new Map<number, Set<string>>()
  /** The ids, falling; laid when they are first asked for, and kept from then on. */
  #falling: OrderedList<string> | undefined
  #sweptAt = 0
  #revision = 0

  constructor(options: CollectionOptions<T> = {}) {
    this.#options = options
    this.#unique = Object.entries(options.unique ?? {}).map(([name, keysOf]) => ({ name, keysOf, ids: new Map() }))
    this.#groups = Object.entries(options.groups ?? {}).map(([name, keyOf]) => ({ name, keyOf, ids: new Map() }))
  }

  get size(): number {
    return this.#byId.size
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)
  }

  /** All records, in the order in which they were first saved. */
  values(): IterableIterator<T> {
    return this.#byId.values()
  }

  /** The record that holds `key` in the unique index `index`. */
  find(index: string, key: string): T | undefined {
    const id = this.#unique.find(({ name }) => name === index)?.ids.get(key)
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /** The records that share `key` in the group index `index`, oldest first. */
  group(index: string, key: string): T[] {
    const out: T[] = []
    for (const id of this.#groups.find(({ name }) => name === index)?.ids.get(key) ?? NONE) {
      const record = this.#byId.get(id)
      if (record) out.push(record)
    }
    return out
  }

  /** The records by their ids, the highest first, without the first `offset`, at most `limit` of them. */
  falling(offset: number, limit: number): T[] {
    this.#falling ??= new OrderedList(fallingly, [...this.#byId.keys()].sort(fallingly))
    return this.#falling.slice(() => 0, offset, limit).flatMap((id) => this.#byId.get(id) ?? [])
  }

  /**
   * Adds the record, or replaces the one with its id. All or nothing.
   * @throws UniqueViolation when another record holds one of its keys
   */
  save(record: T): void {
    const keys = this.#unique.map(({ name, keysOf, ids }) => {
      const own = keysOf(record)
      for (const key of own) {
        const holder = ids.get(key)
        if (holder !== undefined && holder !== record.id) throw new UniqueViolation(name, key)
      }
      return own
    })
    this.#revision++
    const before = this.#byId.get(record.id)
    if (before) this.#unindex(before)
    else this.#falling?.add(record.id)
    this.#byId.set(record.id, record)
    this.#index(record, keys)
    if (this.#byId.size > (this.#options.capacity ?? Number.POSITIVE_INFINITY)) this.#forgetOldest()
  }

  /** Removes the record; answers whether there was one. */
  delete(id: string): boolean {
    const record = this.#byId.get(id)
    if (!record) return false
    this.#revision++
    this.#unindex(record)
    this.#falling?.remove([id])
    return this.#byId.delete(id)
  }

  clear(): void {
    this.#revision++
    this.#byId.clear()
    this.#buckets.clear()
    this.#falling = undefined
    for (const { ids } of this.#unique) ids.clear()
    for (const { ids } of this.#groups) ids.clear()
  }

  /** Forgets what may be forgotten by `now`. Costs nothing within the same minute, and never looks at what must stay. */
  sweep(now: Millis): void {
    const minute = Math.floor(now / BUCKET)
    if (minute === this.#sweptAt) return
    this.#sweptAt = minute
    for (const [bucket, ids] of this.#buckets) {
      if (bucket >= minute) continue
      for (const id of [...ids]) this.delete(id)
    }
  }

  snapshot(): readonly T[] {
    return [...this.#byId.values()]
  }

  /** Replaces everything by these records, which must be in order among themselves: those of a snapshot, or copies. */
  restore(records: readonly T[]): void {
    this.clear()
    for (const record of records) {
      this.#byId.set(record.id, record)
      this.#index(
        record,
        this.#unique.map(({ keysOf }) => keysOf(record)),
      )
    }
  }

  /** @param keys of the record, for each unique index */
  #index(record: T, keys: readonly (readonly string[])[]): void {
    for (const [i, { ids }] of this.#unique.entries()) for (const key of keys[i] ?? []) ids.set(key, record.id)
    for (const { keyOf, ids } of this.#groups) {
      const key = keyOf(record)
      if (key !== undefined) addTo(ids, key, record.id)
    }
    const at = this.#options.forgettableAt?.(record)
    if (at !== undefined) addTo(this.#buckets, Math.floor(at / BUCKET), record.id)
  }

  #unindex(record: T): void {
    for (const { keysOf, ids } of this.#unique) for (const key of keysOf(record)) ids.delete(key)
    for (const { keyOf, ids } of this.#groups) {
      const key = keyOf(record)
      if (key !== undefined) removeFrom(ids, key, record.id)
    }
    const at = this.#options.forgettableAt?.(record)
    if (at !== undefined) removeFrom(this.#buckets, Math.floor(at / BUCKET), record.id)
  }

  #forgetOldest(): void {
    if (!this.#wasFull) this.#options.onFull?.()
    this.#wasFull = true
    const oldest = this.#byId.keys().next()
    if (!oldest.done) this.delete(oldest.value)
  }
}

const fallingly = (a: string, b: string): number => (a < b ? 1 : a > b ? -1 : 0)

function addTo<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const ids = index.get(key)
  if (ids) ids.add(id)
  else index.set(key, new Set([id]))
}

function removeFrom<K>(index: Map<K, Set<string>>, key: K, id: string): void {
  const ids = index.get(key)
  ids?.delete(id)
  if (ids?.size === 0) index.delete(key)
}
