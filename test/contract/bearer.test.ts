import { readFileSync } from 'node:fs'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { createMock, type MockOptions } from '../../src/create-mock.ts'

/*
 * Bearer tokens (admin-keto-projects §7): which operations ask for one, said by the document itself.
 */

interface DocumentedOperation {
  readonly operationId: string
  readonly tags?: readonly string[]
  readonly security?: readonly Record<string, unknown>[]
}

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'

const { paths } = JSON.parse(readFileSync(new URL('../../spec/ory-api.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<Method, DocumentedOperation>>
}

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId, tags = [], security = [] }]) => ({
    operationId,
    method: method as Method,
    url: path.replaceAll(/\{\w+\}/g, '9f3c2a4e-0b1d-4c5e-8f60-718293a4b5c6'),
    /** Health and version are always open, whatever the document says. */
    secured: !tags.includes('metadata') && security.some((scheme) => 'oryAccessToken' in scheme),
  })),
)
const secured = operations.filter((operation) => operation.secured)
const open = operations.filter((operation) => !operation.secured)

type Sent = (operation: (typeof operations)[number], authorization?: string) => Promise<string>

/** What the gateway says: its text, or `answered` when it let the request through. */
function gateway(options: MockOptions): Sent {
  const app = createApp(createMock(options))
  const refusals: Record<string, number> = {
    'Access credentials are invalid': 401,
    'Access credentials are not sufficient to access this resource': 403,
  }
  return async ({ method, url }, authorization) => {
    const request = supertest(app)[method](url)
    const { body, status } = await (authorization === undefined ? request : request.set('Authorization', authorization))
    const message: unknown = body?.error?.message
    if (typeof message !== 'string' || !Object.hasOwn(refusals, message)) return 'answered'
    expect(status).toBe(refusals[message])
    return message
  }
}

const INVALID = 'Access credentials are invalid'
const INSUFFICIENT = 'Access credentials are not sufficient to access this resource'

/** The operations that are answered otherwise than expected. */
async function wrong(list: typeof operations, expected: string, sent: Sent, authorization?: string) {
  const out: string[] = []
  for (const operation of list) {
    const said = await sent(operation, authorization)
    if (said !== expected) out.push(`${operation.operationId}: ${said}`)
  }
  return out
}

describe('bearer tokens', () => {
  it('are asked for by administration, permissions and projects', () => {
    expect(secured.length).toBeGreaterThanOrEqual(27)
    const public_ = open.filter(({ url }) => /^\/(admin|projects|relation-tuples)/.test(url))
    expect(public_).toEqual([])
  })

  it('are needed on one port: any that is there counts, and nothing else does', async () => {
    const sent = gateway({})
    expect(await wrong(secured, INVALID, sent)).toEqual([])
    expect(await wrong(secured, INVALID, sent, 'Basic b3J5')).toEqual([])
    expect(await wrong(secured, INVALID, sent, 'Bearer ')).toEqual([])
    expect(await wrong(secured, 'answered', sent, 'Bearer ory_pat_any')).toEqual([])
    expect(await wrong(open, 'answered', sent)).toEqual([])
  })

  it('can be one token alone: another is not sufficient', async () => {
    const sent = gateway({ auth: 'ory_pat_mine' })
    expect(await wrong(secured, INVALID, sent)).toEqual([])
    expect(await wrong(secured, INSUFFICIENT, sent, 'Bearer ory_pat_ours')).toEqual([])
    expect(await wrong(secured, 'answered', sent, 'Bearer ory_pat_mine')).toEqual([])
    expect(await wrong(open, 'answered', sent, 'Bearer ory_pat_ours')).toEqual([])
  })

  it.each<[string, MockOptions]>([
    ['when they are off', { auth: 'off' }],
    ['in the dialect of the real servers', { dialect: 'wire' }],
  ])('are asked for by nobody %s', async (_when, options) => {
    expect(await wrong(operations, 'answered', gateway(options))).toEqual([])
  })
})
