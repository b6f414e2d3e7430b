import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { WALKABLE } from '../support/walkable.ts'
import type { Visit } from './visitor.ts'
import { walk } from './walk.ts'

let server: OnePortMock
let visits: readonly Visit[]

beforeAll(async () => {
  server = await startOnePort(WALKABLE)
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
