import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isJsonObject } from '../../src/json.ts'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { expectHarmless, expectUnharmed } from './harmless.ts'
import { request, sendRaw } from './raw.ts'

const MB = 1_048_576
const BIG = 'x'.repeat(10 * MB)
const ID = '6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c11'

/** Every operation that takes a body, and two routes of the control API that do. */
const WITH_BODY = [
  ...publishedRoutes.filter(([method]) => ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)),
  ['PUT', '/__mock/state', 'control'],
  ['PATCH', '/__mock/config', 'control'],
].map(([method = '', template = '']) => [method, addressOf(template)] as const)

let server: OnePortMock

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
})

afterAll(async () => {
  await expectUnharmed(server, server.port)
  await server.close()
})

function addressOf(template: string): string {
  const path = template.replace(/\{[^}]+\}/g, ID)
  return /^\/self-service\/(login|registration|settings|recovery|verification)$/.test(path)
    ? `${path}?flow=${ID}`
    : path
}

const HEADERS = {
  Authorization: 'Bearer any-token',
  Accept: 'application/json',
  'X-Session-Token': 'token-of-signed-in',
}

const ask = (method: string, path: string, type: string, body: string | Buffer): Promise<Answer> =>
  send({ port: server.port, method, path, headers: { ...HEADERS, 'Content-Type': type }, body })

/** A live native flow's submit address. */
async function submitOf(flow: string): Promise<string> {
  const headers = flow === 'settings' ? HEADERS : {}
  const { json } = await send({ port: server.port, method: 'GET', path: `/self-service/${flow}/api`, headers })
  return `/self-service/${flow}?flow=${pointed(json, '/id')}`
}

const FLOWS = ['login', 'registration', 'settings', 'recovery', 'verification']

