import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, test } from 'vitest'
import { rewriteCookie, rewriteOf } from '../../src/proxy/addresses.ts'
import { send } from '../support/http-client.ts'
import { startOnePort, startSelfHosted } from '../support/running-mock.ts'
import { type RunningProxy, startProxy } from '../support/running-proxy.ts'

let running: { close: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of running.reverse()) await one.close()
  running = []
})

async function kept<T extends { close: () => Promise<unknown> }>(one: Promise<T>): Promise<T> {
  running.push(await one)
  return one
}

/** A server that answers everything in one way, and what it was asked. */
async function startFixed(answer: (res: http.ServerResponse) => void) {
  const asked: http.IncomingMessage[] = []
  const server = http.createServer((req, res) => {
    asked.push(req)
    req.resume().once('end', () => answer(res))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  running.push({ close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()) })
  return { url: `http://127.0.0.1:${port}`, asked }
}

function ask({ url }: Pick<RunningProxy, 'url'>, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { port, host } = new URL(url)
  return send({ port: Number(port), method, path, headers: { Host: host, ...headers } })
}

const HTML = { Accept: 'text/html' }

describe('addresses of the server behind', () => {
  it('are the proxy’s in bodies, redirects and links, also percent-encoded', async () => {
    const mock = await kept(startOnePort({ dialect: 'wire' }))
    const proxy = await kept(startProxy(mock.url))
    const returnTo = encodeURIComponent(`${mock.url}/ui/welcome`)
    const flow = await ask(proxy, `/self-service/login/browser?return_to=${returnTo}`, { Accept: 'application/json' })
    expect(flow.json).toMatchObject({
      request_url: `${proxy.url}/self-service/login/browser?return_to=${encodeURIComponent(`${proxy.url}/ui/welcome`)}`,
      ui: { action: expect.stringMatching(`^${proxy.url}/self-service/login\\?flow=`) },
    })
    expect(flow.text).not.toContain(String(mock.port))
    const page = await ask(proxy, '/self-service/login/browser', HTML)
    expect(page.status).toBe(303)
    expect(page.headers.location).toMatch(`${proxy.url}/ui/login?flow=`)
  })

  it('are what the server behind gets, where the client names the proxy', async () => {
    const fixed = await startFixed((res) => res.end())
    const proxy = await kept(startProxy(fixed.url))
    const returnTo = encodeURIComponent(`${proxy.url}/done`)
    await ask(proxy, `/self-service/login/browser?return_to=${returnTo}`, {
      Origin: proxy.url,
      Referer: `${proxy.url}/page`,
    })
    const [asked] = fixed.asked
    expect(asked?.url).toBe(`/self-service/login/browser?return_to=${encodeURIComponent(`${fixed.url}/done`)}`)
    expect(asked?.headers).toMatchObject({
      host: new URL(fixed.url).host,
      origin: fixed.url,
      referer: `${fixed.url}/page`,
    })
  })

  it('of several servers are those of the proxy for the same API', async () => {
    const mock = await kept(startSelfHosted({ dialect: 'wire' }))
    const { ports } = mock
    const to = { public: `http://localhost:${ports.public}`, admin: `http://localhost:${ports.admin}` }
    const proxy = await kept(startProxy(to))
    const moved = await ask(proxy, '/admin/identities')
    expect(moved.status).toBe(307)
    expect(moved.headers.location).toBe(`http://localhost:${proxy.ports.admin}/admin/identities`)
    const list = await ask({ url: `http://localhost:${proxy.ports.admin}` }, '/admin/identities')
    expect([list.status, list.json]).toEqual([200, []])
  })

  it('count under every name that the server behind has for itself', async () => {
    const fixed = await startFixed((res) =>
      res
        .setHeader('Content-Type', 'application/json')
        .end('{"a":"https://auth.example.com/x","b":"https://auth.example.community/"}'),
    )
    const proxy = await kept(startProxy(fixed.url, { knownAs: { public: 'https://auth.example.com' } }))
    const { json, headers } = await ask(proxy, '/')
    expect(json).toEqual({ a: `${proxy.url}/x`, b: 'https://auth.example.community/' })
    expect(headers['content-length']).toBe(String(JSON.stringify(json).length))
  })

  it('that several servers have in common are the first one’s', async () => {
    const fixed = await startFixed((res) =>
      res.setHeader('Content-Type', 'text/plain').end('https://auth.example.com/x'),
    )
    const base = 'https://auth.example.com'
    const to = { public: fixed.url, admin: fixed.url.replace('127.0.0.1', 'localhost') }
    const proxy = await kept(startProxy(to, { knownAs: { public: base, admin: base } }))
    expect((await ask(proxy, '/')).text).toBe(`${proxy.url}/x`)
    const admin = `http://localhost:${proxy.ports.admin}`
    expect((await ask({ url: admin }, '/')).text).toBe(`${proxy.url}/x`)
  })

  it('are found in an answer that is compressed all the same', async () => {
    const fixed = await startFixed((res) => {
      const body = gzipSync(JSON.stringify({ at: fixed.url }))
      res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }).end(body)
    })
    const proxy = await kept(startProxy(fixed.url))
    const answer = await ask(proxy, '/', { 'Accept-Encoding': 'gzip' })
    expect(fixed.asked[0]?.headers['accept-encoding']).toBe('identity')
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.json).toEqual({ at: proxy.url })
  })

  it('stay what they are with --no-rewrite, and nothing says that the contract was broken', async () => {
    const fixed = await startFixed((res) =>
      res.setHeader('Content-Type', 'application/json').end(`{"at":"${fixed.url}"}`),
    )
    const proxy = await kept(startProxy(fixed.url, { rewrite: false }))
    const answer = await ask(proxy, '/sessions/whoami', { Host: 'localhost:4433' })
    expect(answer.json).toEqual({ at: fixed.url })
    expect(fixed.asked[0]?.headers.host).toBe('localhost:4433')
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-mock'))).toEqual([])
    expect(proxy.journal()[0]?.violations.length).toBeGreaterThan(0)
  })
})

