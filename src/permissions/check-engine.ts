import type { World } from '../state/world.ts'
import { Namespaces, type RelationTuple, type Subject, type SubjectSet, sameSubject, subjectText } from './tuple.ts'

/**
 * Answers whether the subject of `requested` is reached from its object and relation, directly or through subject sets
 * (admin-keto-projects §5.8). An unknown namespace denies. Empty parts of the tuple ask for nothing.
 * @param depth how many lookups a path may take: 1 sees direct tuples only
 */
export function subjectIsAllowed(world: World, requested: RelationTuple, depth: number): boolean {
  return new Search(world, requested.subject).reaches(requested, depth, undefined)
}

/** What was met below one of the tuples at the top, as text. */
type Visited = Set<string>

class Search {
  readonly #world: World
  readonly #namespaces: Namespaces
  readonly #wanted: Subject

  constructor(world: World, wanted: Subject) {
    this.#world = world
    this.#namespaces = new Namespaces(world.settings.namespaces)
    this.#wanted = wanted
  }

  /** @param visited `undefined` at the top, where every tuple begins a set of its own */
  reaches(set: SubjectSet, depth: number, visited: Visited | undefined): boolean {
    if (depth <= 0) return false
    if (set.namespace !== '' && !this.#namespaces.has(set.namespace)) return false
    if (set.namespace === '' || set.object === '' || set.relation === '') return this.#scan(set, depth, visited)
    const row = this.#namespaces.setRowOf(set)
    // in list order the sets come first
    for (const { subject } of this.#world.tuples.subjectSets(row)) {
      if (this.#follow(this.#namespaces.subjectOf(subject), depth, visited)) return true
    }
    return this.#holds(set, visited)
  }

  /** Looks at every tuple, because what is asked for leaves a column open. */
  #scan(set: SubjectSet, depth: number, visited: Visited | undefined): boolean {
    const rows = this.#world.tuples.select(this.#namespaces.filterOf({ ...set, subject: undefined }))
    return rows.some((row) => this.#follow(this.#namespaces.tupleOf(row)?.subject, depth, visited))
  }

  /** @param subject of a tuple of the set; `undefined` when it is hidden */
  #follow(subject: Subject | undefined, depth: number, visited: Visited = new Set()): boolean {
    if (subject === undefined) return false
    const text = subjectText(subject)
    if (visited.has(text)) return false
    visited.add(text)
    if (sameSubject(subject, this.#wanted)) return true
    return typeof subject !== 'string' && this.reaches(subject, depth - 1, visited)
  }

  /**
   * Whether the wanted subject id is among the ids of the set. Of the others it is enough to know those that read like a
   * subject set: having visited them keeps that set from being followed, here as on the real servers.
   */
  #holds(set: SubjectSet, visited: Visited | undefined): boolean {
    const row = this.#namespaces.setRowOf(set)
    const { tuples } = this.#world
    if (typeof this.#wanted === 'string' && !visited?.has(this.#wanted)) {
      if (tuples.select({ ...row, subject: this.#wanted }, 0, 1).length > 0) return true
    }
    if (!visited) return false
    for (const name of this.#namespaces.names()) {
      for (const { subject } of tuples.subjectIds(row, `${name}:`))
        if (typeof subject === 'string') visited.add(subject)
    }
    return false
  }
}
