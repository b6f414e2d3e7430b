import { describe, expect, it } from 'vitest'
import { subjectIsAllowed } from '../../src/permissions/check-engine.ts'
import { maxDepth } from '../../src/permissions/depth.ts'
import { buildTree } from '../../src/permissions/expand-engine.ts'
import { listTuples } from '../../src/permissions/tuple.ts'
import { Random } from '../support/random.ts'
import { randomGraph, randomSet, randomSubject, worldOf } from './random-graph.ts'
import * as restatement from './restatement.ts'

const GRAPHS = process.env['TEST_SCALE'] === 'full' ? 5_000 : 200
const SEED = Number(process.env['TEST_SEED'] ?? 20220727)
const TIMEOUT = 10_000 + GRAPHS * 40

/** Runs the rule on every graph; a failure names the seed with which `TEST_SEED` shows it again, as the first of all. */
function onEveryGraph(rule: (random: Random) => void): void {
  for (let i = 0; i < GRAPHS; i++) {
    const seed = SEED + i
    try {
      rule(new Random(seed))
    } catch (error) {
      throw new Error(`TEST_SEED=${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
    }
  }
}

describe('on random graphs with cycles, sets in sets, hidden tuples and depth limits', () => {
  it('a check answers what the algorithm of the reference answers', { timeout: TIMEOUT }, () => {
    const seen = { allowed: 0, denied: 0 }
    onEveryGraph((random) => {
      const graph = randomGraph(random)
      const world = worldOf(graph)
      const restated = restatement.restate(graph)
      for (let i = 0; i < 20; i++) {
        const set = random.chance(0.3) ? randomSet(random) : random.pick(graph.tuples)
        const requested = { ...set, subject: randomSubject(random) }
        const asked = random.below(8) - 1
        const depth = maxDepth(new URLSearchParams({ 'max-depth': String(asked) }), world)
        const allowed = restatement.check(restated, requested, asked)
        seen[allowed ? 'allowed' : 'denied']++
        expect({ requested, asked, allowed: subjectIsAllowed(world, requested, depth) }).toEqual({
          requested,
          asked,
          allowed,
        })
      }
    })
    // the graphs show both answers often, or the comparison would say little
    expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(GRAPHS)
  })

  it('a tree is what the algorithm of the reference makes', { timeout: TIMEOUT }, () => {
    let trees = 0
    onEveryGraph((random) => {
      const graph = randomGraph(random)
      const world = worldOf(graph)
      const restated = restatement.restate(graph)
      for (let i = 0; i < 5; i++) {
        const set = { ...randomSet(random), namespace: random.pick(['groups', 'files', '']) }
        const asked = random.below(8) - 1
        const tree = buildTree(world, set, maxDepth(new URLSearchParams({ 'max-depth': String(asked) }), world)) ?? null
        if (tree?.type === 'union') trees++
        expect(tree, JSON.stringify({ set, asked })).toEqual(restatement.expand(restated, set, asked))
      }
    })
    expect(trees).toBeGreaterThan(GRAPHS)
  })

  it('a page of a list, whatever it filters by, is that of the filtered and sorted whole', { timeout: TIMEOUT }, () => {
    let full = 0
    onEveryGraph((random) => {
      const graph = randomGraph(random)
      const world = worldOf(graph)
      const restated = restatement.restate(graph)
      for (let i = 0; i < 5; i++) {
        const set = randomSet(random)
        const namespace = random.pick(['groups', 'files', '', ''])
        const subject = random.chance(0.5) ? undefined : { ...randomSet(random), namespace: 'groups' }
        const query = { ...set, namespace, relation: random.chance(0.5) ? '' : set.relation, subject }
        const page = { page: 1 + random.below(3), size: random.pick([1, 2, 3, 100]) }
        const listed = listTuples(world, query, page)
        if (listed.tuples.length > 0) full++
        expect(listed, JSON.stringify({ query, page })).toEqual(
          restatement.listPage(restated, query, page.page, page.size),
        )
      }
    })
    expect(full).toBeGreaterThan(GRAPHS / 2)
  })
})
