import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, type SelfHostedMock, startOnePort, startSelfHosted } from '../support/running-mock.ts'
import { expectHarmless, expectUnharmed } from './harmless.ts'
import { type RawAnswer, request, sendRaw } from './raw.ts'

const ID = '6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c11'
const AUTHORIZED = { Authorization: 'Bearer any-token', Accept: 'application/json' }

/** One address of every kind: operations, control API, pages, nothing. */
const PATHS = [
  ...new Set(publishedRoutes.map(([, template]) => template.replace(/\{[^}]+\}/g, ID))),
  '/__mock/state',
  '/__mock/nothing',
  '/ui/login',
  '/ui/assets/page.js',
  '/nothing',
  '/',
]

let server: OnePortMock
let selfHosted: SelfHostedMock

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
  selfHosted = await startSelfHosted()
})

afterAll(async () => {
  await expectUnharmed(server, server.port)
  await expectUnharmed(selfHosted, selfHosted.ports.public)
  await server.close()
  await selfHosted.close()
})

/** Sends one raw request; the answer is one, no failure of the server, and none of its insides. */
async function attack(line: string, headers: Record<string, string> = {}, body = ''): Promise<RawAnswer> {
  const answer = await sendRaw(server.port, request(line, { ...AUTHORIZED, ...headers }, body))
  const what = `${line.slice(0, 200)}: ${answer.head.slice(0, 200)} ${answer.body.slice(0, 300)}`
  expect(answer.count, what).toBe(1)
  expectHarmless({ status: answer.status, text: answer.body }, what)
  return answer
}

describe('methods', () => {
  it.each(['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH', 'LINK', 'PURGE', 'QUERY'])(
    '%s on everything',
    async (method) => {
      for (const path of PATHS) {
        const answer = await attack(`${method} ${path}`)
        expect(answer.status, path).toBeLessThan(500)
        if (method === 'HEAD') expect(answer.body, path).toBe('')
      }
      await expectUnharmed(server, server.port)
    },
  )

  it('TRACE sends no header back', async () => {
    for (const path of PATHS) {
      const { head, body } = await attack(`TRACE ${path}`, { 'X-Secret': 'hush-hush' })
      expect(head + body, path).not.toContain('hush-hush')
    }
  })

  it('CONNECT makes no tunnel', async () => {
    const { status } = await sendRaw(server.port, request('CONNECT 127.0.0.1:22'))
    expect(status === 0 || status >= 400).toBe(true)
    await expectUnharmed(server, server.port)
  })

  it('unknown words and lower case are refused', async () => {
    for (const line of ['GIMME /', 'get /health/alive', 'G\u00cbT /', ' GET /']) {
      const { status } = await sendRaw(server.port, request(line))
      expect(status, line).toBeGreaterThanOrEqual(400)
    }
    await expectUnharmed(server, server.port)
  })
})

/** Ways to write a path out of where it should stay. */
const TRAVERSALS = [
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '..%252f..%252fetc%252fpasswd',
  '..\\..\\etc\\passwd',
  '..%5c..%5cetc%5cpasswd',
  '....//....//etc/passwd',
  '%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'file:%2f%2f%2fetc%2fpasswd',
  '..%00/etc/passwd',
  '..;/..;/etc/passwd',
]

