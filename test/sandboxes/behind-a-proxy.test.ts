import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { send } from '../support/http-client.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/*
 * A reverse proxy that ends TLS and rewrites the host says how the client addressed it: X-Forwarded-*.
 */

const PUBLISHED = 'auth.example.org'

let trusting: OnePortMock
let plain: OnePortMock

beforeAll(async () => {
  trusting = await startOnePort({ trustProxy: true, allowedHosts: [PUBLISHED, `staging.${PUBLISHED}`] })
  plain = await startOnePort()
})
afterAll(async () => {
  await trusting.close()
  await plain.close()
  expect([...trusting.failures, ...plain.failures]).toEqual([])
})

const forwarded = (rest: Record<string, string> = {}): Record<string, string> => ({
  Host: 'localhost:4000',
  'X-Forwarded-Host': PUBLISHED,
  'X-Forwarded-Proto': 'https',
  ...rest,
})

async function flow(mock: OnePortMock, headers: Record<string, string>, path = '/self-service/login/browser') {
  const { json, status } = await send({
    port: mock.port,
    method: 'GET',
    path,
    headers: { Accept: 'application/json', ...headers },
  })
  expect(status).toBe(200)
  return json as { request_url: string; ui: { action: string } }
}

describe('with --trust-proxy', () => {
  test("addresses are the proxy's", async () => {
    const { request_url, ui } = await flow(trusting, forwarded())
    expect(request_url).toBe('https://auth.example.org/self-service/login/browser')
    expect(ui.action).toMatch(/^https:\/\/auth\.example\.org\/self-service\/login\?flow=/)
  })

  test.each([
    [{ 'X-Forwarded-Port': '8443' }, 'https://auth.example.org:8443/'],
    [{ 'X-Forwarded-Port': '443' }, 'https://auth.example.org/'],
    [{ 'X-Forwarded-Host': 'auth.example.org:8443', 'X-Forwarded-Port': '9' }, 'https://auth.example.org:8443/'],
    [{ 'X-Forwarded-Host': 'auth.example.org:443' }, 'https://auth.example.org/'],
    [{ 'X-Forwarded-Proto': 'http', 'X-Forwarded-Port': '80' }, 'http://auth.example.org/'],
    [{ 'X-Forwarded-Prefix': '/ory/' }, 'https://auth.example.org/ory/'],
    [{ 'X-Forwarded-Prefix': '/a"b' }, 'https://auth.example.org/'],
    [{ 'X-Forwarded-Host': 'auth.example.org, inner.example.org' }, 'https://auth.example.org/'],
    [{ 'X-Forwarded-Proto': 'https,http' }, 'https://auth.example.org/'],
    [{ 'X-Forwarded-Proto': 'gopher' }, 'http://auth.example.org/'],
  ])('%j', async (headers, base) => {
    const { ui } = await flow(trusting, forwarded(headers))
    expect(ui.action.startsWith(`${base}self-service/`), ui.action).toBe(true)
  })

  test("a proxy that says nothing leaves the request's own host", async () => {
    const { request_url } = await flow(trusting, { Host: `localhost:${trusting.port}` })
    expect(request_url).toBe(`http://localhost:${trusting.port}/self-service/login/browser`)
  })

  test('sandboxes are chosen by the forwarded host, and by the path behind a prefix', async () => {
    const byHost = await flow(trusting, forwarded({ 'X-Forwarded-Host': 'suite1.localhost' }))
    expect(byHost.ui.action).toMatch(/^https:\/\/suite1\.localhost\/self-service/)
    const headers = forwarded({ 'X-Forwarded-Prefix': '/ory' })
    const byPath = await flow(trusting, headers, '/~suite2/self-service/login/browser')
    expect(byPath.ui.action).toMatch(/^https:\/\/auth\.example\.org\/ory\/~suite2\/self-service/)
    expect(trusting.mock.sandboxes.list().map(({ name }) => name)).toEqual(expect.arrayContaining(['suite1', 'suite2']))
  })

  test('a foreign host is refused, whichever header names it', async () => {
    for (const headers of [forwarded({ Host: 'evil.example' }), forwarded({ 'X-Forwarded-Host': 'evil.example' })]) {
      const { status } = await send({ port: trusting.port, method: 'GET', path: '/health/alive', headers })
      expect(status).toBe(421)
    }
  })

  test('the control API is for pages of the address that the browser shows', async () => {
    const read = (origin: string) =>
      send({ port: trusting.port, method: 'GET', path: '/__mock/clock', headers: forwarded({ Origin: origin }) })
    expect((await read('https://auth.example.org')).status).toBe(200)
    expect((await read('http://localhost:4000')).status).toBe(403)
  })
})

test('without --trust-proxy, what a client says of proxies counts for nothing', async () => {
  const host = `localhost:${plain.port}`
  const headers = forwarded({ Host: host, 'X-Forwarded-Port': '1', 'X-Forwarded-Prefix': '/x' })
  expect((await flow(plain, headers)).request_url).toBe(`http://${host}/self-service/login/browser`)
})
