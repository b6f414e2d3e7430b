import { afterEach, describe, expect, it } from 'vitest'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, type RunningOptions, startOnePort } from '../support/running-mock.ts'

/* Nothing that a client can do over and over makes the server grow without end. */

let server: OnePortMock
afterEach(async () => {
  await server.close()
  expect(server.failures).toEqual([])
})

const start = async (options: RunningOptions) => {
  server = await startOnePort(options)
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  send({ port: server.port, method: 'GET', path, headers })

describe('sandboxes', () => {
  it('are no more than allowed; the refusal says what to do', async () => {
    await start({ maxSandboxes: 3 })
    expect((await get('/~one/health/alive')).headers['x-mock-sandbox']).toBe('one; new')
    expect((await get('/~two/health/alive')).status).toBe(200)
    const refused = await get('/~three/health/alive')
    expect([refused.status, pointed(refused.json, '/error')]).toEqual([
      404,
      'There are 3 sandboxes already. Dispose of some (DELETE /__mock/sandboxes/{name}) or raise --max-sandboxes.',
    ])
    expect((await get('/~one/health/alive')).status).toBe(200)
    expect((await get('/health/alive')).status).toBe(200)

    const headers = { 'Content-Type': 'application/json' }
    await send({ port: server.port, method: 'DELETE', path: '/__mock/sandboxes/one', headers })
    expect((await get('/~three/health/alive')).headers['x-mock-sandbox']).toBe('three; new')
  })

  it('are only those that there are, where new ones are refused', async () => {
    await start({ strictSandboxes: true })
    for (const answer of [await get('/~new/health/alive'), await get('/health/alive', { 'X-Mock-Sandbox': 'new' })]) {
      expect(answer.status).toBe(404)
      expect(pointed(answer.json, '/error')).toContain('--strict-sandboxes')
    }
    expect((await get('/health/alive')).status).toBe(200)
  })
})

describe('the journal', () => {
  it('is a ring: the newest exchanges are kept', async () => {
    await start({ journalSize: 5 })
    for (let n = 1; n <= 12; n++) await get(`/sessions/whoami?n=${n}`)
    const { json } = await get('/__mock/journal')
    expect(Array.isArray(json) ? json.map((entry) => pointed(entry, '/path')) : []).toEqual(
      [8, 9, 10, 11, 12].map((n) => `/sessions/whoami?n=${n}`),
    )
  })
})

describe('a body', () => {
  it('is as large as allowed, to the byte', async () => {
    await start({ maxBody: 200 })
    const post = (length: number) => {
      const text = '{"schema_id":"default","traits":{"email":"a@example.com"},"metadata_public":{"a":""}}'
      const body = text.replace('""', `"${'x'.repeat(length - text.length)}"`)
      const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer any' }
      return send({ port: server.port, method: 'POST', path: '/admin/identities', headers, body })
    }
    expect((await post(200)).status).toBe(201)
    const refused = await post(201)
    expect([refused.status, pointed(refused.json, '/error/reason')]).toEqual([
      413,
      'The request body is larger than 200 bytes.',
    ])
  })
})

describe('what expired', () => {
  it('is forgotten: flows that nobody came back to leave nothing behind', async () => {
    await start({})
    for (let n = 0; n < 50; n++) await get('/self-service/login/api')
    expect(server.world().flows.size).toBe(50)
    server.world().clock.advance(30 * 24 * 3_600_000)
    await get('/health/alive')
    expect(server.world().flows.size).toBe(0)
  })
})
