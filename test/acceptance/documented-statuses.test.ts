import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedOperations } from '../support/independent-validator.ts'
import { type OnePortMock, type RunningOptions, startOnePort } from '../support/running-mock.ts'
import { WALKABLE } from '../support/walkable.ts'
import { type ByPreference, Situation, type Way, type Ways } from './situation.ts'
import { STATUSES_OF_ADMINISTRATION } from './statuses-of-administration.ts'
import { STATUSES_OF_FLOWS, STATUSES_OF_SETTINGS } from './statuses-of-flows.ts'
import { STATUSES_OF_PERMISSIONS } from './statuses-of-permissions.ts'
import { STATUSES_OF_PROJECTS } from './statuses-of-projects.ts'
import { STATUSES_OF_SESSIONS } from './statuses-of-sessions.ts'

/*
 * Every status that the document names for an operation is produced through the front door: by the state of a world where
 * state can, by a switch where only that can, by a preferred status where the real servers never answer it.
 */

const TABLES: readonly (readonly [title: string, ways: Ways, server: RunningOptions])[] = [
  ['flows', STATUSES_OF_FLOWS, { fixture: 'team' }],
  ['settings', STATUSES_OF_SETTINGS, { fixture: 'team' }],
  ['sessions', STATUSES_OF_SESSIONS, { fixture: 'team' }],
  ['administration', STATUSES_OF_ADMINISTRATION, { fixture: 'team' }],
  ['permissions', STATUSES_OF_PERMISSIONS, WALKABLE],
  ['projects', STATUSES_OF_PROJECTS, WALKABLE],
]

interface Row {
  readonly operationId: string
  readonly status: string
  readonly way: Way
}

const rowsOf = (ways: Ways): readonly Row[] =>
  Object.entries(ways).flatMap(([operationId, statuses]) =>
    Object.entries(statuses).map(([status, way]) => ({ operationId, status, way })),
  )

async function produce(situation: Situation, operationId: string, status: string, way: Way): Promise<void> {
  if (typeof way === 'function') await way(situation)
  else if ('thrown' in way) await situation.sendSample(operationId, { 'X-Mock-Switch': way.thrown })
  else await situation.sendSample(operationId, { Prefer: `code=${status}` })
}

describe.each(TABLES)('of %s', (_title, ways, options) => {
  let server: OnePortMock
  beforeAll(async () => {
    server = await startOnePort(options)
  })
  afterAll(() => server.close())

  it.each(rowsOf(ways))('$operationId $status', async ({ operationId, status, way }) => {
    const situation = new Situation(server, `${operationId}-${status}`.toLowerCase())
    await produce(situation, operationId, status, way)
    const { last } = situation
    expect(last).toEqual({ operationId, status: last?.status, faults: [] })
    if (status === 'default') expect(last?.status).toBeGreaterThanOrEqual(500)
    else expect(last?.status).toBe(Number(status))
  })

  it('the server fails nowhere', () => {
    expect(server.failures).toEqual([])
  })
})

describe('the tables', () => {
  const all = TABLES.flatMap(([, ways]) => rowsOf(ways))
  const pair = ({ operationId, status }: { operationId: string; status: string }) => `${operationId} ${status}`

  it('name each of the 243 pairs of operation and status that the document has, and no other', () => {
    const documented = publishedOperations().flatMap(({ operationId, statuses }) =>
      statuses.map((status) => pair({ operationId, status })),
    )
    expect(documented).toHaveLength(243)
    expect(all.map(pair).sort()).toEqual([...documented].sort())
  })

  it('prefer a status only where neither state nor a switch can', () => {
    const preferred = all.filter((row): row is Row & { way: ByPreference } => 'preferred' in row.way)
    expect(preferred.map(pair)).toEqual([
      'submitSelfServiceRecoveryFlow 410',
      'submitSelfServiceVerificationFlow 410',
      'listSessions 404',
      'revokeSessions 400',
      'revokeSessions 404',
      'adminListIdentitySessions 404',
    ])
  })
})
