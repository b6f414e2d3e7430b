import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { Random } from '../support/random.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { Suite } from './suite.ts'
import { speakerTo, WAYS } from './ways.ts'

/*
 * Suites that run in parallel against one server do not notice each other: same names, but conflicting fixtures, clocks,
 * configurations, switches, mails, tuples and resets.
 */

const SUITES = 50
const REQUESTS = process.env['TEST_SCALE'] === 'full' ? 1000 : 20
const PATIENCE = 600_000

let server: OnePortMock

beforeAll(async () => {
  server = await startOnePort({ config: mergeConfig(demoConfig(), { namespaces: [{ id: 0, name: 'files' }] }) })
})
afterAll(async () => {
  await server.close()
  expect(server.failures).toEqual([])
})

test.each(WAYS)(
  `${SUITES} suites of ${REQUESTS} requests, their sandboxes chosen by %s`,
  { timeout: PATIENCE },
  async (way) => {
    const suites = Array.from({ length: SUITES }, (_, n) => {
      const speaker = speakerTo(server.port, way, `${way.slice(0, 2)}-${n}`)
      return new Suite(speaker, new Random(n), n)
    })
    await Promise.all(suites.map((suite) => suite.run(REQUESTS)))
    // with a seed, a reset begins the ids of its own sandbox again
    const ids = suites.flatMap((suite) => [...new Set(suite.ids)])
    expect(new Set(ids).size).toBe(ids.length)
    expect(Math.min(...suites.map(({ requests }) => requests))).toBeGreaterThanOrEqual(REQUESTS)
  },
)
