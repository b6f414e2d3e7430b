import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/verdict/entry.ts'
import { send } from '../support/http-client.ts'
import { type OnePortMock, type RunningOptions, startOnePort } from '../support/running-mock.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }

let server: OnePortMock | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function start(options: RunningOptions = {}): Promise<number> {
  server = await startOnePort({ auth: 'off', ...options })
  return server.port
}

async function entries(port: number, query = ''): Promise<readonly JournalEntry[]> {
  const { json } = await send({ port, method: 'GET', path: `/__mock/journal${query}` })
  return json as unknown as readonly JournalEntry[]
}

async function beginLogin(port: number, prefix = ''): Promise<string> {
  const { json } = await send({ port, method: 'GET', path: `${prefix}/self-service/login/api` })
  return (json as { id: string }).id
}

const PASSWORD = 'wrong-horse-battery'

function logIn(port: number, flow: string, headers: Record<string, string> = {}) {
  const body = JSON.stringify({ method: 'password', password: PASSWORD, identifier: "o'brien@example.org" })
  const path = `/self-service/login?flow=${flow}`
  return send({ port, method: 'POST', path, headers: { ...JSON_TYPE, ...headers }, body })
}

describe('the journal', () => {
  it('shows both sides of an exchange whole, but for secrets', async () => {
    const port = await start()
    const flow = await beginLogin(port)
    await logIn(port, flow, { 'X-Custom': 'kept' })
    const [, entry] = await entries(port)
    expect(entry).toMatchObject({
      id: 2,
      sandbox: 'default',
      at: '2022-07-27T12:00:00Z',
      method: 'POST',
      path: `/self-service/login?flow=${flow}`,
      operation: 'submitSelfServiceLoginFlow',
      status: 400,
      violations: [],
      switches: [],
      request: {
        url: `http://127.0.0.1:${port}/self-service/login?flow=${flow}`,
        headers: { 'x-custom': 'kept', 'content-type': 'application/json' },
        body: { method: 'password', password: '<masked>', identifier: "o'brien@example.org" },
      },
      response: {
        headers: {
          'content-type': expect.stringContaining('application/json'),
          date: 'Wed, 27 Jul 2022 12:00:00 GMT',
        },
        body: { id: flow, ui: { method: 'POST' } },
      },
    })
    expect(entry?.duration).toBeGreaterThan(0)
  })

  it('shows secrets to whoever asks for them', async () => {
    const port = await start()
    await logIn(port, await beginLogin(port))
    expect(JSON.stringify(await entries(port))).not.toContain(PASSWORD)
    expect(JSON.stringify(await entries(port, '?secrets=true'))).toContain(PASSWORD)
  })

  it('names the violations of the request and of the answer, each with its side', async () => {
    const port = await start({ requests: 'report' })
    const wrong = { getVersion: () => ({ status: 200, body: { version: 1 } }) }
    Object.assign(server?.mock ?? {}, { operations: { ...server?.mock.operations, ...wrong } })
    await send({ port, method: 'POST', path: '/admin/identities', headers: JSON_TYPE, body: '{"schema_id":1}' })
    await send({ port, method: 'GET', path: '/version' })
    const [request, answer] = await entries(port)
    expect(request?.violations.map(({ side, pointer }) => `${side} ${pointer}`)).toContain('request /schema_id')
    expect(answer?.violations).toMatchObject([{ side: 'response', in: 'body', pointer: '/version' }])
    expect(answer?.status).toBe(500)
  })

  it('quotes no piece of a body that is no JSON', async () => {
    const port = await start()
    const body = `password=${PASSWORD}`
    await send({ port, method: 'POST', path: '/admin/identities', headers: JSON_TYPE, body })
    const [entry] = await entries(port)
    expect(entry?.request).toMatchObject({ omitted: `${body.length} characters that are not application/json` })
    expect(JSON.stringify(entry)).not.toContain('wrong-horse')
    expect(entry?.violations).toMatchObject([{ message: expect.stringContaining('is no JSON') }])
  })

  it('keeps what the client sent where a switch changes the request', async () => {
    const port = await start()
    const flow = await beginLogin(port)
    await logIn(port, flow, { 'X-Mock-Switch': 'csrf-violation' })
    const [, entry] = await entries(port)
    expect(entry?.request.body).toMatchObject({ identifier: "o'brien@example.org" })
  })

  it('keeps the newest exchanges of each sandbox, with numbers that go on', async () => {
    const port = await start({ journalSize: 3 })
    for (let count = 0; count < 5; count++) await send({ port, method: 'GET', path: '/health/alive' })
    await send({ port, method: 'GET', path: '/~other/version' })
    expect((await entries(port)).map(({ id }) => id)).toEqual([3, 4, 5])
    expect((await entries(port, '?limit=1')).map(({ id }) => id)).toEqual([5])
    const { json } = await send({ port, method: 'GET', path: '/~other/__mock/journal' })
    expect(json).toMatchObject([{ id: 1, sandbox: 'other', path: '/version' }])
  })

  it('forgets the oldest exchanges of any sandbox when all journals together grow too large', async () => {
    const port = await start({ journalBytes: 60_000 })
    await beginLogin(port, '/~first')
    for (let count = 0; count < 40; count++) await beginLogin(port)
    const { json } = await send({ port, method: 'GET', path: '/~first/__mock/journal' })
    expect(json).toEqual([])
    const kept = await entries(port)
    expect(kept.length).toBeGreaterThan(5)
    expect(kept.map(({ id }) => id)).toEqual(kept.map((_, at) => 41 - kept.length + at))
  })

  it('of a sandbox that was disposed of takes no room from the others', async () => {
    const port = await start({ journalBytes: 60_000 })
    for (let count = 0; count < 5; count++) {
      await beginLogin(port, '/~gone')
      await send({ port, method: 'DELETE', path: '/__mock/sandboxes/gone', headers: JSON_TYPE })
    }
    for (let count = 0; count < 8; count++) await beginLogin(port)
    expect((await entries(port)).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('tells what it keeps as it was, however long, in whatever script and after however many others', async () => {
    const port = await start({ journalSize: 7, journalBytes: 100_000 })
    const sent = Array.from({ length: 120 }, (_, at) => ({
      method: 'password',
      identifier: `${at} ${(at % 3 ? 'a' : 'jürgen 🐎') + 'x'.repeat(at % 5)} `.repeat(1 + ((at * 37) % 400)),
    }))
    for (const [at, body] of sent.entries()) {
      const headers = { ...JSON_TYPE, 'X-Custom': `no. ${at}` }
      await send({
        port,
        method: 'POST',
        path: `/self-service/login?flow=n%20${at}`,
        headers,
        body: JSON.stringify(body),
      })
    }
    const kept = await entries(port, '?secrets=true')
    expect(kept.map(({ request }) => request.body)).toEqual(sent.slice(-7))
    expect(kept.map(({ path }) => path)).toEqual(
      sent.slice(-7).map((_, at) => `/self-service/login?flow=n%20${113 + at}`),
    )
    expect(kept.map(({ request }) => request.headers['x-custom'])).toEqual(
      sent.slice(-7).map((_, at) => `no. ${113 + at}`),
    )
    expect(kept.every(({ response }) => Number(response.headers['content-length']) > 100)).toBe(true)
  })

  it('goes on after a request that is larger than all that it may keep', async () => {
    const port = await start({ journalBytes: 60_000 })
    const body = JSON.stringify({ method: 'password', identifier: 'x'.repeat(200_000) })
    await send({ port, method: 'POST', path: '/self-service/login?flow=any', headers: JSON_TYPE, body })
    expect(await entries(port)).toEqual([])
    await beginLogin(port)
    expect((await entries(port)).map(({ id }) => id)).toEqual([2])
  })

  it('is emptied, and counts on', async () => {
    const port = await start()
    await send({ port, method: 'GET', path: '/version' })
    await send({ port, method: 'DELETE', path: '/__mock/journal', headers: JSON_TYPE })
    expect(await entries(port)).toEqual([])
    await send({ port, method: 'GET', path: '/version' })
    expect((await entries(port)).map(({ id }) => id)).toEqual([2])
  })

  it('knows no entry that it does not have, and no limit that is no number', async () => {
    const port = await start()
    const missing = await send({ port, method: 'GET', path: '/__mock/journal/7' })
    expect(missing).toMatchObject({ status: 404, json: { error: expect.stringContaining('no entry 7') } })
    const limit = await send({ port, method: 'GET', path: '/__mock/journal?limit=many' })
    expect(limit).toMatchObject({ status: 400, json: { error: 'limit is a whole number above 0, not "many".' } })
  })
})

describe('an entry as curl', () => {
  it('repeats the request, quotes and all, in its sandbox', async () => {
    const port = await start()
    const flow = await beginLogin(port, '/~quoted')
    const path = `/~quoted/self-service/login?flow=${flow}`
    const body = JSON.stringify({ method: 'password', password: PASSWORD, identifier: "o'brien@example.org" })
    const first = await send({ port, method: 'POST', path, headers: JSON_TYPE, body })
    const command = await send({ port, method: 'GET', path: '/~quoted/__mock/journal/2/curl?secrets=true' })
    const { stdout } = await promisify(execFile)('sh', ['-c', command.text.replace('curl -i', 'curl -s')])
    expect(JSON.parse(stdout)).toEqual(first.json)
    const { json } = await send({ port, method: 'GET', path: '/~quoted/__mock/journal?secrets=true' })
    const [, one, again] = json as unknown as readonly JournalEntry[]
    expect(again?.request.body).toEqual(one?.request.body)
  })

  it('carries no secret unless asked to', async () => {
    const port = await start()
    await logIn(port, await beginLogin(port), { 'X-Session-Token': 'a-token-of-mine', Cookie: 'a=secret-cookie' })
    const { text } = await send({ port, method: 'GET', path: '/__mock/journal/2/curl' })
    expect(text).toContain("-H 'x-session-token: <masked>'")
    expect(text).not.toMatch(/a-token-of-mine|secret-cookie|wrong-horse/)
  })
})
