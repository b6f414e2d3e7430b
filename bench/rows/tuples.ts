import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { createMock } from '../../src/create-mock.ts'
import { type Listening, listen } from '../../src/http/listen.ts'
import type { TupleRow } from '../../src/state/tuples.ts'
import { median, spread } from '../figures.ts'
import type { Row } from '../result.ts'

const SMALL = 1_000
const LARGE = 1_000_000
const ROUNDS = 9
const CALLS = 400

/** What is asked is the same in both worlds; they differ in tuples that nobody asks for. */
const CHECK = '/relation-tuples/check/openapi?namespace=files&object=doc-1&relation=view&subject_id=ann'
const PAGES = {
  'of an object': '/relation-tuples?namespace=files&object=doc-1&page_size=100',
  'of a relation': '/relation-tuples?namespace=files&relation=view&page_size=100',
}

/** Neither a check nor a page of a list may cost more in a large world (admin-keto-projects §5). */
export async function tuples(): Promise<readonly Row[]> {
  const small = await serveTuples(SMALL)
  const large = await serveTuples(LARGE)
  try {
    const paths = { 'check that needs three hops': CHECK, ...named('page of a list ', PAGES) }
    const rows: Row[] = []
    for (const [what, path] of Object.entries(paths)) rows.push(await compare(what, path, small.port, large.port))
    return rows
  } finally {
    await Promise.all([small.close(), large.close()])
  }
}

const named = (prefix: string, paths: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [prefix + name, path]))

async function serveTuples(count: number): Promise<Listening> {
  const config = mergeConfig(demoConfig(), {
    namespaces: [
      { id: 1, name: 'files' },
      { id: 2, name: 'groups' },
    ],
  })
  const mock = createMock({ config, auth: 'off' })
  mock.sandboxes.enter('default').sandbox.world.tuples.load([...asked(), ...fillers(count)])
  return listen(createApp(mock), 0)
}

/** doc-1#view ← folder-1#owner ← group#member ← ann: three look-ups on the way to ann. */
function asked(): TupleRow[] {
  const folder = { namespace_id: 1, object: 'folder-1', relation: 'owner' }
  const group = { namespace_id: 2, object: 'admins', relation: 'member' }
  return [
    { namespace_id: 1, object: 'doc-1', relation: 'view', subject: folder },
    { ...folder, subject: group },
    { ...group, subject: 'ann' },
  ]
}

function fillers(count: number): TupleRow[] {
  return Array.from({ length: count }, (_, i) => ({
    namespace_id: 1,
    object: `file-${String(i).padStart(7, '0')}`,
    relation: i % 2 === 0 ? 'view' : 'edit',
    subject: `person-${i % 5000}`,
  }))
}

async function compare(what: string, path: string, small: number, large: number): Promise<Row> {
  const ratios: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const [one, other] = [await timed(small, path), await timed(large, path)]
    // the first round lays the orders and warms up
    if (round > 0) ratios.push(other / one)
  }
  return {
    what: `${what}: a world of 1,000,000 tuples against one of 1,000`,
    budget: '≤ 1.5 ×',
    measured: spread(ratios, ' ×'),
    met: median(ratios) <= 1.5,
    how: `time of ${CALLS} requests over one connection, ${ROUNDS} interleaved rounds, median of the rounds' ratios`,
  }
}

async function timed(port: number, path: string): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < CALLS; i++) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    if (!response.ok) throw new Error(`${response.status} to ${path}`)
    await response.arrayBuffer()
  }
  return performance.now() - began
}
