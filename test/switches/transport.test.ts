import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Dialect } from '../../src/contract/contract.ts'
import type { JsonObject } from '../../src/json.ts'
import type { SwitchName } from '../../src/simulation/switches/switch-names.ts'
import { type RawAnswer, request, sendRaw } from '../safety/raw.ts'
import { type Answer, send } from '../support/http-client.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/* ecosystem §4.10, second part: what happens on the way, at a server that listens. */

const WHOAMI = '/sessions/whoami'
const JSON_TYPE = { 'Content-Type': 'application/json' }

describe.each(['spec', 'wire'] as const)('in the dialect %s', (dialect: Dialect) => {
  let mock: OnePortMock
  beforeEach(async () => {
    mock = await startOnePort({ dialect, fixture: 'team', auth: 'off' })
  })
  afterEach(async () => {
    await mock.close()
    expect(mock.failures).toEqual([])
  })

  const ask = (method: string, path: string, json?: unknown): Promise<Answer> =>
    send({
      port: mock.port,
      method,
      path,
      headers: { Accept: 'application/json', Host: `localhost:${mock.port}`, ...(json === undefined ? {} : JSON_TYPE) },
      body: json === undefined ? undefined : JSON.stringify(json),
    })

  const raw = (line: string, headers: Readonly<Record<string, string>> = {}, body = ''): Promise<RawAnswer> =>
    sendRaw(mock.port, request(line, headers, body))

  async function throwSwitch(name: SwitchName, rest: JsonObject = {}): Promise<void> {
    expect(await ask('POST', '/__mock/switches', { name, ...rest })).toMatchObject({ status: 200 })
  }

  const identities = () => mock.world().identities.size
  const NEW = { schema_id: 'default', traits: { email: 'new@example.org' } }
  const create = (): Promise<RawAnswer> => {
    const body = JSON.stringify(NEW)
    return raw('POST /admin/identities', { ...JSON_TYPE, 'Content-Length': String(body.length) }, body)
  }

  /** The last call that the journal knows of. */
  const journalled = async (): Promise<JsonObject> => {
    const { json } = await ask('GET', '/__mock/journal')
    return (json as readonly JsonObject[]).at(-1) ?? {}
  }

  it('no-response: nothing comes, until the client gives up; others are served', async () => {
    await throwSwitch('no-response', { operation: 'toSession' })
    const socket = net.connect(mock.port, '127.0.0.1')
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.write(request(`GET ${WHOAMI}`))
    while ([...mock.world().switches.values()][0]?.met !== 1) await wait(2)
    expect((await ask('GET', '/health/alive')).status).toBe(200)
    expect(Buffer.concat(received).toString()).toBe('')
    expect(socket.destroyed).toBe(false)
    socket.destroy()
  })

  it('connection-reset: before a byte, and what was asked for is done', async () => {
    await throwSwitch('connection-reset')
    const before = identities()
    await expect(ask('GET', WHOAMI)).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(await create()).toMatchObject({ status: 0, head: '' })
    expect(identities()).toBe(before + 1)
  })

  it.each([
    ['connection-reset', 'reset', 0],
    ['half-closed', 'half', 1],
  ] as const)('%s: the journal says so; coverage counts what arrived', async (name, fault, arrived) => {
    await throwSwitch(name, { operation: 'getVersion' })
    await expect(ask('GET', '/version')).rejects.toThrow()
    const [entry] = (await ask('GET', '/__mock/journal')).json as readonly JsonObject[]
    expect(entry).toMatchObject({ operation: 'getVersion', status: 200, fault, switches: [name] })
    const { operations } = (await ask('GET', '/__mock/coverage')).json as { readonly operations: JsonObject[] }
    expect(operations.find(({ operation }) => operation === 'getVersion')).toMatchObject({ calls: arrived })
  })

  it('half-closed: status, headers and half of the body', async () => {
    await throwSwitch('half-closed')
    const { status, head, body } = await raw('GET /schemas')
    expect(status).toBe(200)
    const announced = Number(/content-length: (\d+)/i.exec(head)?.[1])
    expect(body.length).toBe(announced >> 1)
    await expect(ask('GET', '/schemas')).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect((await raw('DELETE /admin/relation-tuples')).status).toBe(0)
  })

  it.each([
    ['malformed-json', (text: string, whole: string) => text.startsWith(whole.trimEnd()) && text.length > 10],
    ['truncated-body', (text: string, whole: string) => whole.startsWith(text) && text.length === whole.length >> 1],
    ['empty-body', (text: string) => text === ''],
  ] as const)('%s: the usual status, and a body that does not parse', async (name, isSpoilt) => {
    const whole = await ask('GET', '/schemas')
    await throwSwitch(name)
    const { status, text, json, headers } = await ask('GET', '/schemas')
    expect(status).toBe(200)
    expect(json).toBeUndefined()
    expect(isSpoilt(text, whole.text)).toBe(true)
    expect(headers['content-type']).toBe(whole.headers['content-type'])
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)))
    expect(headers).toMatchObject({ 'x-mock-switch': name, 'x-mock-contract-broken-by': name })
  })

  it('wrong-content-type: the usual status and body, as text', async () => {
    const usual = await ask('GET', '/schemas')
    await throwSwitch('wrong-content-type')
    const { status, text, headers } = await ask('GET', '/schemas')
    expect({ status, text }).toEqual({ status: 200, text: usual.text })
    expect(headers['content-type']).toMatch(/^text\/plain/)
    expect(headers['x-mock-contract-broken-by']).toBe('wrong-content-type')
  })

  it.each([
    ['gateway-502-html', 502, 'Bad Gateway', 0],
    ['gateway-503-html', 503, 'Service Temporarily Unavailable', 0],
    ['gateway-504-html', 504, 'Gateway Time-out', 1],
  ] as const)('%s: the page of a proxy; %i', async (name, status, phrase, done) => {
    await throwSwitch(name)
    const answer = await ask('GET', '/self-service/login/browser')
    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toBe('text/html')
    expect(answer.text).toContain(`<title>${status} ${phrase}</title>`)
    expect(answer.setCookies).toEqual([])
    expect(answer.headers).toMatchObject({ 'x-mock-switch': name, 'x-mock-contract-broken-by': name })
    expect(answer.headers['cache-control']).toBeUndefined()
    const before = identities()
    expect((await create()).status).toBe(status)
    expect(identities()).toBe(before + done)
    expect(await journalled()).toMatchObject({ operation: 'adminCreateIdentity', status, switches: [name] })
  })

  it('request-header-too-large: 431 without a body, and nothing is done', async () => {
    await throwSwitch('request-header-too-large')
    const answer = await ask('GET', WHOAMI)
    expect(answer).toMatchObject({ status: 431, text: '', headers: { 'x-mock-switch': 'request-header-too-large' } })
    const before = identities()
    expect((await create()).status).toBe(431)
    expect(identities()).toBe(before)
  })

  describe('slow', () => {
    const timed = async (path: string): Promise<number> => {
      const start = performance.now()
      expect((await ask('GET', path)).status).toBe(200)
      return performance.now() - start
    }

    it('waits as long as is said, and the world’s clock stands still', async () => {
      await throwSwitch('slow', { parameters: { delay: '60ms' } })
      const before = mock.world().now()
      // timers of Node may be a millisecond early
      expect(await timed('/schemas')).toBeGreaterThanOrEqual(59)
      expect(mock.world().now()).toBe(before)
    })

    it('waits within a range', async () => {
      await throwSwitch('slow', { seed: 'a', parameters: { delay: '20ms', to: '40ms' } })
      for (let i = 0; i < 5; i++) expect(await timed('/schemas')).toBeGreaterThanOrEqual(19)
    })

    it('waits for one operation alone, two answers at a time', async () => {
      await throwSwitch('slow', { operation: 'toSession', parameters: { delay: '1h' } })
      const socket = net.connect(mock.port, '127.0.0.1')
      socket.write(request(`GET ${WHOAMI}`))
      while ([...mock.world().switches.values()][0]?.met !== 1) await wait(2)
      expect((await ask('GET', '/schemas')).status).toBe(200)
      socket.destroy()
    })
  })

  describe('rate-limited', () => {
    const limits = ({ status, headers }: Answer) => ({
      status,
      limit: headers['x-ratelimit-limit'],
      remaining: headers['x-ratelimit-remaining'],
      reset: headers['x-ratelimit-reset'],
      retry: headers['retry-after'],
    })

    it('counts the calls of a window, and begins anew with the next', async () => {
      await throwSwitch('rate-limited', { parameters: { limit: 2, window: '10s' } })
      const limit = '2, 2;w=10, 60;w=600'
      const passed = { status: 200, limit, reset: '10', retry: undefined }
      expect(limits(await ask('GET', '/schemas'))).toEqual({ ...passed, remaining: '1' })
      expect(limits(await ask('GET', '/health/alive'))).toEqual({ ...passed, remaining: '0' })
      const refused = await ask('GET', '/schemas')
      expect(limits(refused)).toEqual({ status: 429, limit, remaining: '0', reset: '10', retry: '10' })
      expect(refused.json).toMatchObject({ error: { code: 429, status: 'Too Many Requests' } })
      expect(refused.headers['x-mock-contract-broken-by']).toBe('rate-limited')
      mock.world().clock.advance(9000)
      expect(limits(await ask('GET', '/schemas'))).toMatchObject({ status: 429, reset: '1', retry: '1' })
      mock.world().clock.advance(1000)
      expect(limits(await ask('GET', '/schemas'))).toEqual({ ...passed, remaining: '1' })
    })

    it('has the headers of Ory Network', async () => {
      await throwSwitch('rate-limited', { parameters: { limit: 10 } })
      expect(limits(await ask('GET', '/schemas'))).toMatchObject({
        limit: '10, 10;w=1, 300;w=60',
        remaining: '9',
        reset: '1',
      })
    })

    it('where none pass, it is as if others had used up the window', async () => {
      await throwSwitch('rate-limited')
      expect(limits(await ask('GET', '/schemas'))).toEqual({
        status: 429,
        limit: '10, 10;w=1, 300;w=60',
        remaining: '0',
        reset: '1',
        retry: '1',
      })
    })

    it('what is refused is not done', async () => {
      await throwSwitch('rate-limited')
      const before = identities()
      expect((await create()).status).toBe(429)
      expect(identities()).toBe(before)
    })

    it('counts for one operation alone', async () => {
      await throwSwitch('rate-limited', { operation: 'listIdentitySchemas', parameters: { limit: 1 } })
      const statuses = []
      for (const path of ['/schemas', '/health/alive', '/health/alive', '/schemas']) {
        statuses.push((await ask('GET', path)).status)
      }
      expect(statuses).toEqual([200, 200, 200, 429])
    })

    it('refuses from the n-th call on, for so many calls', async () => {
      await throwSwitch('rate-limited', { after: 3, times: 2 })
      const statuses = []
      for (let i = 0; i < 6; i++) statuses.push((await ask('GET', '/schemas')).status)
      expect(statuses).toEqual([200, 200, 429, 429, 200, 200])
    })
  })
})
