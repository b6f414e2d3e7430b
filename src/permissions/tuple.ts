import type { Namespace } from '../config/settings.ts'
import { unknownNamespace } from '../errors.ts'
import { goQuote } from '../http/go-text.ts'
import type { SubjectSetRow, TupleFilter, TupleRow } from '../state/tuples.ts'
import type { World } from '../state/world.ts'

/*
 * Relation tuples as the API names them (admin-keto-projects §5.1, §5.2): by the name of their namespace, while the world
 * stores them by its id.
 */

/** All that hold `relation` to `object`. The key order is the one of every reply. */
export interface SubjectSet {
  readonly namespace: string
  readonly object: string
  readonly relation: string
}

/** A subject id, or a set. */
export type Subject = string | SubjectSet

export interface RelationTuple {
  readonly namespace: string
  readonly object: string
  readonly relation: string
  readonly subject: Subject
}

/** What tuples must equal. An empty text asks for nothing, as does a missing subject. */
export interface RelationQuery {
  readonly namespace: string
  readonly object: string
  readonly relation: string
  readonly subject: Subject | undefined
}

/** The page of a list: `page` counts from 1. */
export interface Page {
  readonly page: number
  readonly size: number
}

/** The configured namespaces, by name and by id; of two that share one, the first counts. */
export class Namespaces {
  readonly #ids = new Map<string, number>()
  readonly #names = new Map<number, string>()

  constructor(namespaces: readonly Namespace[]) {
    for (const { id, name } of namespaces) {
      if (!this.#ids.has(name)) this.#ids.set(name, id)
      if (!this.#names.has(id)) this.#names.set(id, name)
    }
  }

  has(name: string): boolean {
    return this.#ids.has(name)
  }

  names(): Iterable<string> {
    return this.#ids.keys()
  }

  /** @throws OryError 404 when there is no such namespace */
  idOf(name: string): number {
    const id = this.#ids.get(name)
    if (id === undefined) throw unknownNamespace(goQuote(name))
    return id
  }

  /** @throws OryError 404 when there is no such namespace */
  setRowOf(set: SubjectSet): SubjectSetRow {
    return { namespace_id: this.idOf(set.namespace), object: set.object, relation: set.relation }
  }

  /** @throws OryError 404 when the namespace of the tuple or of its subject set is unknown */
  rowOf(tuple: RelationTuple): TupleRow {
    const { namespace_id, object, relation } = this.setRowOf(tuple)
    return { namespace_id, object, relation, subject: this.#subjectRowOf(tuple.subject) }
  }

  /** @throws OryError 404 when a namespace that is asked for is unknown */
  filterOf(query: RelationQuery): TupleFilter {
    return {
      ...(query.namespace === '' ? {} : { namespace_id: this.idOf(query.namespace) }),
      ...(query.object === '' ? {} : { object: query.object }),
      ...(query.relation === '' ? {} : { relation: query.relation }),
      ...(query.subject === undefined ? {} : { subject: this.#subjectRowOf(query.subject) }),
    }
  }

  /** `undefined` when the row belongs to a namespace that has been removed: it is hidden. */
  tupleOf(row: TupleRow): RelationTuple | undefined {
    const namespace = this.#names.get(row.namespace_id)
    const subject = this.subjectOf(row.subject)
    if (namespace === undefined || subject === undefined) return undefined
    return { namespace, object: row.object, relation: row.relation, subject }
  }

  /** `undefined` when it is a set of a namespace that has been removed. */
  subjectOf(row: string | SubjectSetRow): Subject | undefined {
    if (typeof row === 'string') return row
    const namespace = this.#names.get(row.namespace_id)
    return namespace === undefined ? undefined : { namespace, object: row.object, relation: row.relation }
  }

  #subjectRowOf(subject: Subject): string | SubjectSetRow {
    return typeof subject === 'string' ? subject : this.setRowOf(subject)
  }
}

/**
 * One page of the tuples that the query asks for, in list order; hidden ones leave gaps.
 * @returns `more`: whether another page follows
 * @throws OryError 404 when a namespace that is asked for is unknown
 */
export function listTuples(
  world: World,
  query: RelationQuery,
  { page, size }: Page,
): { readonly tuples: readonly RelationTuple[]; readonly more: boolean } {
  const namespaces = new Namespaces(world.settings.namespaces)
  const rows = world.tuples.select(namespaces.filterOf(query), (page - 1) * size, size + 1)
  const tuples = rows.slice(0, size).flatMap((row) => namespaces.tupleOf(row) ?? [])
  return { tuples, more: rows.length > size }
}

/** As replies write a subject: `{subject_id}` or `{subject_set}`. */
export function subjectBody(subject: Subject): { subject_id: string } | { subject_set: SubjectSet } {
  return typeof subject === 'string' ? { subject_id: subject } : { subject_set: subject }
}

/** As replies write a tuple. */
export function tupleBody({ namespace, object, relation, subject }: RelationTuple) {
  return { namespace, object, relation, ...subjectBody(subject) }
}

/** A subject as text, which is how the real servers tell apart what they have visited: `ns:object#relation`, or the id. */
export function subjectText(subject: Subject): string {
  return typeof subject === 'string' ? subject : `${subject.namespace}:${subject.object}#${subject.relation}`
}

export function sameSubject(a: Subject, b: Subject): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  return a.namespace === b.namespace && a.object === b.object && a.relation === b.relation
}
