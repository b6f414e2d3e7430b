/**
 * Where an item stands to a run of neighbouring items: negative before it, 0 within, positive after. Along the list the
 * answers never fall.
 */
export type Place<T> = (item: T) => number

/** At most this many items in a chunk; what a change copies. */
const CHUNK = 256

interface Position {
  readonly chunk: number
  readonly item: number
}

/**
 * A list that keeps its items in order, duplicates included: finding a run, adding and removing cost the logarithm of its
 * size. Chunks are replaced, never changed, so that copies share them.
 */
export class OrderedList<T> {
  readonly #compare: (a: T, b: T) => number
  #chunks: (readonly T[])[] = []
  /** The index in the list of the first item of each chunk; made when needed, void after a change. */
  #starts: readonly number[] | undefined
  #size = 0

  /** @param items already in order */
  constructor(compare: (a: T, b: T) => number, items: readonly T[] = []) {
    this.#compare = compare
    if (items.length > 0) this.#fill(items)
  }

  get size(): number {
    return this.#size
  }

  *values(): IterableIterator<T> {
    for (const chunk of this.#chunks) yield* chunk
  }

  /** Adds the item after those equal to it. */
  add(item: T): void {
    this.#size++
    this.#starts = undefined
    const after = this.#first((other) => (this.#compare(other, item) > 0 ? 0 : -1))
    // at the boundary of two chunks the item goes to the end of the former
    const at = after.item === 0 && after.chunk > 0 ? after.chunk - 1 : after.chunk
    const chunk = this.#chunks[at]
    if (!chunk) {
      this.#chunks.push([item])
      return
    }
    const grown = chunk.toSpliced(at === after.chunk ? after.item : chunk.length, 0, item)
    if (grown.length <= CHUNK) this.#chunks[at] = grown
    else this.#chunks.splice(at, 1, grown.slice(0, CHUNK / 2), grown.slice(CHUNK / 2))
  }

  /** Removes these very items of the list. */
  remove(items: readonly T[]): void {
    // when much goes, filtering everything once is cheaper than finding each
    if (items.length * 16 > this.#size) {
      const gone = new Set(items)
      this.#fill([...this.values()].filter((item) => !gone.has(item)))
    } else for (const item of items) this.#removeOne(item)
  }

  /** The items of the run, without its first `offset`, at most `limit` of them. */
  slice(place: Place<T>, offset = 0, limit = Number.POSITIVE_INFINITY): T[] {
    const out: T[] = []
    const first = this.#first(place)
    const from = offset === 0 ? first : this.#position(this.#index(first) + offset)
    let i = from.item
    for (let c = from.chunk; c < this.#chunks.length && out.length < limit; c++, i = 0) {
      const chunk = this.#chunks[c] ?? []
      for (; i < chunk.length; i++) {
        const item = chunk[i] as T
        if (out.length >= limit || place(item) !== 0) return out
        out.push(item)
      }
    }
    return out
  }

  /** How many items the run has. */
  count(place: Place<T>): number {
    return this.#index(this.#first((item) => (place(item) > 0 ? 0 : -1))) - this.#index(this.#first(place))
  }

  /** A copy for later; it costs next to nothing. */
  snapshot(): OrderedSnapshot<T> {
    return [...this.#chunks]
  }

  restore(snapshot: OrderedSnapshot<T>): void {
    this.#chunks = [...snapshot]
    this.#starts = undefined
    this.#size = snapshot.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  #fill(items: readonly T[]): void {
    this.#size = items.length
    this.#starts = undefined
    this.#chunks = []
    // three quarters full, so that what comes next does not split every chunk
    const step = (CHUNK / 4) * 3
    for (let i = 0; i < items.length; i += step) this.#chunks.push(items.slice(i, i + step))
  }

  #removeOne(item: T): void {
    const first = this.#first((other) => this.#compare(other, item))
    for (let c = first.chunk, from = first.item; c < this.#chunks.length; c++, from = 0) {
      const chunk = this.#chunks[c] ?? []
      const at = chunk.indexOf(item, from)
      if (at >= 0) this.#replaceChunk(c, chunk.toSpliced(at, 1))
      if (at >= 0 || this.#compare(chunk[chunk.length - 1] as T, item) > 0) return
    }
  }

  /** Puts what is left of a chunk in its place: together with the next one where both are small. */
  #replaceChunk(at: number, rest: readonly T[]): void {
    this.#size--
    this.#starts = undefined
    const next = this.#chunks[at + 1] ?? []
    if (rest.length === 0) this.#chunks.splice(at, 1)
    else if (next.length > 0 && rest.length + next.length <= CHUNK / 2) this.#chunks.splice(at, 2, [...rest, ...next])
    else this.#chunks[at] = rest
  }

  /** The first item that does not stand before the run; past the end when there is none. */
  #first(place: Place<T>): Position {
    // the last chunk that begins before the run is the only one in which the run may begin beyond the first item
    const chunk = firstWhere(this.#chunks.length, (c) => place(this.#chunks[c]?.[0] as T) >= 0) - 1
    const items = this.#chunks[chunk]
    if (!items) return { chunk: 0, item: 0 }
    const item = firstWhere(items.length, (i) => place(items[i] as T) >= 0)
    return item < items.length ? { chunk, item } : { chunk: chunk + 1, item: 0 }
  }

  #index(position: Position): number {
    return position.chunk < this.#chunks.length ? (this.#startsOf()[position.chunk] ?? 0) + position.item : this.#size
  }

  #position(index: number): Position {
    const starts = this.#startsOf()
    const chunk = firstWhere(starts.length, (c) => (starts[c] ?? 0) > index) - 1
    return index < this.#size ? { chunk, item: index - (starts[chunk] ?? 0) } : { chunk: starts.length, item: 0 }
  }

  #startsOf(): readonly number[] {
    let next = 0
    this.#starts ??= this.#chunks.map((chunk) => {
      const start = next
      next += chunk.length
      return start
    })
    return this.#starts
  }
}

export type OrderedSnapshot<T> = readonly (readonly T[])[]

/** The least index below `length` from which on `holds` is true, found by halving; `length` when there is none. */
function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
