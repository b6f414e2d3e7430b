import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

const PASSWORD = 'correct-horse-battery-staple'
const HEADERS = { Authorization: 'Bearer any-token', 'Content-Type': 'application/json', Accept: 'application/json' }

let server: OnePortMock

const ask = (method: string, path: string, json?: unknown) =>
  send({
    port: server.port,
    method,
    path,
    headers: HEADERS,
    body: json === undefined ? undefined : JSON.stringify(json),
  })

beforeAll(async () => {
  server = await startOnePort()
  for (const email of ['ann@example.com', 'bob@example.com']) {
    const flow = pointed((await ask('GET', '/self-service/registration/api')).json, '/id')
    const json = { method: 'password', password: PASSWORD, traits: { email } }
    expect((await ask('POST', `/self-service/registration?flow=${flow}`, json)).status).toBe(200)
  }
})

afterAll(() => server.close())

describe('a password', () => {
  it('is shown nowhere once it was given', async () => {
    const id = pointed((await ask('GET', '/admin/identities')).json, '/0/id')
    const paths = [
      '/__mock/state',
      '/__mock/journal',
      '/__mock/mail',
      '/admin/identities',
      `/admin/identities/${id}?include_credential=password`,
    ]
    for (const path of paths) expect((await ask('GET', path)).text, path).not.toContain(PASSWORD)
  })

  it('is kept as a hash with a salt of its own: two people with one password share nothing', async () => {
    const { text } = await ask('GET', '/__mock/state')
    const hashes = [...text.matchAll(/"hashed_password":"([^"]+)"/g)].map(([, hash]) => hash)
    expect(new Set(hashes).size).toBe(2)
  })

  it('that is wrong is not shown back by the form', async () => {
    const flow = pointed((await ask('GET', '/self-service/login/api')).json, '/id')
    const json = { method: 'password', identifier: 'ann@example.com', password: 'not-my-password' }
    const { status, text } = await ask('POST', `/self-service/login?flow=${flow}`, json)
    expect(status).toBe(400)
    expect(text).not.toContain('not-my-password')
  })
})
