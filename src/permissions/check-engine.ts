import type { World } from '../state/world.ts'
import { Namespaces, type RelationTuple, type Subject, type SubjectSet, sameSubject, subjectText } from './tuple.ts'

/**
 * Answers whether the subject of `requested` is reached from its object and relation, directly or through subject sets
 * (admin-keto-projects §5.8). An unknown namespace denies. Empty parts of the tuple ask for nothing.
 * @param depth how many lookups a path may take: 1 sees direct tuples only
 */
export function subjectIsAllowed(world: World, requested: RelationTuple, depth: number): boolean {
  const namespaces = new Namespaces(world.settings.namespaces)
  const subjectsOf = (set: SubjectSet) => subjectsThatMatter(world, namespaces, set, requested.subject)
  // depth first, without recursion: paths may be as long as the configuration allows
  const path: Step[] = [{ subjects: subjectsOf(requested), depth, visited: undefined }]
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const next = step.subjects.next()
    if (next.done) {
      path.pop()
      continue
    }
    const visited: Set<string> = step.visited ?? new Set()
    const text = subjectText(next.value)
    if (visited.has(text)) continue
    visited.add(text)
    if (sameSubject(next.value, requested.subject)) return true
    if (typeof next.value !== 'string' && step.depth > 1) {
      path.push({ subjects: subjectsOf(next.value), depth: step.depth - 1, visited })
    }
  }
  return false
}

/** A set on the path that is being followed. */
interface Step {
  /** Those of its subjects that are still to be looked at. */
  readonly subjects: Iterator<Subject, undefined>
  /** How many lookups are left, this one included. */
  readonly depth: number
  /** What was met below one tuple at the top, as text; at the top itself every tuple begins a set of its own. */
  readonly visited: Set<string> | undefined
}

/**
 * The subjects of a set, in list order, without those that cannot change the answer. Of subject ids only two kinds can: the
 * wanted one, and those that read like a subject set, because having met them keeps that set from being followed, here as
 * on the real servers. So a set of a million ids costs no more than one of ten.
 */
function* subjectsThatMatter(
  world: World,
  namespaces: Namespaces,
  set: SubjectSet,
  wanted: Subject,
): Generator<Subject, undefined> {
  if (set.namespace !== '' && !namespaces.has(set.namespace)) return
  const { namespace, object, relation } = set
  if (namespace === '' || object === '' || relation === '') {
    // a column is left open: the tuples of several sets come mixed
    const rows = world.tuples.select(namespaces.filterOf({ namespace, object, relation, subject: undefined }))
    for (const row of rows) {
      const tuple = namespaces.tupleOf(row)
      if (tuple) yield tuple.subject
    }
    return
  }
  const of = namespaces.setRowOf(set)
  for (const row of world.tuples.subjectSets(of)) {
    const subject = namespaces.subjectOf(row.subject)
    if (subject !== undefined) yield subject
  }
  if (typeof wanted === 'string' && world.tuples.select({ ...of, subject: wanted }, 0, 1).length > 0) yield wanted
  for (const name of namespaces.names()) {
    for (const row of world.tuples.subjectIds(of, `${name}:`)) if (typeof row.subject === 'string') yield row.subject
  }
}
