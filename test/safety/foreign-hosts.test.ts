import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoConfig } from '../../src/config/demo.ts'
import { send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, type SelfHostedMock, startOnePort, startSelfHosted } from '../support/running-mock.ts'
import { request, sendRaw } from './raw.ts'

/*
 * DNS rebinding: a page of evil.example whose name suddenly means 127.0.0.1 has this server as its own origin. Only the
 * `Host` header tells.
 */

const EVIL = 'evil.example'
const ELSEWHERE = [
  '/',
  '/ui',
  '/ui/login',
  '/ui/assets/page.js',
  '/nothing',
  '/~other/sessions/whoami',
  '/__mock/nothing',
]

let server: OnePortMock
let selfHosted: SelfHostedMock
let control: string[]

beforeAll(async () => {
  server = await startOnePort({
    allowedHosts: ['mock.internal', 'mock.internal:8080'],
    config: { ...demoConfig(), serve: { public: { base_url: 'http://auth.example.org/' } } },
  })
  selfHosted = await startSelfHosted()
  const paths = pointed((await send({ port: server.port, method: 'GET', path: '/__mock/control.json' })).json, '/paths')
  control = Object.keys(paths ?? {})
})

afterAll(async () => {
  await server.close()
  await selfHosted.close()
  expect([...server.failures, ...selfHosted.failures]).toEqual([])
})

const statusFor = async (port: number, method: string, path: string, host: string) =>
  (await send({ port, method, path, headers: { Host: host, 'Content-Type': 'application/json' } })).status

describe('a foreign host gets 421', () => {
  it('on every operation of the document', async () => {
    for (const [method, template] of publishedRoutes) {
      const path = template.replace(/\{[^}]+\}/g, 'x')
      expect(await statusFor(server.port, method, path, EVIL), `${method} ${path}`).toBe(421)
    }
  })

  it('on every route of the control API, the pages, and everywhere else', async () => {
    expect(control.length).toBeGreaterThan(15)
    for (const path of [...control, '/__mock/control.json', ...ELSEWHERE]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
        expect(await statusFor(server.port, method, path, EVIL), `${method} ${path}`).toBe(421)
      }
    }
  })

  it('on each of the self-hosted ports, the mailbox among them', async () => {
    for (const port of Object.values(selfHosted.ports)) {
      for (const path of ['/', '/health/alive', '/mail', '/__mock/state', '/ui/login', '/admin/identities']) {
        expect(await statusFor(port, 'GET', path, EVIL), path).toBe(421)
      }
    }
  })

  it('with a CORS preflight, which is not granted', async () => {
    const headers = { Host: EVIL, Origin: `http://${EVIL}`, 'Access-Control-Request-Method': 'POST' }
    const answer = await send({ port: server.port, method: 'OPTIONS', path: '/sessions', headers })
    expect(answer.status).toBe(421)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('and makes no sandbox', async () => {
    await statusFor(server.port, 'GET', '/~made-by-evil/sessions/whoami', EVIL)
    const { json } = await send({ port: server.port, method: 'GET', path: '/__mock/sandboxes' })
    expect(JSON.stringify(json)).not.toContain('made-by-evil')
  })
})

describe('what counts as this machine', () => {
  it.each([
    'localhost',
    'LOCALHOST:4000',
    'localhost.:4000',
    'some-sandbox.localhost',
    '127.0.0.1:4000',
    '127.8.9.10',
    '[::1]:4000',
    'auth.example.org',
    'mock.internal',
    'mock.internal:8080',
  ])('%s is answered', async (host) => {
    expect(await statusFor(server.port, 'GET', '/health/alive', host)).toBe(200)
  })

  it.each([
    'localhost.evil.example',
    'evil.example:localhost',
    'notlocalhost',
    '127.0.0.1.evil.example',
    '128.0.0.1',
    '0.0.0.0',
    '2130706433',
    '0x7f.1',
    '[::]',
    '[2001:db8::1]',
    '192.168.0.1',
    'evil.auth.example.org',
    'other.internal',
    'evil.example/.localhost',
    'evil.example#.localhost',
    'user@evil.example?.localhost',
  ])('%s is not', async (host) => {
    expect(await statusFor(server.port, 'GET', '/health/alive', host)).toBe(421)
  })

  it('a request must say which host it means', async () => {
    expect((await sendRaw(server.port, 'GET /health/alive HTTP/1.0\r\n\r\n')).status).toBe(421)
    expect((await sendRaw(server.port, request('GET /health/alive', { Host: '' }))).status).toBe(421)
    const without = await sendRaw(server.port, 'GET /health/alive HTTP/1.1\r\nConnection: close\r\n\r\n')
    expect(without.status).toBe(400)
  })

  it('an address in the request line does not replace the host', async () => {
    const foreign = request('GET http://localhost/__mock/state', { Host: EVIL })
    expect((await sendRaw(server.port, foreign)).status).toBe(421)
  })
})
