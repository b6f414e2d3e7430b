import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { attack as attackPort, PATHS } from './attack.ts'
import { expectUnharmed } from './harmless.ts'

let server: OnePortMock

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
})

afterAll(async () => {
  await expectUnharmed(server, server.port)
  await server.close()
})

const attack = (line: string, headers: Record<string, string> = {}, body = '') =>
  attackPort(server.port, line, headers, body)

describe('what is too long', () => {
  it('cookies of 64 KB', async () => {
    for (const cookie of [`a=${'x'.repeat(65_536)}`, Array.from({ length: 6_000 }, (_, n) => `c${n}=x`).join('; ')]) {
      expect((await attack('GET /sessions/whoami', { Cookie: cookie })).status).toBe(431)
    }
  })

  it('cookies that Node still reads', async () => {
    const many = Array.from({ length: 1_500 }, (_, n) => `c${n}=x`).join('; ')
    expect((await attack('GET /sessions/whoami', { Cookie: many })).status).toBe(401)
    const session = `ory_kratos_session=${'x'.repeat(12_000)}`
    expect((await attack('GET /sessions/whoami', { Cookie: session })).status).toBe(401)
    await attack('POST /self-service/login?flow=x', { Cookie: `csrf_token=${'x'.repeat(12_000)}` })
  })

  it('an address of 64 KB', async () => {
    for (const target of [`/${'a'.repeat(65_536)}`, `/sessions/whoami?${'a=1&'.repeat(16_384)}`]) {
      expect((await attack(`GET ${target}`)).status).toBe(431)
    }
  })

  it('an address that Node still reads', async () => {
    const long = 'a'.repeat(12_000)
    for (const path of PATHS) {
      await attack(`GET ${path}/${long}`)
      await attack(`GET ${path}?id=${long}`)
      await attack(`GET ${path}?${'a=1&'.repeat(3_000)}`)
      await attack(`GET /~${long}${path}`)
    }
    await expectUnharmed(server, server.port)
  })

  it('the name of a sandbox, wherever it stands', async () => {
    const before = await sandboxes()
    for (const name of ['x'.repeat(10_000), '', '.', '..', 'a/b', 'a b', '%', '-', '__proto__', '<script>']) {
      await attack('GET /sessions/whoami', { 'X-Mock-Sandbox': name })
      await attack('GET /sessions/whoami', { Cookie: `mock_sandbox=${name}` })
      await attack('GET /sessions/whoami', { Host: `${name || 'x'.repeat(300)}.localhost` })
    }
    expect(await sandboxes()).toEqual(before)
  })

  it('thousands of headers', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`X-H${n}`, 'x']))
    expect((await attack('GET /sessions/whoami', many)).status).toBe(431)
    const some = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`X-H${n}`, 'x']))
    expect((await attack('GET /sessions/whoami', some)).status).toBe(401)
  })
})

describe('headers that mislead', () => {
  const VALUES = [
    '',
    '\u0001',
    '\u00ff',
    '*/*;q=',
    'a'.repeat(8_000),
    '[]',
    '__proto__',
    '%00',
    ',,,,',
    ';;;;',
    '"',
    '\t',
  ]
  const NAMES = [
    'Accept',
    'Content-Type',
    'Authorization',
    'X-Session-Token',
    'Cookie',
    'Origin',
    'Referer',
    'X-Request-Id',
    'If-None-Match',
    'Range',
    'Prefer',
    'X-Mock-Switch',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-HTTP-Method-Override',
    'Accept-Encoding',
    'Access-Control-Request-Method',
    'Access-Control-Request-Headers',
  ]

  it.each(NAMES)('%s with any value', async (name) => {
    for (const value of VALUES) {
      for (const line of [
        'GET /sessions/whoami',
        'GET /admin/identities',
        'OPTIONS /sessions',
        'GET /self-service/login/browser',
        'POST /self-service/login?flow=x',
      ]) {
        await attack(line, { [name]: value })
      }
    }
    await expectUnharmed(server, server.port)
  })

  it('a forwarded host is no host of ours', async () => {
    const headers = { 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example', 'X-Forwarded-Proto': 'https' }
    const { head, body } = await attack('GET /self-service/login/browser', headers)
    expect(head + body).not.toContain('evil.example')
    expect(body).toContain('http://localhost/')
  })

  it('a request id is written back as it came, and cannot begin a header of its own', async () => {
    const { head } = await attack('GET /sessions/whoami', { 'X-Request-Id': 'a%0d%0aSet-Cookie: a=b' })
    expect(head).not.toMatch(/^Set-Cookie: a=b/im)
  })
})

/** The names of those there are. */
async function sandboxes(): Promise<string[]> {
  const { json } = await send({ port: server.port, method: 'GET', path: '/__mock/sandboxes' })
  return Array.isArray(json) ? json.map((one: Json) => String(pointed(one, '/name'))) : []
}
