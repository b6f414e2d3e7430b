import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDocument } from '../../src/contract/document.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import { type BrokenRequest, brokenRequests } from '../support/broken-requests.ts'
import { type Answer, send } from '../support/http-client.ts'
import { validatePublished } from '../support/independent-validator.ts'
import { pointed } from '../support/pointed.ts'
import { publishedRoutes } from '../support/published-routes.ts'
import { type OnePortMock, startPlain } from '../support/running-mock.ts'

/** Requests that break the contract, by operation; those that have nothing to break are left out. */
const corpus = new Map<string, BrokenRequest[]>()
const documented = new Set(publishedRoutes.map(([, , operationId]) => operationId))
for (const request of brokenRequests(loadDocument('spec'))) {
  if (!documented.has(request.operationId)) continue
  corpus.set(request.operationId, [...(corpus.get(request.operationId) ?? []), request])
}
const isSubmit = (operationId: string) => /^submitSelfService(?!Logout)\w+Flow$/.test(operationId)
const refused = [...corpus].filter(([operationId]) => !isSubmit(operationId))
const submits = [...corpus].filter(([operationId]) => isSubmit(operationId))

/** Somebody who is signed in, and allowed to do everything. */
const HEADERS = {
  Accept: 'application/json',
  Authorization: 'Bearer any-token',
  'X-Session-Token': 'token-of-signed-in',
}

let server: OnePortMock
afterAll(() => server.close())

const ask = (method: string, path: string, more: { body?: string; headers?: Record<string, string> } = {}) =>
  send({ port: server.port, method, path, headers: { ...HEADERS, ...more.headers }, body: more.body })

/** Sends what breaks the contract; `flow` is the id of a live flow. */
function sendBroken({ method, path, rawQuery, headers, text }: BrokenRequest, flow?: string): Promise<Answer> {
  const query = flow === undefined ? rawQuery : rawQuery.replace(/\bflow=[\da-f-]{36}/, `flow=${flow}`)
  const body = text === '' ? undefined : text
  return ask(method, query === '' ? path : `${path}?${query}`, { headers, ...(body === undefined ? {} : { body }) })
}

const judge = ({ operationId }: BrokenRequest, { status, headers, json, text }: Answer): string[] =>
  validatePublished(operationId, status, headers['content-type'], json ?? (text === '' ? undefined : text))

/** The world; how far its source of ids has come does not count, cookies take from it. */
async function state(): Promise<JsonObject> {
  const { json } = await ask('GET', '/__mock/state')
  if (!isJsonObject(json)) throw new Error('the state is an object')
  return { ...json, chance: null }
}

async function journal(): Promise<readonly Json[]> {
  const { json } = await ask('GET', '/__mock/journal')
  return Array.isArray(json) ? json : []
}

const forget = () => ask('DELETE', '/__mock/journal', { headers: { 'Content-Type': 'application/json' } })

describe('enforced, what breaks the contract is refused in the documented shape and changes nothing', () => {
  beforeAll(async () => {
    server = await startPlain({ fixture: 'team', maxBody: 100_000 })
  })

  it.each(refused)('%s', async (_, requests) => {
    const before = await state()
    await forget()
    for (const request of requests) {
      const answer = await sendBroken(request)
      expect(answer.status, request.title).toBe(400)
      expect(answer.text, request.title).toContain('breaks the contract of')
      expect(judge(request, answer), request.title).toEqual([])
      expect(answer.headers['x-mock-violations'], request.title).toMatch(/^[1-9]\d*; \w/)
    }
    const entries = await journal()
    expect(entries.map((entry) => [pointed(entry, '/operation'), pointed(entry, '/status')])).toEqual(
      requests.map(({ operationId }) => [operationId, 400]),
    )
    expect(entries.filter((entry) => pointed(entry, '/violations/0/side') !== 'request')).toEqual([])
    expect(await state()).toEqual(before)
  })

  it('the server never fails', () => {
    expect(server.failures).toEqual([])
  })
})

describe('reported, what breaks the contract is answered as Ory would', () => {
  let enforcing: OnePortMock
  beforeAll(async () => {
    enforcing = server
    server = await startPlain({ fixture: 'team', requests: 'report' })
  })
  afterAll(async () => {
    expect(server.failures).toEqual([])
    await server.close()
    server = enforcing
  })

  it.each(refused)('%s', async (_, requests) => {
    for (const request of requests) {
      const answer = await sendBroken(request)
      expect(judge(request, answer), `${request.title} ${answer.text}`).toEqual([])
      expect(answer.text, request.title).not.toContain('breaks the contract')
      expect(answer.headers['x-mock-violations'], request.title).toMatch(/^[1-9]\d*; \w/)
    }
  })
})

describe('the submits are answered by Ory, inside the flow or with its own error', () => {
  it.each(submits)('%s', async (operationId, requests) => {
    const before = await outsideFlows()
    for (const request of requests) {
      const answer = await sendBroken(request, await newFlow(operationId))
      expect(judge(request, answer), `${request.title} ${answer.text}`).toEqual([])
      expect(answer.status, request.title).toBeGreaterThanOrEqual(300)
      expect(answer.text, request.title).not.toContain('breaks the contract of')
      expect(answer.headers['x-mock-violations'], request.title).toMatch(/^[1-9]\d*; \w/)
    }
    expect(await outsideFlows()).toEqual(before)
  })
})

/** A live flow of a native app, for the submit of that name. */
async function newFlow(operationId: string): Promise<string> {
  const name = /^submitSelfService(\w+)Flow$/.exec(operationId)?.[1]?.toLowerCase()
  const headers = name === 'settings' ? {} : { 'X-Session-Token': '' }
  return String(pointed((await ask('GET', `/self-service/${name}/api`, { headers })).json, '/id'))
}

/** The world without its flows, which show what was wrong. */
const outsideFlows = async (): Promise<JsonObject> => ({ ...(await state()), flows: null })

it('each operation that has anything to break is broken in at least three ways', () => {
  expect([...corpus].filter(([, requests]) => requests.length < 3)).toEqual([])
  expect(corpus.size).toBe(49)
})
