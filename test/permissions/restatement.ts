import type { RelationQuery, RelationTuple, Subject } from '../../src/permissions/tuple.ts'
import { type Graph, KNOWN } from './random-graph.ts'

/*
 * The algorithms of admin-keto-projects §5.7 to §5.9 said again, over a plain array and without any index, to compare the
 * engines with.
 */

const ORDER = ['files', 'groups', 'removed']

function key(tuple: RelationTuple): Buffer[] {
  const { subject } = tuple
  const set = typeof subject === 'string' ? undefined : subject
  const text = (value: string) => Buffer.from(value)
  const namespace = (name: string) => Buffer.from([ORDER.indexOf(name)])
  return [
    namespace(tuple.namespace),
    text(tuple.object),
    text(tuple.relation),
    Buffer.from([set ? 0 : 1]),
    text(typeof subject === 'string' ? subject : ''),
    set ? namespace(set.namespace) : text(''),
    text(set?.object ?? ''),
    text(set?.relation ?? ''),
  ]
}

function inListOrder(tuples: readonly RelationTuple[]): RelationTuple[] {
  return tuples.toSorted((a, b) => {
    const other = key(b)
    for (const [i, part] of key(a).entries()) {
      const difference = Buffer.compare(part, other[i] ?? Buffer.alloc(0))
      if (difference !== 0) return difference
    }
    return 0
  })
}

const isKnown = (name: string) => KNOWN.some((known) => known === name)
const isHidden = ({ namespace, subject }: RelationTuple) =>
  !isKnown(namespace) || (typeof subject !== 'string' && !isKnown(subject.namespace))

export class UnknownNamespace extends Error {}

/** What the algorithms read: the tuples sorted once. */
export interface Restated {
  readonly inListOrder: readonly RelationTuple[]
  readonly limit: number
}

export function restate({ tuples, limit }: Graph): Restated {
  return { inListOrder: inListOrder(tuples), limit }
}

/** One page, and whether another follows. */
export function listPage(graph: Restated, query: RelationQuery, page: number, size = 100) {
  if (query.namespace !== '' && !isKnown(query.namespace)) throw new UnknownNamespace()
  if (query.subject !== undefined && typeof query.subject !== 'string' && !isKnown(query.subject.namespace)) {
    throw new UnknownNamespace()
  }
  const wanted = query.subject === undefined ? undefined : JSON.stringify(query.subject)
  const found = graph.inListOrder.filter(
    (t) =>
      (query.namespace === '' || t.namespace === query.namespace) &&
      (query.object === '' || t.object === query.object) &&
      (query.relation === '' || t.relation === query.relation) &&
      (wanted === undefined || JSON.stringify(t.subject) === wanted),
  )
  const rows = found.slice((page - 1) * size, page * size)
  return { tuples: rows.filter((t) => !isHidden(t)), more: found.length > page * size }
}

const text = (s: Subject) => (typeof s === 'string' ? s : `${s.namespace}:${s.object}#${s.relation}`)
const depthOf = (graph: Restated, asked: number) => (asked <= 0 || asked > graph.limit ? graph.limit : asked)

export function check(graph: Restated, requested: RelationTuple, asked: number): boolean {
  const expand = (set: RelationQuery, d: number, visited?: Set<string>): boolean => {
    if (d <= 0) return false
    if (set.namespace !== '' && !isKnown(set.namespace)) return false
    for (let page = 1; ; page++) {
      const { tuples, more } = listPage(graph, { ...set, subject: undefined }, page)
      for (const { subject } of tuples) {
        const seen = visited ?? new Set<string>()
        if (seen.has(text(subject))) continue
        seen.add(text(subject))
        if (JSON.stringify(subject) === JSON.stringify(requested.subject)) return true
        if (typeof subject !== 'string' && expand({ ...subject, subject: undefined }, d - 1, seen)) return true
      }
      if (!more) return false
    }
  }
  return expand(requested, depthOf(graph, asked))
}

export function expand(graph: Restated, root: Subject, asked: number): unknown {
  const visited = new Set<string>()
  const named = (s: Subject) => (typeof s === 'string' ? { subject_id: s } : { subject_set: s })
  const tree = (subject: Subject, d: number): object | undefined => {
    if (typeof subject === 'string') return { type: 'leaf', ...named(subject) }
    if (visited.has(text(subject))) return undefined
    visited.add(text(subject))
    const children: object[] = []
    for (let page = 1; ; page++) {
      const { tuples, more } = listPage(graph, { ...subject, subject: undefined }, page)
      if (tuples.length === 0) return undefined
      if (d <= 1) return { type: 'leaf', ...named(subject) }
      for (const t of tuples) children.push(tree(t.subject, d - 1) ?? { type: 'leaf', ...named(t.subject) })
      if (!more) return { type: 'union', children, ...named(subject) }
    }
  }
  return tree(root, depthOf(graph, asked)) ?? null
}
