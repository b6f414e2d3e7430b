import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContract } from '../../../src/contract/contract.ts'
import { loadDocument } from '../../../src/contract/document.ts'
import { validRequests } from '../../support/broken-requests.ts'
import { send } from '../../support/http-client.ts'
import { type OnePortMock, startOnePort } from '../../support/running-mock.ts'

/* Prefer: code= has every status that an operation documents, and of those that it documents as "default" some. */

/** What is documented by no number. */
const OTHERS = [402, 418, 503, 599]

describe.each(['spec', 'wire'] as const)('in the dialect %s', (dialect) => {
  let server: OnePortMock
  beforeAll(async () => {
    server = await startOnePort({ dialect, auth: 'off', requests: 'report' })
  })
  afterAll(async () => {
    await server.close()
    expect(server.failures).toEqual([])
  })

  const { statusesOf } = createContract({ dialect })
  const requests = validRequests(loadDocument('spec'))
    // a form that comes from another site is refused before anything
    .filter(({ operationId }) => operationId !== 'forwardSelfServiceOidcCallback')
    .map((request) => [request.operationId, request] as const)

  it.each(requests)('%s', async (operationId, { method, path, rawQuery, headers, text }) => {
    const { named, others } = statusesOf(operationId)
    const wanted = [...named, ...(others ? OTHERS : [])]
    const got = []
    for (const status of wanted) {
      const answer = await send({
        port: server.port,
        method,
        path: rawQuery === '' ? path : `${path}?${rawQuery}`,
        headers: { Accept: 'application/json', ...headers, Prefer: `code=${status}` },
        body: text === '' ? undefined : text,
      })
      expect(answer.headers['x-mock-contract-violation']).toBeUndefined()
      got.push(answer.status)
    }
    expect(got).toEqual(wanted)
  })
})
