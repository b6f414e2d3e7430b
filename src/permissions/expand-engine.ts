import type { World } from '../state/world.ts'
import { listTuples, type Subject, type SubjectSet, subjectBody, subjectText } from './tuple.ts'

/** The key order is the one of every reply. */
export interface Tree {
  readonly type: 'union' | 'leaf'
  readonly children?: readonly Tree[]
  readonly subject_id?: string
  readonly subject_set?: SubjectSet
}

const PAGE = 100

/**
 * The tree of all subjects of a set (admin-keto-projects §5.9); `undefined` when it has none. Sets at the end of the depth,
 * sets met before and sets without tuples are leaves.
 * @param depth how many levels the tree may have
 * @throws OryError 404 when the namespace is unknown
 */
export function buildTree(world: World, set: SubjectSet, depth: number): Tree | undefined {
  return build(world, set, depth, new Set())
}

function build(world: World, subject: Subject, depth: number, visited: Set<string>): Tree | undefined {
  if (typeof subject === 'string') return leaf(subject)
  const text = subjectText(subject)
  if (visited.has(text)) return undefined
  visited.add(text)
  const children: Tree[] = []
  for (let page = 1; ; page++) {
    // page by page, as the real servers: a page on which all tuples are hidden makes the whole set a leaf
    const { tuples, more } = listTuples(world, { ...subject, subject: undefined }, { page, size: PAGE })
    if (tuples.length === 0) return undefined
    if (depth <= 1) return leaf(subject)
    for (const tuple of tuples) children.push(build(world, tuple.subject, depth - 1, visited) ?? leaf(tuple.subject))
    if (!more) return { type: 'union', children, ...subjectBody(subject) }
  }
}

function leaf(subject: Subject): Tree {
  return { type: 'leaf', ...subjectBody(subject) }
}
