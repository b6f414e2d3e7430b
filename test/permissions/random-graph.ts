import { resolveSettings } from '../../src/config/resolve.ts'
import type { RelationTuple, Subject, SubjectSet } from '../../src/permissions/tuple.ts'
import { Namespaces } from '../../src/permissions/tuple.ts'
import { World } from '../../src/state/world.ts'
import type { Random } from '../support/random.ts'

export interface Graph {
  readonly tuples: readonly [RelationTuple, ...RelationTuple[]]
  readonly limit: number
}

export const KNOWN = ['groups', 'files'] as const
/** A namespace that has tuples and is no longer configured. */
export const REMOVED = 'removed'
const IDS = { groups: 1, files: 0, removed: 2 } as const

/** Few names, so that sets meet, contain one another and come back to themselves. */
export function randomSet(random: Random): SubjectSet {
  return {
    namespace: random.pick(['groups', 'groups', 'groups', 'groups', 'files', REMOVED]),
    object: random.pick(['a', 'b', 'c', 'd', 'e', '']),
    relation: random.pick(['member', 'member', 'member', 'member', 'owner', '']),
  }
}

export function randomSubject(random: Random): Subject {
  if (random.chance(0.6)) return randomSet(random)
  // some ids read like a set; `\u{1f600}` and `\uffee` sort otherwise in UTF-8 than in UTF-16
  return random.pick(['ann', 'bob', 'cho', '*', '', 'groups:a#member', 'groups:b#member', '\u{1f600}', '\uffee'])
}

export function randomGraph(random: Random): Graph {
  const tuple = (): RelationTuple => ({ ...randomSet(random), subject: randomSubject(random) })
  const tuples: [RelationTuple, ...RelationTuple[]] = [tuple()]
  const size = random.pick([5, 10, 20, 40])
  while (tuples.length < size) tuples.push(tuple())
  // more than a page of one set, hidden or not
  if (random.chance(0.15)) {
    const set = randomSet(random)
    const namespace = random.pick([REMOVED, 'groups'])
    const count = random.pick([99, 100, 101, 201])
    for (let i = 0; i < count; i++) {
      tuples.push({ ...set, subject: { namespace, object: `${random.pick(['A', 'z'])}${i}`, relation: 'member' } })
    }
  }
  return { tuples, limit: random.pick([1, 2, 3, 5, 5, 5, 8]) }
}

/** A world that holds the graph. The removed namespace was configured when its tuples were written. */
export function worldOf({ tuples, limit }: Graph): World {
  const namespaces = Object.entries(IDS).map(([name, id]) => ({ id, name }))
  const all = new Namespaces(namespaces)
  const known = namespaces.filter(({ name }) => name !== REMOVED)
  const world = new World({
    name: 'default',
    settings: resolveSettings({ namespaces: known, limit: { max_read_depth: limit } }),
  })
  for (const tuple of tuples) world.tuples.add(all.rowOf(tuple))
  return world
}
