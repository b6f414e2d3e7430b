import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../src/json.ts'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/*
 * Every page that the user has open can send requests to a server on loopback. Without a preflight it can send a GET, and a
 * POST as a form can; with `fetch` its requests carry an `Origin`.
 */

const EVIL = 'https://evil.example'
/** What a form, or `fetch` without a preflight, can send. */
const SIMPLE_TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined]

let server: OnePortMock
let routes: readonly (readonly [method: string, path: string])[]

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
  const { json } = await ask('GET', '/__mock/control.json')
  const paths = pointed(json, '/paths')
  routes = Object.entries(isJsonObject(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.keys(item ?? {}).map((method) => [method.toUpperCase(), path.replace(/\{[^}]+\}/g, 'x')] as const),
  )
})

afterAll(async () => {
  await server.close()
  expect(server.failures).toEqual([])
})

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> =>
  send({ port: server.port, method, path, headers, body })

const changing = () => routes.filter(([method]) => method !== 'GET')
const own = () => `http://127.0.0.1:${server.port}`

/** The world and the sandboxes there are: what an attack could change. */
async function everything(): Promise<readonly (Json | undefined)[]> {
  const state = await ask('GET', '/__mock/state')
  const sandboxes = await ask('GET', '/__mock/sandboxes')
  const names = Array.isArray(sandboxes.json) ? sandboxes.json.map((one: Json) => pointed(one, '/name')) : []
  return [state.json, names as Json]
}

describe('a cross-site request without a preflight', () => {
  it('changes nothing, whatever a form or a page can make of it', async () => {
    const before = await everything()
    expect(changing().length).toBeGreaterThan(12)
    for (const [method, path] of changing()) {
      for (const type of SIMPLE_TYPES) {
        const headers = type === undefined ? {} : { 'Content-Type': type }
        const answer = await ask(method, path, headers, '{"name":null}')
        expect(answer.status, `${method} ${path} as ${type}`).toBe(415)
        expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      }
    }
    expect(await everything()).toEqual(before)
  })

  it('is refused without a body, too', async () => {
    const before = await everything()
    for (const path of ['/__mock/reset', '/~other/__mock/reset', '//__mock/reset', '/__mock//reset']) {
      expect((await ask('POST', path)).status, path).toBe(415)
      expect((await ask('POST', path, { 'Content-Type': 'application/jsonp' })).status, path).toBe(415)
      expect((await ask('POST', path, { 'Content-Type': 'text/plain, application/json' })).status, path).toBe(415)
    }
    expect((await everything())[0]).toEqual(before[0])
  })

  it('is taken with the content type that needs a preflight', async () => {
    const answer = await ask('POST', '/__mock/clock/advance', { 'Content-Type': 'application/json' }, '{"by":"1s"}')
    expect(answer.status).toBe(200)
  })
})

describe('a page of another origin', () => {
  it.each([
    ['https://evil.example'],
    ['http://localhost:3000'],
    ['http://localhost'],
    ['null'],
    ['file://'],
    ['http://127.0.0.1.evil.example'],
    ['http://user@127.0.0.1'],
  ])('%s may not use any route of the control API', async (origin) => {
    const before = await everything()
    for (const [method, path] of [...routes, ['GET', '/__mock/control.json'] as const]) {
      const answer = await ask(method, path, { Origin: origin, 'Content-Type': 'application/json' }, '{"name":null}')
      expect(answer.status, `${method} ${path}`).toBe(403)
      expect(answer.text).not.toContain('@example.com')
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(await everything()).toEqual(before)
  })

  it('is not granted a preflight to the control API', async () => {
    for (const [method, path] of routes) {
      for (const origin of [EVIL, 'http://localhost:3000']) {
        const headers = { Origin: origin, 'Access-Control-Request-Method': method }
        const answer = await ask('OPTIONS', path, { ...headers, 'Access-Control-Request-Headers': 'content-type' })
        expect(answer.status, path).toBe(403)
        expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      }
    }
  })

  it('may not read what Ory answers, unless it is on this machine', async () => {
    const read = async (origin: string) =>
      (await ask('GET', '/sessions/whoami', { Origin: origin })).headers['access-control-allow-origin']
    expect(await read(EVIL)).toBeUndefined()
    expect(await read('http://localhost.evil.example')).toBeUndefined()
    expect(await read('null')).toBeUndefined()
    expect(await read('http://localhost:3000')).toBe('http://localhost:3000')
  })

  it('gets no anti-CSRF cookie that would count for a form of its own', async () => {
    const id = pointed((await ask('GET', '/self-service/login/browser', { Accept: 'application/json' })).json, '/id')
    const form = 'method=password&identifier=admin%40example.com&password=sand-castle-4711'
    const headers = { Origin: EVIL, 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }
    const answer = await ask('POST', `/self-service/login?flow=${id}`, headers, form)
    expect([answer.status, pointed(answer.json, '/error/id')]).toEqual([403, 'security_csrf_violation'])
    expect(answer.setCookies.join()).not.toContain('ory_kratos_session')
  })
})

describe('a page of the server itself', () => {
  it('may use the control API', async () => {
    expect((await ask('GET', '/__mock/state', { Origin: own() })).status).toBe(200)
    const headers = { Origin: own(), 'Content-Type': 'application/json' }
    expect((await ask('POST', '/__mock/clock/advance', headers, '{"by":"1s"}')).status).toBe(200)
  })
})

describe('a redirect of the control API', () => {
  it('leads to no foreign address', async () => {
    for (const target of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const path = `/__mock/enter/sandbox?return_to=${encodeURIComponent(target)}`
      const answer = await ask('GET', path)
      expect(answer.status, target).toBeGreaterThanOrEqual(400)
      expect(answer.headers.location, target).toBeUndefined()
    }
  })
})
