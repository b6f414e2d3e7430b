import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { speakerTo, WAYS } from './ways.ts'

const HOUR = 3_600_000

let server: OnePortMock
beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
})
afterAll(async () => {
  await server.close()
  expect(server.failures).toEqual([])
})

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Answer> =>
  send({ port: server.port, method, path, headers: { Accept: 'application/json', ...headers }, body })

const names = () => server.mock.sandboxes.list().map(({ name }) => name)
const isNew = ({ headers }: Answer) => headers['x-mock-sandbox']

describe('which sandbox', () => {
  const all = {
    path: '/~by-path/health/alive',
    Host: 'by-host.localhost:4000',
    'X-Mock-Sandbox': 'by-header',
    Cookie: 'mock_sandbox=by-cookie',
  }

  it.each([
    ['the path, before all others', ['path', 'Host', 'X-Mock-Sandbox', 'Cookie'], 'by-path'],
    ['the host, before header and cookie', ['Host', 'X-Mock-Sandbox', 'Cookie'], 'by-host'],
    ['the header, before the cookie', ['X-Mock-Sandbox', 'Cookie'], 'by-header'],
    ['the cookie', ['Cookie'], 'by-cookie'],
  ] as const)('%s', async (_, given, expected) => {
    const { path = '/health/alive', ...headers } = Object.fromEntries(given.map((name) => [name, all[name]]))
    expect(isNew(await ask(path, headers))).toBe(`${expected}; new`)
    expect(isNew(await ask(path, headers))).toBeUndefined()
    expect(names()).toContain(expected)
  })

  it.each([
    ['nothing', '/health/alive', {}],
    ['its name', '/~default/health/alive', {}],
    ['its name as a host', '/health/alive', { Host: 'default.localhost:4000' }],
    ['api.localhost, a host of its own', '/health/alive', { Host: 'api.localhost:4000' }],
    ['project.localhost, a host of its own', '/health/alive', { Host: 'project.localhost' }],
  ] as const)('default, by %s', async (_, path, headers) => {
    const before = names()
    expect(isNew(await ask(path, headers))).toBeUndefined()
    expect(names()).toEqual(before)
  })

  it('the host of a configured base URL names none', async () => {
    const config = { serve: { public: { base_url: 'http://auth.localhost:4433/' } } }
    const other = await startOnePort({ config })
    const headers = { Host: 'auth.localhost:4433' }
    expect(isNew(await send({ port: other.port, method: 'GET', path: '/health/alive', headers }))).toBeUndefined()
    await other.close()
  })

  it.each(['/~/health/alive', '/~-x/health/alive', `/~${'x'.repeat(64)}/health/alive`, '/~a%20b/health/alive'])(
    '%s is refused with how names are',
    async (path) => {
      const { status, json } = await ask(path)
      expect(status).toBe(404)
      expect(pointed(json, '/error')).toMatch(/1 to 63 letters, digits, dots, dashes and underscores/)
    },
  )
})