it('a request that names an address in full goes to the server behind all the same', async () => {
  const fixed = await startFixed((res) => res.end())
  const proxy = await kept(startProxy(fixed.url, { rewrite: false }))
  await ask(proxy, `${proxy.url}/sessions/whoami?x=1`)
  await ask(proxy, proxy.url)
  expect(fixed.asked.map(({ url }) => url)).toEqual(['/sessions/whoami?x=1', '/'])
})

describe('rewriteOf', () => {
  const rewrite = rewriteOf([
    ['http://localhost', 'http://localhost:4000'],
    ['http://localhost:4433', 'http://localhost:4000'],
    ['https://a.example/.ory', 'http://localhost:4000'],
  ])

  test.each([
    ['http://localhost:4433/x http://localhost/y', 'http://localhost:4000/x http://localhost:4000/y'],
    ['http://localhost:44330 http://localhost:4455/', 'http://localhost:44330 http://localhost:4455/'],
    ['http://localhost.example http://localhost.', 'http://localhost.example http://localhost:4000.'],
    ['a=http%3A%2F%2Flocalhost%3A4433%2Fx', 'a=http%3A%2F%2Flocalhost%3A4000%2Fx'],
    ['a=http%3a%2f%2flocalhost%3a4433', 'a=http%3A%2F%2Flocalhost%3A4000'],
    ['{"a":"http:\\/\\/localhost:4433\\/x"}', '{"a":"http:\\/\\/localhost:4000\\/x"}'],
    ['https://A.example/.ory/login', 'http://localhost:4000/login'],
    ['redirect_uri=http%3A%2F%2Flocalhost%3A4433%2Fcb', 'redirect_uri=http%3A%2F%2Flocalhost%3A4433%2Fcb'],
  ])('%s', (text, expected) => {
    expect(rewrite(text)).toBe(expected)
  })
})

describe('cookies of the server behind are the proxy’s', () => {
  const network = { prefix: '', secure: true }

  test.each([
    ['s=1; Path=/; Domain=example.com; HttpOnly', { prefix: '', secure: false }, 's=1; Path=/; HttpOnly'],
    ['s=1; Path=/; Secure; SameSite=None', network, 's=1; Path=/; SameSite=Lax'],
    ['s=1; Path=/; SameSite=Strict; Secure', network, 's=1; Path=/; SameSite=Strict'],
    ['__Host-s=1; Path=/; Secure; SameSite=None', network, '__Host-s=1; Path=/; Secure; SameSite=None'],
    ['s=1; Path=/.ory/kratos; HttpOnly', { prefix: '/.ory', secure: false }, 's=1; Path=/kratos; HttpOnly'],
    ['s=1; Path=/.ory', { prefix: '/.ory', secure: false }, 's=1; Path=/'],
    ['s=a=b; Max-Age=5', network, 's=a=b; Max-Age=5'],
  ])('%s', (line, upstream, expected) => {
    expect(rewriteCookie(line, upstream)).toBe(expected)
  })
})
