import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createContract } from '../../src/contract/contract.ts'
import { listOperations, loadDocument } from '../../src/contract/document.ts'
import { createEovReplyValidator } from '../../src/contract/eov.ts'
import { responseOf } from '../../src/contract/openapi.ts'
import { operationObject } from '../../src/contract/prune.ts'
import { createSampler } from '../../src/contract/sample.ts'
import { SchemaRegistry } from '../../src/contract/schema-registry.ts'
import { publishedOperations, validatePublished } from '../support/independent-validator.ts'

const { sample, validateReply, match, document, operations } = createContract({ dialect: 'spec' })
const documented = publishedOperations().flatMap(({ operationId, statuses }) =>
  statuses.map((status) => ({ operationId, status: status === 'default' ? 500 : Number(status) })),
)

describe('a sample', () => {
  it('is valid by the published document, for each of its 223 bodies', async () => {
    let bodies = 0
    for (const seed of [1, 'another']) {
      for (const { operationId, status } of documented) {
        const body = await sample(operationId, status, seed)
        const type = body === undefined ? undefined : 'application/json'
        expect(validatePublished(operationId, status, type, body), `${operationId} ${status} ${seed}`).toEqual([])
        bodies += body === undefined ? 0 : 1
      }
    }
    expect(bodies).toBe(2 * 223)
  })

  it('is valid by the contract, in either dialect, for every operation and status', async () => {
    for (const dialect of ['spec', 'wire'] as const) {
      const contract = createContract({ dialect })
      for (const operation of contract.operations) {
        const { responses } = operationObject(contract.document, operation)
        for (const status of Object.keys(responses).map(Number).filter(Number.isFinite)) {
          const body = await contract.sample(operation.operationId, status)
          const found = contract.match(operation.method, operation.path.replace(/\{[^}]+\}/g, 'x'))
          const headers = { location: 'http://localhost/' }
          const reply = { status, headers, contentType: 'application/json', body }
          expect(await contract.validateReply(found, reply), `${operation.operationId} ${status}`).toEqual([])
        }
      }
    }
  })

  it('is the same for the same seed, in every process, and another for another', async () => {
    const anew = () => {
      const read = loadDocument('spec')
      return createSampler(read, listOperations(read), new SchemaRegistry(read))
    }
    const [first, again, other] = [
      await anew()('toSession', 200, 7),
      await anew()('toSession', 200, 7),
      await anew()('toSession', 200, 8),
    ]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    const flow = JSON.stringify(await sample('getSelfServiceLoginFlow', 200, 'golden'))
    expect(createHash('sha256').update(flow).digest('hex')).toBe(
      'a7b9317e0ffd0f717859db60519611c55ce801cfe8f9c37763bc6b5dce71aef0',
    )
  })

  it('is frozen, for it is kept and shared', async () => {
    const session = await sample('toSession', 200, 7)
    expect(Object.isFrozen(session)).toBe(true)
    expect(await sample('toSession', 200, 7)).toBe(session)
  })

  it('is there only where the document has a body', async () => {
    expect(await sample('revokeSession', 204)).toBeUndefined()
    expect(await sample('initializeSelfServiceLoginFlowForBrowsers', 303)).toBeUndefined()
    await expect(sample('toSession', 418)).rejects.toThrow('toSession documents no status 418')
    await expect(sample('noSuchOperation', 200)).rejects.toThrow('no operation "noSuchOperation"')
  })

  it('of a tree does not grow without end', async () => {
    for (const seed of Array(20).keys()) {
      expect(JSON.stringify(await sample('getExpand', 200, seed)).length).toBeLessThan(2000)
    }
  })
})

/** A body broken in each of its members: taken out, and of another type. */
function* broken(body: unknown): Generator<unknown> {
  if (typeof body !== 'object' || body === null) return
  for (const [key, value] of Object.entries(body)) {
    const without = (other: unknown) =>
      Array.isArray(body) ? body.with(Number(key), other) : { ...body, [key]: other }
    yield without(undefined)
    yield without(typeof value === 'string' ? 5 : 'no-such')
    for (const inner of broken(value)) yield without(inner)
  }
}

describe('the two judges of a body', () => {
  it('agree: express-openapi-validator, which decides, and the one that explains', async () => {
    const registry = new SchemaRegistry(document)
    let judged = 0
    for (const operation of operations) {
      for (const [status, response] of Object.entries(operationObject(document, operation).responses)) {
        const schema = responseOf(document, response).content?.['application/json']?.schema
        if (schema === undefined || !(Number(status) < 500)) continue
        const decide = await createEovReplyValidator(document, operation, Number(status))
        const explain = registry.validator(schema, 'body')
        const body = await sample(operation.operationId, Number(status), 3)
        for (const one of [body, ...broken(body)].map((value) => JSON.parse(JSON.stringify(value)))) {
          judged++
          expect(decide(one).length > 0, `${operation.operationId} ${status} ${JSON.stringify(one)}`).toBe(
            explain(one).length > 0,
          )
        }
      }
    }
    expect(judged).toBeGreaterThan(3000)
  })

  it('differ by what only one of them is asked: a null', async () => {
    const found = match('GET', '/relation-tuples/expand')
    expect(
      await validateReply(found, { status: 200, headers: {}, contentType: 'application/json', body: null }),
    ).toHaveLength(1)
  })
})