describe('a new sandbox', () => {
  it.each(WAYS)('is a world from the start fixture, chosen by %s', async (way) => {
    const { speak, sandbox } = speakerTo(server.port, way, `fresh-${way.slice(0, 4)}`)
    const { json } = await speak('GET', '/admin/identities')
    expect(json).toHaveLength(6)
    const listed = await ask('/__mock/sandboxes')
    expect(listed.json).toContainEqual(expect.objectContaining({ name: sandbox, identities: 6, sessions: 1 }))
  })

  it('is disposed of by its name, and made anew when it is used again', async () => {
    const headers = { 'Content-Type': 'application/json' }
    await ask('/~short/__mock/identities', headers, 'POST', JSON.stringify({ email: 'more@example.com' }))
    expect((await ask('/~short/admin/identities', { Authorization: 'Bearer x' })).json).toHaveLength(7)
    expect((await ask('/__mock/sandboxes/short', headers, 'DELETE')).status).toBe(204)
    expect(names()).not.toContain('short')
    expect((await ask('/__mock/sandboxes/short', headers, 'DELETE')).status).toBe(404)
    expect((await ask('/~short/admin/identities', { Authorization: 'Bearer x' })).json).toHaveLength(6)
  })

  describe('that is idle', () => {
    afterEach(() => void vi.useRealTimers())

    it("is swept after --sandbox-ttl of the machine's time; one in use is not, and its clock makes no difference", async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      const other = await startOnePort({ sandboxTtl: HOUR })
      const call = (name: string, path = '/health/alive', method = 'GET', body?: string) =>
        send({
          port: other.port,
          method,
          path: `/~${name}${path}`,
          headers: { 'Content-Type': 'application/json' },
          body,
        })
      await call('idle')
      await call('used')
      await call('used', '/__mock/clock/advance', 'POST', '{"by":"100h"}')
      vi.setSystemTime(Date.now() + 0.7 * HOUR)
      await call('used')
      vi.setSystemTime(Date.now() + 0.7 * HOUR)
      expect(other.mock.sandboxes.list().map(({ name }) => name)).toEqual(['default', 'used'])
      await other.close()
    })
  })
})

describe('the addresses of a sandbox', () => {
  const actionOf = ({ json }: Answer) => String(pointed(json, '/ui/action'))

  it('stand in what it answers where path or host chose it', async () => {
    const byPath = await ask('/~urls/self-service/login/browser')
    expect(actionOf(byPath)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/~urls\/self-service\/login\?flow=/)
    const byHost = await ask('/self-service/login/browser', { Host: 'urls.localhost:4000' })
    expect(actionOf(byHost)).toMatch(/^http:\/\/urls\.localhost:4000\/self-service\/login\?flow=/)
    const redirected = await ask('/~urls/self-service/login/browser', { Accept: 'text/html' })
    expect(redirected.headers.location).toMatch(/\/~urls\/ui\/login\?flow=/)
  })

  it('do not where header or cookie chose it: there the request says it again; links in its mails use the path', async () => {
    const headers = { 'X-Mock-Sandbox': 'urls', 'Content-Type': 'application/json' }
    const flow = await ask('/self-service/recovery/api', headers)
    expect(actionOf(flow)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/self-service\/recovery\?flow=/)
    const body = JSON.stringify({ method: 'link', email: 'member@example.com' })
    await ask(`/self-service/recovery?flow=${pointed(flow.json, '/id')}`, headers, 'POST', body)
    const mails = await ask('/__mock/mail?to=member@example.com', headers)
    expect(pointed(mails.json, '/0/link')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/~urls\/self-service\/recovery\?/)
  })

  it('name its anti-CSRF cookie, so that two sandboxes in one browser do not disturb each other', async () => {
    const nameOf = ({ setCookies }: Answer) => /csrf_token_[0-9a-f]+/.exec(setCookies.join())?.[0]
    const [one, other] = [await ask('/~one/self-service/login/browser'), await ask('/~two/self-service/login/browser')]
    expect(nameOf(one)).toMatch(/^csrf_token_[0-9a-f]{64}$/)
    expect(nameOf(one)).not.toBe(nameOf(other))
  })
})

describe('GET /__mock/enter/NAME', () => {
  it('keeps a browser in the sandbox by a cookie, and sends it on to where it may go', async () => {
    const entered = await ask('/__mock/enter/tab?return_to=http%3A%2F%2Flocalhost%3A3000%2Fa')
    expect([entered.status, entered.headers.location]).toEqual([303, 'http://localhost:3000/a'])
    expect(entered.setCookies).toEqual([expect.stringMatching(/^mock_sandbox=tab; Path=\/;/)])
    const foreign = await ask('/__mock/enter/tab?return_to=https%3A%2F%2Fevil.example%2F')
    expect(foreign.headers.location ?? '').not.toContain('evil.example')
  })
})
