import type { Millis } from './clock.ts'

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
}

const BUCKET: Millis = 60_000
const NONE: ReadonlySet<string> = new Set()

/**
 * Records of one kind in memory, with the indexes that the operations need. Records are never changed in place: a change
 * is a new record under the same id. So a snapshot is a list of references, and who holds a record holds a truth of its time.
 */
export class Collection<T extends { readonly id: string }> {
  readonly #options: CollectionOptions<T>
  readonly #byId = new Map<string, T>()
  readonly #unique = new Map<string, Map<string, string>>()
  readonly #groups = new Map<string, Map<string, Set<string>>>()
  /** Start of a minute → the ids that may be forgotten in it. */
  readonly #buckets = new Map<number, Set<string>>()
  #sweptAt = 0

  constructor(options: CollectionOptions<T> = {}) {
    this.#options = options
    for (const name of Object.keys(options.unique ?? {})) this.#unique.set(name, new Map())
    for (const name of Object.keys(options.groups ?? {})) this.#groups.set(name, new Map())
  }

  get size(): number {
    return this.#byId.size
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
    const id = this.#unique.get(index)?.get(key)
    return id === undefined ? undefined : this.#byId.get(id)
  }

  /** The records that share `key` in the group index `index`, oldest first. */
  group(index: string, key: string): T[] {
    const out: T[] = []
    for (const id of this.#groups.get(index)?.get(key) ?? NONE) {
      const record = this.#byId.get(id)
      if (record) out.push(record)
    }
    return out
  }

  /**
   * Adds the record, or replaces the one with its id. All or nothing.
   * @throws UniqueViolation when another record holds one of its keys
   */
  save(record: T): void {
    for (const [name, keys] of Object.entries(this.#options.unique ?? {})) {
      for (const key of keys(record)) {
        const holder = this.#unique.get(name)?.get(key)
        if (holder !== undefined && holder !== record.id) throw new UniqueViolation(name, key)
      }
    }
    const before = this.#byId.get(record.id)
    if (before) this.#unindex(before)
    this.#byId.set(record.id, record)
    this.#index(record)
    if (this.#byId.size > (this.#options.capacity ?? Number.POSITIVE_INFINITY)) this.#forgetOldest()
  }

  /** Removes the record; answers whether there was one. */
  delete(id: string): boolean {
    const record = this.#byId.get(id)
    if (!record) return false
    this.#unindex(record)
    return this.#byId.delete(id)
  }

  clear(): void {
    this.#byId.clear()
    this.#buckets.clear()
    for (const index of this.#unique.values()) index.clear()
    for (const index of this.#groups.values()) index.clear()
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

  restore(records: readonly T[]): void {
    this.clear()
    for (const record of records) this.save(record)
  }

  #index(record: T): void {
    for (const [name, keys] of Object.entries(this.#options.unique ?? {})) {
      const index = this.#unique.get(name)
      for (const key of keys(record)) index?.set(key, record.id)
    }
    for (const [name, keyOf] of Object.entries(this.#options.groups ?? {})) {
      const key = keyOf(record)
      if (key !== undefined) addTo(this.#groups.get(name), key, record.id)
    }
    const at = this.#options.forgettableAt?.(record)
    if (at !== undefined) addTo(this.#buckets, Math.floor(at / BUCKET), record.id)
  }

  #unindex(record: T): void {
    for (const [name, keys] of Object.entries(this.#options.unique ?? {})) {
      const index = this.#unique.get(name)
      for (const key of keys(record)) index?.delete(key)
    }
    for (const [name, keyOf] of Object.entries(this.#options.groups ?? {})) {
      const key = keyOf(record)
      if (key !== undefined) removeFrom(this.#groups.get(name), key, record.id)
    }
    const at = this.#options.forgettableAt?.(record)
    if (at !== undefined) removeFrom(this.#buckets, Math.floor(at / BUCKET), record.id)
  }

  #forgetOldest(): void {
    const oldest = this.#byId.keys().next()
    if (!oldest.done) this.delete(oldest.value)
  }
}

function addTo<K>(index: Map<K, Set<string>> | undefined, key: K, id: string): void {
  const ids = index?.get(key)
  if (ids) ids.add(id)
  else index?.set(key, new Set([id]))
}

function removeFrom<K>(index: Map<K, Set<string>> | undefined, key: K, id: string): void {
  const ids = index?.get(key)
  ids?.delete(id)
  if (ids?.size === 0) index?.delete(key)
}
