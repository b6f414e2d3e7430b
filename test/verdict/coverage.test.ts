import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createContract } from '../../src/contract/contract.ts'
import { nearestOperation } from '../../src/report/nearest.ts'
import type { Coverage } from '../../src/report/shown-coverage.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

let server: OnePortMock
beforeEach(async () => {
  server = await startOnePort({ journalSize: 2 })
})
afterEach(() => server.close())

async function coverage(path = ''): Promise<Coverage> {
  return (await (await fetch(`${server.url}${path}`)).json()) as Coverage
}
const control = (method: string, path: string) =>
  fetch(`${server.url}${path}`, { method, headers: { 'Content-Type': 'application/json' } })

async function call(path: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await (await fetch(`${server.url}${path}`)).text()
}

describe('GET /__mock/coverage', () => {
  it('counts the calls of the sandbox, those too that made room in the journal or were cleared from it', async () => {
    await call('/health/alive', 5)
    await call('/~other/health/alive', 1)
    await control('DELETE', '/__mock/journal')
    await call('/health/alive', 1)
    const { operations, calls } = await coverage('/__mock/coverage')
    expect(calls).toBe(6)
    const alive = operations.find(({ operation }) => operation === 'isAlive')
    expect(alive).toMatchObject({ method: 'GET', path: '/health/alive', calls: 6 })
    expect(alive?.points[0]).toEqual({ dimension: 'status', value: '200', calls: 6 })
    expect(alive?.points.filter((point) => point.calls === 0).map(({ value }) => value)).toContain('500')
  })

  it('with ?all counts every sandbox, those too that are gone', async () => {
    await call('/health/alive', 1)
    await call('/~gone/health/alive', 3)
    await control('DELETE', '/__mock/sandboxes/gone')
    expect((await coverage('/__mock/coverage?all')).calls).toBe(4)
    expect((await coverage('/__mock/coverage')).calls).toBe(1)
  })

  it('begins anew after DELETE, while the journal stays', async () => {
    await call('/health/alive', 2)
    await call('/~other/health/alive', 1)
    await control('DELETE', '/__mock/coverage')
    expect([(await coverage('/__mock/coverage')).calls, (await coverage('/__mock/coverage?all')).calls]).toEqual([0, 1])
    await control('DELETE', '/__mock/coverage?all')
    expect((await coverage('/__mock/coverage?all')).calls).toBe(0)
    expect(await (await fetch(`${server.url}/__mock/journal`)).json()).toHaveLength(2)
  })

  it('names calls that nothing answers, with what was probably meant', async () => {
    await call('/self-service/login/flow?id=x', 2)
    const { unmatched } = await coverage('/__mock/coverage')
    const nearest = { operation: 'getSelfServiceLoginFlow', method: 'GET', path: '/self-service/login/flows' }
    expect(unmatched).toEqual([{ method: 'GET', path: '/self-service/login/flow', calls: 2, nearest }])
  })
})

it.each([
  ['GET', '/session/whoami', 'toSession'],
  ['GET', '/identities/17', 'adminGetIdentity'],
  ['POST', '/relation-tuples', 'getRelationTuples'],
  ['PUT', '/relation-tuples', 'createRelationTuple'],
  ['POST', '/self-service/login/browser', 'initializeSelfServiceLoginFlowForBrowsers'],
  ['GET', '/oauth2/token', undefined],
  ['GET', '/', undefined],
])('nearest to %s %s is %s', (method, path, expected) => {
  const { operations } = createContract({ dialect: 'spec' })
  const documented = operations.filter(({ additional }) => !additional)
  expect(nearestOperation(documented, method, path)?.operationId).toBe(expected)
})
