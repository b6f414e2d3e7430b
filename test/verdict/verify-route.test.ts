import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http-client.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

let server: OnePortMock
beforeAll(async () => {
  server = await startOnePort()
  await send({ port: server.port, method: 'GET', path: '/health/alive' })
})
afterAll(() => server.close())

async function verify(expectation: unknown) {
  const { status, json } = await send({
    port: server.port,
    method: 'POST',
    path: '/__mock/journal/verify',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(expectation),
  })
  return { status, answer: json }
}

describe('POST /__mock/journal/verify', () => {
  it('answers 200 with the ids of the calls that are meant', async () => {
    const { status, answer } = await verify({ called: { operation: 'isAlive', status: 200 }, times: 1 })
    expect({ status, answer }).toEqual({ status: 200, answer: { matched: [1] } })
  })

  it('answers 417 with what came nearest, for people and for programs', async () => {
    const { status, answer } = await verify({ called: { operation: 'isAlive', status: [401, '5xx'] } })
    expect(status).toBe(417)
    expect(answer).toEqual({
      error: [
        'isAlive',
        '  with status 401 or 5xx',
        'was expected to be called, and was never called.',
        'Nearest:',
        '  #1 GET /health/alive → 200',
        '    - status is 200, not 401 or 5xx',
      ].join('\n'),
      matched: [],
      nearest: [
        {
          id: 1,
          method: 'GET',
          path: '/health/alive',
          status: 200,
          mismatches: ['status is 200, not 401 or 5xx'],
        },
      ],
    })
  })

  const matching: readonly [title: string, body: unknown, matches: boolean][] = [
    ['$regex', { status: { $regex: '^OK$', $flags: 'i' } }, true],
    ['$regex on what is no text', { status: { $regex: '.' }, other: { $regex: '.' } }, false],
    ['$present', { status: { $present: true }, other: { $present: false } }, true],
    ['$present: false of what is there', { status: { $present: false } }, false],
    ['$type', { status: { $type: 'string' } }, true],
    ['$equal', { $equal: { status: 'ok' } }, true],
    ['$equal of a part', { $equal: {} }, false],
    ['$contains', { status: { $contains: 'o' } }, true],
    ['$not', { status: { $not: { $contains: 'x' } } }, true],
    ['$all', { status: { $all: [{ $contains: 'o' }, { $contains: 'x' }] } }, false],
    ['a list', [], false],
    ['a text in place of an object', 'ok', false],
    ['__proto__ is a member like any other', JSON.parse('{"__proto__": {"status": "ok"}}'), false],
  ]

  it.each(matching)('%s', async (_, body, matches) => {
    const { status } = await verify({ called: { operation: 'isAlive', response: { body } } })
    expect(status).toBe(matches ? 200 : 417)
  })

  const wrong: readonly [title: string, expectation: unknown, error: RegExp][] = [
    ['nothing', null, /Send what is expected/],
    ['neither of the three', {}, /neither called, in_order nor never_violated/],
    ['two of the three', { called: { status: 200 }, never_violated: {} }, /has called and never_violated/],
    ['an operation that is none', { called: { operation: 'toSesion' } }, /Did you mean "toSession"/],
    ['an operation that is like none', { called: { operation: 'login' } }, /values\. "ory-mock operations" lists them/],
    ['a call that is like any', { called: {} }, /called/],
    ['an unknown member', { called: { statuss: 200 } }, /Did you mean "status"/],
    ['a count without a call', { in_order: [{ status: 200 }], times: 1 }, /times belongs to called/],
    ['a status that is none', { called: { status: 'ok' } }, /\/called\/status: "ok" is no status/],
    [
      'an unknown matcher',
      { called: { body: { a: { $regx: 'a' } } } },
      /\/called\/body\/a\/\$regx.*no matcher "\$regx"/,
    ],
    [
      'an expression that is none',
      { in_order: [{ path: { $regex: '(' } }] },
      /\/in_order\/0\/path.*regular expression/,
    ],
  ]

  it.each(wrong)('refuses %s, and says what is wrong', async (_, expectation, error) => {
    const { status, answer } = await verify(expectation)
    expect(status).toBe(400)
    expect(answer).toMatchObject({ error: expect.stringMatching(error) })
  })
})
