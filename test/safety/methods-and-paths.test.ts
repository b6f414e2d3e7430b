import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OnePortMock, type SelfHostedMock, startOnePort, startSelfHosted } from '../support/running-mock.ts'
import { attack as attackPort, PATHS, withId } from './attack.ts'
import { expectHarmless, expectUnharmed } from './harmless.ts'
import { request, sendRaw } from './raw.ts'

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

const attack = (line: string, headers: Record<string, string> = {}, body = '') =>
  attackPort(server.port, line, headers, body)

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
    for (const line of withId(text)) {
      const { status, body } = await attack(line)
      expect(status, line).toBeGreaterThanOrEqual(300)
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
      for (const line of withId(text)) await attack(line)
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
