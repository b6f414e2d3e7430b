import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOryMock, type OryMock } from '../../src/index.ts'
import { controlRoutes } from '../../src/simulation/control.ts'

/* The test API has a verb for every route of the control API: all verbs are used once, and the routes that they call are noted. */

afterEach(() => vi.restoreAllMocks())

/** For browsers: Ory sends them to the sign-in page of a social provider. For shells: a command as text. */
const FOR_OTHERS = ['GET /oidc/{provider}/authorize', 'GET /journal/{id}/curl']

async function useEverything(mock: OryMock): Promise<void> {
  await mock.setState(await mock.state())
  await mock.reset()
  await mock.snapshot('a')
  await mock.snapshots.list()
  await mock.snapshots.write('b', await mock.snapshots.read('a'))
  await mock.restore('b')
  await mock.snapshots.delete('b')
  await mock.clock.read()
  await mock.clock.freeze()
  await mock.clock.advance('1h')
  await mock.config(await mock.config())
  await mock.scenarios()
  await mock.scenario()
  await mock.scenario(null)
  const ada = await mock.identity({ email: 'ada@example.com' })
  await ada.session()
  await mock.tuple()
  const thrown = await mock.throw('aal2-required')
  await mock.switches.list()
  await mock.switches.clear(thrown)
  await mock.switches.clear()
  await mock.mail.list()
  await mock.mail.clear()
  await mock.socialSignIn('acme', null)
  await fetch(`${mock.url}/health/alive`)
  await mock.journal.entries()
  await mock.journal.entry(1)
  await mock.journal.called('isAlive')
  await mock.journal.clear()
  await mock.coverage.read()
  await mock.coverage.clear()
  await mock.contract()
  await mock.sandboxes()
  await fetch(mock.enterUrl(), { redirect: 'manual' })
}

describe('the test API', () => {
  test('has a verb for every route of the control API', async () => {
    const server = await createOryMock()
    const sent = vi.spyOn(globalThis, 'fetch')
    const sandbox = server.sandbox('everything')
    await useEverything(sandbox)
    await sandbox.close()
    const called = sent.mock.calls.map(([url, init]) => {
      const { pathname } = new URL(String(url))
      return `${init?.method ?? 'GET'} ${pathname.replace('/~everything', '').replace('/__mock', '')}`
    })
    await server.close()
    const missing = controlRoutes
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !FOR_OTHERS.includes(route) && !called.some((each) => matches(route, each)))
    expect(missing).toEqual([])
  })
})

const matches = (route: string, call: string): boolean =>
  new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(call)

describe('mock.enterUrl', () => {
  test('brings a browser into the sandbox, and on to the app', async () => {
    const server = await createOryMock()
    const entered = await fetch(server.sandbox('tab').enterUrl('http://localhost:3000/?a=1'), { redirect: 'manual' })
    expect(entered.headers.get('location')).toBe('http://localhost:3000/?a=1')
    expect(entered.headers.get('set-cookie')).toMatch(/^mock_sandbox=tab;/)
    const left = await fetch(server.enterUrl(), { redirect: 'manual' })
    expect(left.headers.get('set-cookie')).toMatch(/^mock_sandbox=default;/)
    await server.close()
  })
})

describe('mock.journal', () => {
  test('gives the newest so many', async () => {
    const mock = await createOryMock()
    await fetch(`${mock.url}/schemas`)
    await fetch(`${mock.url}/health/alive`)
    expect((await mock.journal.entries()).map(({ path }) => path)).toEqual(['/schemas', '/health/alive'])
    expect((await mock.journal.entries({ newest: 1 })).map(({ path }) => path)).toEqual(['/health/alive'])
    await mock.close()
  })
})

describe('mock.journal, with secrets or without', () => {
  test('gives the calls of one operation, and one of them as curl', async () => {
    const mock = await createOryMock()
    await fetch(`${mock.url}/sessions/whoami`, { headers: { 'X-Session-Token': 'a-token-of-mine' } })
    await fetch(`${mock.url}/health/alive`)
    const [masked] = await mock.journal.entries({ operation: 'toSession' })
    expect(masked).toMatchObject({ id: 1, request: { headers: { 'x-session-token': '<masked>' } } })
    const [open] = await mock.journal.entries({ operation: 'toSession', secrets: true })
    expect(open?.request.headers).toMatchObject({ 'x-session-token': 'a-token-of-mine' })
    expect((await mock.journal.entry(1)).curl).toContain("-H 'x-session-token: <masked>'")
    expect((await mock.journal.entry(1, { secrets: true })).curl).toContain("-H 'x-session-token: a-token-of-mine'")
    await mock.close()
  })
})

describe('mock.coverage', () => {
  test('tells what of the contract the sandbox exercised, or the whole server', async () => {
    const mock = await createOryMock()
    await fetch(`${mock.sandbox('one').url}/health/alive`)
    await fetch(`${mock.sandbox('two').url}/health/alive`)
    const callsOf = async (of: 'sandbox' | 'server') => (await mock.sandbox('one').coverage.read(of)).calls
    expect([await callsOf('sandbox'), await callsOf('server')]).toEqual([1, 2])
    await mock.sandbox('one').coverage.clear()
    expect([await callsOf('sandbox'), await callsOf('server')]).toEqual([0, 1])
    await mock.coverage.clear('server')
    expect(await callsOf('server')).toBe(0)
    await mock.close()
  })
})

describe('mock.scenarios', () => {
  test('tells what can be chosen', async () => {
    const mock = await createOryMock()
    const [first] = await mock.scenarios()
    expect(first).toEqual({ name: 'aal2-redirect-loop', title: expect.any(String), story: expect.any(String) })
    await mock.close()
  })
})
