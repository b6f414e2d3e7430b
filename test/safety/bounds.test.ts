import { afterEach, describe, expect, it } from 'vitest'
import { type Bounds, USUAL_BOUNDS } from '../../src/bounds.ts'
import { readServeOptions, SERVE_OPTIONS } from '../../src/cli/options.ts'
import { createOryMock } from '../../src/index.ts'
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
      'The request body is larger than 200 bytes. --max-body allows more.',
    ])
  })
})

/** Begins a flow and answers whether it can be fetched. */
const newFlow = async (sandbox = ''): Promise<() => Promise<number>> => {
  const id = pointed((await get(`${sandbox}/self-service/login/api`)).json, '/id')
  return async () => (await get(`${sandbox}/self-service/login/flows?id=${id}`)).status
}

/** A browser's error, and whether the error page can fetch it. */
const newError = async (): Promise<() => Promise<number>> => {
  const path = '/self-service/login/browser?return_to=https%3A%2F%2Felsewhere.example.com'
  const { headers } = await get(path, { Accept: 'text/html' })
  const id = new URL(String(headers.location)).searchParams.get('id')
  return async () => (await get(`/self-service/errors?id=${id}`)).status
}

const askForMail = async (email: string): Promise<void> => {
  const id = pointed((await get('/self-service/recovery/api')).json, '/id')
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const body = JSON.stringify({ method: 'link', email })
  await send({ port: server.port, method: 'POST', path: `/self-service/recovery?flow=${id}`, headers, body })
}

describe('of more than a sandbox keeps, the oldest are forgotten, and it is said once:', () => {
  const notices: string[] = []
  const onFull = (notice: string) => notices.push(notice)
  afterEach(() => notices.splice(0))

  it('flows', async () => {
    await start({ maxFlows: 2, onFull })
    const [first, second, third] = [await newFlow(), await newFlow(), await newFlow()]
    expect([await first(), await second(), await third()]).toEqual([404, 200, 200])
    await newFlow()
    expect(await second()).toBe(404)
    expect(notices).toEqual([
      'Sandbox "default" has more than 2 flows: the oldest are forgotten. --max-flows allows more.',
    ])
    const other = await newFlow('/~other')
    await newFlow()
    expect(await other()).toBe(200)
  })

  it('mails', async () => {
    await start({ maxMails: 2, onFull })
    for (const name of ['a', 'b', 'c', 'd']) await askForMail(`${name}@example.com`)
    const { json } = await get('/__mock/mail')
    expect(Array.isArray(json) ? json.map((mail) => pointed(mail, '/to')) : []).toEqual([
      'c@example.com',
      'd@example.com',
    ])
    expect(notices).toEqual([
      'Sandbox "default" has more than 2 mails: the oldest are forgotten. --max-mails allows more.',
    ])
  })

  it('errors', async () => {
    await start({ maxErrors: 1, onFull })
    const [first, second] = [await newError(), await newError()]
    expect([await first(), await second()]).toEqual([404, 200])
    expect(notices).toEqual([
      'Sandbox "default" has more than 1 errors: the oldest are forgotten. --max-errors allows more.',
    ])
  })
})

describe('headers', () => {
  it('are as large as allowed', async () => {
    await start({ maxHeaders: 2_000 })
    const whoami = (length: number) => get('/sessions/whoami', { Cookie: `a=${'x'.repeat(length)}` })
    expect((await whoami(1_500)).status).toBe(401)
    const refused = await whoami(2_500)
    expect([refused.status, pointed(refused.json, '/error/reason')]).toEqual([
      431,
      'The first line and the headers of the request take more than 2000 bytes. --max-headers allows more.',
    ])
  })
})

describe('each bound', () => {
  const bounds = Object.entries(USUAL_BOUNDS) as [keyof Bounds, number][]
  const optionOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

  it.each(bounds)('%s is an option of serve, whose help says that it is usually %i', (name, usual) => {
    const option = Object.entries(SERVE_OPTIONS).find(([each]) => each === optionOf(name))?.[1]
    expect(option?.help).toContain(`(${usual})`)
    expect(readServeOptions([`--${optionOf(name)}`, '7'])).toMatchObject({ bounds: { [name]: 7 } })
    expect(() => readServeOptions([`--${optionOf(name)}`, 'many'])).toThrow(
      `--${optionOf(name)} takes a whole number${name === 'maxFlows' ? ' from 1' : ''}, not "many".`,
    )
  })

  it('that is not given has no value', () => {
    expect(readServeOptions([])).toMatchObject({ bounds: {} })
  })

  it('is an option of a mock in a test, which warns when it is reached', async () => {
    await start({})
    const warnings: string[] = []
    const onWarning = ({ message }: Error) => warnings.push(message)
    process.on('warning', onWarning)
    const mock = await createOryMock({ maxFlows: 1, maxBody: 10 })
    const ids: string[] = []
    for (let n = 0; n < 2; n++) {
      const begun = await fetch(`${mock.url}/self-service/login/api`)
      ids.push(((await begun.json()) as { readonly id: string }).id)
    }
    const found = await Promise.all(ids.map((id) => fetch(`${mock.url}/self-service/login/flows?id=${id}`)))
    expect(found.map(({ status }) => status)).toEqual([404, 200])
    const body = JSON.stringify({ method: 'password' })
    const large = await fetch(`${mock.url}/self-service/login?flow=${ids[1]}`, { method: 'POST', body })
    expect(large.status).toBe(413)
    await mock.close()
    process.off('warning', onWarning)
    expect(warnings).toEqual([
      'Sandbox "default" has more than 1 flows: the oldest are forgotten. --max-flows allows more.',
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
