import { describe, expect, it } from 'vitest'
import { listOperations, loadDocument } from '../../src/contract/document.ts'
import { createMatcher } from '../../src/contract/match.ts'
import { createRequestValidator } from '../../src/contract/request-validator.ts'
import { brokenRequests, type SampleRequest, validRequests } from '../support/broken-requests.ts'
import { Random } from '../support/random.ts'
import { ID } from './bodies.ts'
import { plainEov } from './plain-eov.ts'

const document = loadDocument('spec')
const { match } = createMatcher(listOperations(document))
const validate = createRequestValidator(document)
const valid = validRequests(document)
const broken = brokenRequests(document)

const judge = async (request: SampleRequest) => {
  const found = match(request.method, request.path)
  if (found === undefined) throw new Error(`no operation for ${request.method} ${request.path}`)
  return (await validate(found, request)).violations
}

describe('every operation', () => {
  it.each(valid.map((request) => [request.operationId, request] as const))(
    '%s takes a valid request',
    async (_, request) => {
      expect(await judge(request)).toEqual([])
    },
  )

  it.each(valid.map(({ operationId }) => operationId))('%s refuses what breaks its contract', async (operationId) => {
    for (const request of broken.filter((one) => one.operationId === operationId)) {
      const parts = (await judge(request)).map((violation) => violation.in)
      expect(parts, `${request.title}: ${request.rawQuery} ${request.text}`).toContain(request.in)
    }
  })

  it('is broken in at least three ways where it has a body or a name in its path', () => {
    const many = valid.filter(({ text, path }) => text !== '' || path.includes(ID))
    expect(many).toHaveLength(30)
    for (const { operationId } of many) {
      const ways = broken.filter((request) => request.operationId === operationId)
      expect(ways.length, operationId).toBeGreaterThanOrEqual(3)
    }
  })
})

describe('one operation at a time', () => {
  it('express-openapi-validator says what it says of the whole document', async () => {
    const answer = plainEov(document)
    // What plain express-openapi-validator cannot be asked: it answers 500, or refuses, where nothing is wrong.
    const askable = broken.filter(
      ({ text, title, headers }) =>
        text !== 'null' && title !== 'empty' && !(text !== '' && headers['content-type'] === undefined),
    )
    for (const request of [...valid, ...askable]) {
      const refused = (await judge(request)).length > 0
      expect((await answer(request)) !== 204, `${request.operationId} ${JSON.stringify(request)}`).toBe(refused)
    }
  })
})

describe('whatever a client sends', () => {
  it('is judged without an exception', async () => {
    const random = new Random(1)
    const texts: readonly [string, ...string[]] = [
      '',
      'null',
      '[]',
      '{',
      '"',
      '{"__proto__":{}}',
      '{"method":{}}',
      '{"method":null}',
      'a=%zz&b',
      '%',
      '\0',
    ]
    const types: readonly [undefined, ...string[]] = [
      undefined,
      '',
      ';',
      'application/json',
      'application/x-www-form-urlencoded',
      'a/b;c=d',
      '\u00ff',
    ]
    const queries: readonly [string, ...string[]] = [
      '',
      '&',
      '=',
      '%',
      'a[]=1&a[b]=2',
      'page[]=1',
      'flow[a]=1',
      'page=%zz',
      '__proto__=1',
      'toString',
    ]
    for (let round = 0; round < 2000; round++) {
      const request = valid[random.below(valid.length)]
      if (request === undefined) continue
      const type = random.pick(types)
      const violations = await judge({
        ...request,
        path: request.path.replace(/[0-9a-f-]{36}/, random.pick(['a', '%zz', '__proto__', '%00', ' '])),
        rawQuery: random.pick(queries),
        headers: type === undefined ? {} : { 'content-type': type },
        text: random.pick(texts),
      })
      expect(Array.isArray(violations)).toBe(true)
    }
  })
})