describe('a body of ten megabytes', () => {
  it.each(WITH_BODY)('announced to %s %s gets 413 without being read', async (method, path) => {
    const type = 'application/json'
    const head = request(`${method} ${path}`, { ...HEADERS, 'Content-Type': type, 'Content-Length': `${10 * MB}` })
    const answer = await sendRaw(server.port, head)
    expect([answer.status, answer.count]).toEqual([413, 1])
    expectHarmless({ status: answer.status, text: answer.body }, path)
  })

  it.each(WITH_BODY)('in chunks to %s %s gets 413 as soon as it is too large', async (method, path) => {
    const headers = { ...HEADERS, 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' }
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const answer = await sendRaw(server.port, request(`${method} ${path}`, headers), ...Array(160).fill(chunk))
    expect([answer.status, answer.count]).toEqual([413, 1])
    expectHarmless({ status: answer.status, text: answer.body }, path)
  })

  it('sent whole by a patient client gets 413, and the next request on a new connection is answered', async () => {
    const sent = ask('POST', '/admin/identities', 'application/json', BIG).then(
      ({ status }) => status,
      // the server may close the connection while the client is still sending
      () => 413,
    )
    expect(await sent).toBe(413)
    await expectUnharmed(server, server.port)
  })
})

/** Bodies that are no JSON, or JSON that nobody expects. */
const BROKEN_JSON: readonly string[] = [
  '{',
  '{"a":',
  '[',
  '"',
  'nul',
  '{"a":1}{"b":2}',
  '{"a":1}x',
  "{'a':1}",
  '\u0000',
  '{"a":"\u0000"}',
  '{"a":"\\ud800"}',
  '{"a":1e999}',
  '-',
  '\ufeff{}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  `{"traits":${'['.repeat(9_990)}${']'.repeat(9_990)}}`,
]

describe('broken or odd JSON', () => {
  it.each(WITH_BODY)('to %s %s is a plain refusal or the documented one', async (method, path) => {
    for (const text of BROKEN_JSON) {
      const answer = await ask(method, path, 'application/json', text)
      expectHarmless(answer, `${text.slice(0, 40)} ${answer.text.slice(0, 300)}`)
      expect(answer.text.length).toBeLessThan(200_000)
    }
    await expectUnharmed(server, server.port)
  })

  it('that nests as deep as Go allows is refused or kept, and everything can still be read', async () => {
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`
    const text = `{"schema_id":"default","traits":{"email":"deep@example.com"},"metadata_public":{"a":${deep}}}`
    const made = await ask('POST', '/admin/identities', 'application/json', text)
    expectHarmless(made, made.text.slice(0, 300))
    for (const path of ['/admin/identities', '/__mock/state', '/__mock/journal']) {
      const answer = await send({ port: server.port, method: 'GET', path, headers: HEADERS })
      expect(answer.status, `${path} ${answer.text.slice(0, 300)}`).toBe(200)
    }
    await expectUnharmed(server, server.port)
    await ask('DELETE', `/admin/identities/${pointed(made.json, '/id')}`, 'application/json', '')
  })

  it.each(FLOWS)('to a live flow of %s, too', async (flow) => {
    for (const text of BROKEN_JSON) {
      const answer = await ask('POST', await submitOf(flow), 'application/json', text)
      expectHarmless(answer, `${text.slice(0, 40)} ${answer.text.slice(0, 300)}`)
      expect(answer.status).toBeGreaterThanOrEqual(400)
    }
    await expectUnharmed(server, server.port)
  })
})

const INVALID_UTF8 = [
  Buffer.from([0xff, 0xfe, 0xfd]),
  Buffer.from('{"a":"\xc3\x28"}', 'latin1'),
  Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
  Buffer.from('a=\xff&b=\xf0\x28\x8c\x28', 'latin1'),
]

describe('invalid UTF-8', () => {
  it.each(WITH_BODY)('to %s %s is refused', async (method, path) => {
    for (const body of INVALID_UTF8) {
      for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
        const answer = await ask(method, path, type, body)
        expectHarmless(answer, answer.text)
        expect(answer.status, `${type} ${answer.text}`).toBeGreaterThanOrEqual(400)
      }
    }
  })

  it('percent-encoded in a form is refused or replaced, never a failure', async () => {
    for (const flow of FLOWS) {
      const form = 'application/x-www-form-urlencoded'
      for (const body of ['method=password&password=%ff%fe', '%ff=%c3%28', 'method=%', 'a=%zz&method=password']) {
        expectHarmless(await ask('POST', await submitOf(flow), form, body), `${flow} ${body}`)
      }
    }
    await expectUnharmed(server, server.port)
  })
})

/** Keys that mean something to JavaScript objects. */
const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__']

describe('keys of JavaScript objects are data', () => {
  it.each(KEYS)('%s in JSON, at any depth, to every operation', async (key) => {
    const inner = `{"${key}":{"polluted":true},"a":{"${key}":{"polluted":true}}}`
    const texts = [inner, `{"method":"password","traits":${inner},"password":"x"}`, `[{"${key}":{"polluted":true}}]`]
    for (const [method, path] of WITH_BODY) {
      for (const text of texts) expectHarmless(await ask(method, path, 'application/json', text), `${path} ${text}`)
    }
    await expectUnharmed(server, server.port)
  })

  it.each(KEYS)('%s in forms and queries', async (key) => {
    const form = `${key}.polluted=true&${key}[polluted]=true&traits.${key}.polluted=true&${key}=1&method=password`
    for (const flow of FLOWS) {
      const submit = await submitOf(flow)
      expectHarmless(await ask('POST', submit, 'application/x-www-form-urlencoded', form), `${flow} ${key}`)
      expectHarmless(await ask('POST', `${submit}&${form}`, 'application/json', '{}'), `${flow} ${key}`)
    }
    for (const [method, template] of publishedRoutes) {
      const address = addressOf(template)
      const path = `${address}${address.includes('?') ? '&' : '?'}${form}`
      expectHarmless(await send({ port: server.port, method, path, headers: HEADERS }), `${method} ${path}`)
    }
    await expectUnharmed(server, server.port)
  })

  it.each(KEYS)('%s as the id of things', async (key) => {
    for (const [method, template] of publishedRoutes.filter(([, path]) => path.includes('{'))) {
      const path = template.replace(/\{[^}]+\}/g, key)
      const answer = await send({ port: server.port, method, path, headers: HEADERS })
      expectHarmless(answer, `${method} ${path}`)
      expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
    }
    for (const path of ['/self-service/errors?id=', '/self-service/login/flows?id=', '/self-service/logout?token=']) {
      const answer = await send({ port: server.port, method: 'GET', path: `${path}${key}`, headers: HEADERS })
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
    }
    const cookie = `${key}=x; ory_kratos_session=${key}; csrf_token=${key}`
    const whoami = await send({
      port: server.port,
      method: 'GET',
      path: '/sessions/whoami',
      headers: { Cookie: cookie },
    })
    expect(whoami.status).toBe(401)
  })

  it('they are kept where anything may be kept', async () => {
    const text =
      '{"schema_id":"default","traits":{"email":"keys@example.com"},"metadata_public":{"__proto__":{"polluted":true},"constructor":1}}'
    const made = await ask('POST', '/admin/identities', 'application/json', text)
    expect(made.status).toBe(201)
    const metadata = pointed(made.json, '/metadata_public')
    expect(isJsonObject(metadata) ? Object.entries(metadata) : []).toEqual([
      ['__proto__', { polluted: true }],
      ['constructor', 1],
    ])
    const path = `/admin/identities/${pointed(made.json, '/id')}`
    const read = await send({ port: server.port, method: 'GET', path, headers: HEADERS })
    expect(read.text).toContain('"metadata_public":{"__proto__":{"polluted":true},"constructor":1}')
    const patch =
      '[{"op":"add","path":"/__proto__/polluted","value":true},{"op":"add","path":"/metadata_public/__proto__/polluted","value":1}]'
    expectHarmless(await ask('PATCH', path, 'application/json', patch), 'PATCH')
    await expectUnharmed(server, server.port)
  })
})
