import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoConfig } from '../../src/config/demo.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import type { Visit } from './visitor.ts'
import { walk } from './walk.ts'

const MEMBERS = ['01', '02'].map((end) => ({
  id: `6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c${end}`,
  email: `member-${end}@example.com`,
  name: `Member ${end}`,
}))

let server: OnePortMock
let visits: readonly Visit[]

beforeAll(async () => {
  server = await startOnePort({
    config: { ...demoConfig(), namespaces: [{ id: 0, name: 'files' }] },
    fixture: { project: { name: 'demo', members: MEMBERS } },
  })
  visits = await walk(server)
})

afterAll(() => server.close())

describe('walking through the document', () => {
  it.each(publishedRoutes)('%s %s succeeds, with an answer that the document has', (_method, _path, operationId) => {
    const successes = visits.filter((visit) => visit.operationId === operationId && visit.status < 300)
    expect(successes).not.toEqual([])
  })

  it('nothing is refused on the way', () => {
    expect(visits.filter(({ status }) => status >= 400)).toEqual([])
  })

  it('no answer breaks the document as published', () => {
    expect(visits.filter(({ faults }) => faults.length > 0)).toEqual([])
  })

  it('the server fails nowhere', () => {
    expect(server.failures).toEqual([])
  })

  it('the document has 61 operations', () => {
    expect(publishedRoutes).toHaveLength(61)
  })
})
