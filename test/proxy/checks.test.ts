import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Coverage } from '../../src/report/shown-coverage.ts'
import { send } from '../support/http-client.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { type RunningProxy, startProxy } from '../support/running-proxy.ts'

let mock: OnePortMock
let proxy: RunningProxy

beforeEach(async () => {
  mock = await startOnePort({ dialect: 'wire' })
  proxy = await startProxy(mock.url)
})
afterEach(async () => {
  await proxy.close()
  await mock.close()
})

const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  send({ port: Number(new URL(proxy.url).port), method, path, headers, body })

const JSON_TYPE = { 'Content-Type': 'application/json' }

describe('what the client sends', () => {
  it('is judged by the contract, told in a header and in the journal, and passed on all the same', async () => {
    const answer = await ask('POST', '/admin/identities', JSON_TYPE, '{"schema_id": 7, "traits": {}}')
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ error: { message: expect.stringContaining('cannot unmarshal number') } })
    expect(answer.headers['x-mock-violations']).toBe('1; body /schema_id: must be string')
    expect(proxy.journal()).toMatchObject([
      {
        operation: 'adminCreateIdentity',
        status: 400,
        violations: [{ side: 'request', in: 'body', pointer: '/schema_id', message: 'must be string' }],
        request: { body: { schema_id: 7 } },
      },
    ])
  })

  it('is remembered with the answer, cookies included, in the journal that the proxy serves, secrets masked', async () => {
    await ask('GET', '/self-service/login/browser', { Accept: 'application/json' })
    const { json } = await ask('GET', '/__mock/journal')
    expect(json).toMatchObject([
      {
        method: 'GET',
        path: '/self-service/login/browser',
        operation: 'initializeSelfServiceLoginFlowForBrowsers',
        status: 200,
        violations: [],
        request: { url: `http://127.0.0.1:${new URL(proxy.url).port}/self-service/login/browser` },
        response: {
          headers: { 'set-cookie': [expect.stringMatching(/^csrf_token_[0-9a-f]{64}=<masked>;.*HttpOnly/)] },
          body: { type: 'browser' },
        },
      },
    ])
  })
})

describe('what the server behind sends', () => {
  it('is judged by the chosen dialect', async () => {
    const strict = await startProxy(mock.url, { dialect: 'spec' })
    try {
      const port = Number(new URL(strict.url).port)
      const body = '{"schema_id": "default", "traits": {"email": "a@example.com"}}'
      const answer = await send({ port, method: 'POST', path: '/admin/identities', headers: JSON_TYPE, body })
      expect(answer.status).toBe(201)
      expect(answer.headers['x-mock-contract-violation']).toMatch(/^\d+; body \/metadata_public: must be object/)
      await ask('POST', '/admin/identities', JSON_TYPE, body.replace('a@', 'b@'))
      expect(proxy.journal()[0]?.violations).toEqual([])
    } finally {
      await strict.close()
    }
  })

  it('to HEAD has no body, and breaks nothing by that', async () => {
    const { status } = await ask('HEAD', '/sessions/whoami')
    expect(status).toBe(401)
    expect(proxy.journal()).toMatchObject([{ method: 'HEAD', operation: 'toSession', violations: [] }])
  })
})

describe('safety', () => {
  it('a host that is not this machine’s is not answered', async () => {
    const { status, json } = await ask('GET', '/sessions/whoami', { Host: 'evil.example' })
    expect([status, json]).toEqual([421, { error: expect.stringContaining('--allowed-host evil.example') }])
    expect(mock.mock.sandboxes.get('default')?.journal.entries()).toEqual([])
  })

  it('counts for the coverage that the proxy serves, with its media type', async () => {
    await ask('GET', '/sessions/whoami')
    const { operations } = (await ask('GET', '/__mock/coverage')).json as unknown as Coverage
    const seen = operations.find(({ operation }) => operation === 'toSession')?.points.filter(({ calls }) => calls > 0)
    expect(seen?.map(({ dimension, value }) => `${dimension} ${value}`)).toEqual([
      'status 401',
      'response type 401 application/json',
    ])
  })

  it('no page of another origin empties the journal, or reaches the control API of a mock behind', async () => {
    const foreign = { ...JSON_TYPE, Origin: 'http://evil.example' }
    expect((await ask('DELETE', '/__mock/journal', foreign)).status).toBe(403)
    expect((await ask('POST', '/__mock/reset', foreign)).status).toBe(403)
  })

  it('the control API of a mock behind is reached, and no part of the journal', async () => {
    const { port } = new URL(proxy.url)
    const own = { ...JSON_TYPE, Host: `localhost:${port}`, Origin: `http://localhost:${port}` }
    expect((await ask('POST', '/__mock/reset', own)).status).toBe(204)
    expect((await ask('GET', '/__mock/clock')).json).toMatchObject({ frozen: true })
    expect(proxy.journal()).toEqual([])
  })
})

it('each sandbox of a mock behind has a journal of its own', async () => {
  await ask('GET', '/~one/sessions/whoami')
  await ask('GET', '/sessions/whoami', { 'X-Mock-Sandbox': 'two' })
  const host = `three.localhost:${new URL(proxy.url).port}`
  const flow = await ask('GET', '/self-service/login/api', { Host: host })
  expect(flow.json).toMatchObject({ request_url: `http://${host}/self-service/login/api` })
  expect(mock.mock.sandboxes.get('three')?.world.flows.size).toBe(1)
  expect(proxy.journal('three')).toHaveLength(1)
  expect(proxy.journal('one')).toMatchObject([{ path: '/sessions/whoami', operation: 'toSession' }])
  expect(proxy.journal('two')).toHaveLength(1)
  expect(proxy.journal()).toEqual([])
})

it('without checks nothing is judged and nothing remembered', async () => {
  const bare = await startProxy(mock.url, { checks: false })
  try {
    const answer = await send({ port: Number(new URL(bare.url).port), method: 'GET', path: '/sessions/whoami?aal=x' })
    expect([answer.status, bare.journal()]).toEqual([401, []])
  } finally {
    await bare.close()
  }
})