describe('path traversal', () => {
  it.each(TRAVERSALS)('%s as the id of anything', async (text) => {
    for (const [method, template] of publishedRoutes.filter(([, path]) => path.includes('{'))) {
      const { status, body } = await attack(`${method} ${template.replace(/\{[^}]+\}/g, text)}`)
      expect(status, template).toBeGreaterThanOrEqual(300)
      expect(body).not.toMatch(/root:.*:0:0/)
    }
    await expectUnharmed(server, server.port)
  })

  it.each(TRAVERSALS)('%s below pages, assets, sandboxes and the control API', async (text) => {
    for (const base of [
      '/ui/',
      '/ui/assets/',
      '/',
      '/~',
      '/__mock/',
      '/__mock/sandboxes/',
      '/__mock/oidc/',
      '/__mock/enter/',
    ]) {
      const { status, body } = await attack(`GET ${base}${text}`)
      expect(status, base).toBeGreaterThanOrEqual(300)
      expect(status, base).toBeLessThan(500)
      expect(body).not.toMatch(/root:.*:0:0/)
    }
    await expectUnharmed(server, server.port)
  })

  it('leads from a page to no file of the project', async () => {
    for (const file of [
      'page.ts',
      '../page.ts',
      '..%2fpage.ts',
      'assets/../page.ts',
      'assets/..%2fpage.ts',
      'assets/%2e%2e/page.ts',
    ]) {
      expect((await attack(`GET /ui/${file}`)).status, file).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('broken percent encodings', () => {
  it.each(['%', '%2', '%zz', '%ff', '%c3%28', '%00', '%0d%0aSet-Cookie:a=b', '%u0041'])(
    '%s anywhere in an address',
    async (text) => {
      for (const path of PATHS) {
        for (const target of [
          `${path}${text}`,
          `${path}/${text}`,
          `${path}?id=${text}`,
          `${path}?${text}=1`,
          `/~${text}${path}`,
        ]) {
          const answer = await attack(`GET ${target}`)
          expect(answer.head, target).not.toMatch(/^Set-Cookie: ?a=b/im)
        }
      }
      for (const [method, template] of publishedRoutes.filter(([, path]) => path.includes('{'))) {
        await attack(`${method} ${template.replace(/\{[^}]+\}/g, text)}`)
      }
      await expectUnharmed(server, server.port)
    },
  )

  it('are refused or answered on each of the self-hosted ports, the mailbox among them', async () => {
    for (const port of Object.values(selfHosted.ports)) {
      for (const target of [
        '//',
        '//[',
        '/%',
        '/mail%zz',
        '/mail?page=%',
        'http://[',
        '*',
        '/\\',
        '/mail//x',
        '/?%ff',
      ]) {
        const answer = await sendRaw(port, request(`GET ${target}`))
        expectHarmless({ status: answer.status, text: answer.body }, `${target} ${answer.body}`)
        expect([0, 1], target).toContain(answer.count)
        expect(answer.status, target).toBeLessThan(500)
      }
    }
    await expectUnharmed(selfHosted, selfHosted.ports.public)
  })
})

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

describe('bodies that are not what their headers say', () => {
  const POST = 'POST /admin/identities'
  const JSON_TYPE = { 'Content-Type': 'application/json' }

  it.each([
    ['longer than announced', { 'Content-Length': '2' }, '{}{"schema_id":"default","traits":{}}'],
    ['of no number', { 'Content-Length': 'many' }, '{}'],
    ['of a negative length', { 'Content-Length': '-1' }, '{}'],
    ['of two lengths', { 'Content-Length': '2, 3' }, '{}'],
    ['of a length and chunks', { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' }, '2\r\n{}\r\n0\r\n\r\n'],
    ['of chunks without a size', { 'Transfer-Encoding': 'chunked' }, 'zz\r\n{}\r\n0\r\n\r\n'],
    ['of an unknown transfer encoding', { 'Transfer-Encoding': 'gzip' }, '{}'],
  ])('%s', async (_, headers, body) => {
    const answer = await sendRaw(server.port, request(POST, { ...AUTHORIZED, ...JSON_TYPE, ...headers }, body))
    expectHarmless({ status: answer.status, text: answer.body }, answer.body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    await expectUnharmed(server, server.port)
  })

  it('compressed', async () => {
    const answer = await attack(
      POST,
      { ...JSON_TYPE, 'Content-Encoding': 'gzip', 'Content-Length': '4' },
      '\u001f\u008b\b',
    )
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  it('sent with GET and HEAD, where nobody reads them', async () => {
    for (const path of PATHS) {
      for (const method of ['GET', 'HEAD'])
        await attack(`${method} ${path}`, { ...JSON_TYPE, 'Content-Length': '7' }, '{"a":1}')
    }
    await expectUnharmed(server, server.port)
  })

  it('cut off by a client that goes away', async () => {
    for (const [method, path] of [
      ['POST', '/admin/identities'],
      ['PUT', '/__mock/state'],
      ['POST', '/self-service/login?flow=x'],
    ]) {
      const headers = { ...AUTHORIZED, ...JSON_TYPE, 'Content-Length': '1000' }
      await abort(server.port, request(`${method} ${path}`, headers, '{"schema_id":'))
    }
    await expectUnharmed(server, server.port)
  })

  it('whose answer nobody waits for', async () => {
    for (let round = 0; round < 20; round++) await abort(server.port, request('GET /admin/identities', AUTHORIZED))
    await expectUnharmed(server, server.port)
  })
})

describe('two requests in one', () => {
  it('are two requests, each with its own answer', async () => {
    const first = 'GET /health/alive HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const { count } = await sendRaw(server.port, first + request('GET /health/ready'))
    expect(count).toBe(2)
  })

  it('an upgrade to another protocol is not taken', async () => {
    const answer = await sendRaw(
      server.port,
      request('GET /sessions/whoami', {
        Connection: 'Upgrade, close',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
      }),
    )
    expect(answer.status).not.toBe(101)
    await expectUnharmed(server, server.port)
  })

  it('an unknown expectation is refused', async () => {
    expect((await attack('GET /health/alive', { Expect: 'miracles' })).status).toBe(417)
  })
})

/** The names of those there are. */
async function sandboxes(): Promise<string[]> {
  const { json } = await send({ port: server.port, method: 'GET', path: '/__mock/sandboxes' })
  return Array.isArray(json) ? json.map((one: Json) => String(pointed(one, '/name'))) : []
}

/** Sends and goes away at once, as a browser does that leaves the page. */
function abort(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(text, () => socket.resetAndDestroy())
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
