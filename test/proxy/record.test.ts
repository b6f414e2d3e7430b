import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoConfig } from '../../src/config/demo.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import type { Json } from '../../src/json.ts'
import { Recorder } from '../../src/proxy/recorder.ts'
import { checkFiles } from '../../src/simulation/check-files.ts'
import { Chance } from '../../src/state/chance.ts'
import { readConversations } from '../../src/verify/conversation.ts'
import { CookieJar } from '../../src/verify/cookie-jar.ts'
import { verify } from '../../src/verify/verify.ts'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { startOnePort } from '../support/running-mock.ts'
import { startProxy } from '../support/running-proxy.ts'

const folder = mkdtempSync(join(tmpdir(), 'record-'))
const config = mergeConfig(demoConfig(), { namespaces: [{ id: 0, name: 'files' }] })
const PASSWORD = 'Tr0ub4dor-and-correct-horse'
const OTHER = 'N3w-s3cret-staple-battery'
const EMAIL = 'ada@example.com'
/** Every token, code, cookie and password that went over the wire. */
const secrets: string[] = [PASSWORD, OTHER, 'wrong-Passw0rd-99']
let files: readonly string[] = []

type Body = Record<string, Json>

interface Client {
  readonly port: number
  readonly jar?: CookieJar
}

async function call(
  { port, jar }: Client,
  line: string,
  body?: Body,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ')
  const cookie = jar?.header()
  const answer = await send({
    port,
    method,
    path,
    headers: {
      Host: `localhost:${port}`,
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  jar?.store(answer.setCookies)
  secrets.push(...answer.setCookies.map((each) => /=([^;]+)/.exec(each)?.[1] ?? ''))
  for (const pointer of ['/session_token', '/logout_token']) secrets.push(String(pointed(answer.json, pointer) ?? ''))
  return answer
}

const text = (answer: Answer, pointer: string): string => String(pointed(answer.json, pointer))
const csrfOf = (answer: Answer): string => /"name":"csrf_token"[^}]*"value":"([^"]+)"/.exec(answer.text)?.[1] ?? ''
const flowOf = (answer: Answer): string => text(answer, '/id')

/** Signs up and in as a native app does. */
async function useNativeApp(client: Client): Promise<void> {
  const start = await call(client, 'GET /self-service/registration/api')
  const sent = { method: 'password', password: PASSWORD, traits: { email: EMAIL } }
  const signedUp = await call(client, `POST /self-service/registration?flow=${flowOf(start)}`, sent)
  const token = { 'X-Session-Token': text(signedUp, '/session_token') }
  await call(client, 'GET /sessions/whoami', undefined, token)
  const settings = await call(client, 'GET /self-service/settings/api', undefined, token)
  await call(
    client,
    `POST /self-service/settings?flow=${flowOf(settings)}`,
    { method: 'password', password: OTHER },
    token,
  )
  for (const password of ['wrong-Passw0rd-99', OTHER]) {
    const login = await call(client, 'GET /self-service/login/api')
    const login2 = { method: 'password', password, identifier: EMAIL }
    await call(client, `POST /self-service/login?flow=${flowOf(login)}`, login2)
  }
}

/** Signs in, sets up an authenticator app, and out, as a browser does. */
async function useBrowser(client: Client): Promise<void> {
  const returnTo = encodeURIComponent(`http://localhost:${client.port}/ui/welcome`)
  const login = await call(client, `GET /self-service/login/browser?return_to=${returnTo}`)
  const csrf = csrfOf(login)
  const sent = { method: 'password', password: OTHER, identifier: EMAIL, csrf_token: csrf }
  await call(client, `POST /self-service/login?flow=${flowOf(login)}`, sent)
  const settings = await call(client, 'GET /self-service/settings/browser')
  const secret = /"text":"([A-Z2-7]{32})"/.exec(settings.text)?.[1] ?? ''
  const code = new TOTP({ secret }).generate({ timestamp: Date.parse(String(settings.headers.date)) })
  secrets.push(csrf, secret)
  const setUp = { method: 'totp', totp_code: code, csrf_token: csrfOf(settings) }
  expect((await call(client, `POST /self-service/settings?flow=${flowOf(settings)}`, setUp)).status).toBe(200)
  const logout = await call(client, 'GET /self-service/logout/browser')
  await call(client, `GET /self-service/logout?token=${text(logout, '/logout_token')}`)
}

async function administrate(client: Client): Promise<void> {
  const headers = { Authorization: 'Bearer ory_pat_some-secret-token-4711' }
  secrets.push('ory_pat_some-secret-token-4711')
  const list = await call(client, 'GET /admin/identities', undefined, headers)
  await call(client, `GET /admin/identities/${text(list, '/0/id')}`, undefined, headers)
  const tuple = { namespace: 'files', object: 'report', relation: 'view', subject_id: 'ada' }
  await call(client, 'PUT /admin/relation-tuples', tuple, headers)
  await call(client, 'PUT /admin/relation-tuples', { ...tuple, subject_id: 'bob' }, headers)
  await call(
    client,
    'DELETE /admin/relation-tuples?namespace=files&object=report&relation=view&subject_id=bob',
    undefined,
    headers,
  )
}

beforeAll(async () => {
  const mock = await startOnePort({ config, dialect: 'wire', auth: 'any', clock: Date.now() })
  const recorder = new Recorder(folder, 'seen')
  const proxy = await startProxy(mock.url, { recorder })
  const port = Number(new URL(proxy.url).port)
  try {
    await useNativeApp({ port })
    await useBrowser({ port, jar: new CookieJar() })
    await administrate({ port })
    files = recorder.write()
    expect(proxy.failures).toEqual([])
  } finally {
    await proxy.close()
    await mock.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('what the proxy recorded', () => {
  it('is a conversation and a fixture', () => {
    expect(files).toEqual([join(folder, 'conversations/seen.json'), join(folder, 'fixtures/seen.json')])
  })

  it('holds no secret', () => {
    const telling = [...new Set(secrets)].filter((secret) => secret.length >= 8)
    expect(telling.length).toBeGreaterThan(12)
    for (const file of files) {
      const written = readFileSync(file, 'utf8')
      expect(
        telling.filter((secret) => written.includes(secret) || written.includes(encodeURIComponent(secret))),
      ).toEqual([])
    }
  })

  it('is played by verify against another mock, with the same answers', async () => {
    const mock = await startOnePort({ config, dialect: 'wire', auth: 'any' })
    try {
      const { outcomes } = await verify({
        addresses: { public: mock.url, admin: mock.url, read: mock.url, write: mock.url },
        token: 'any',
        mailbox: undefined,
        configurations: [],
        chance: new Chance('test'),
        conversations: readConversations([join(folder, 'conversations')]),
      })
      expect(outcomes).toMatchObject([{ name: 'seen', findings: [], notCompared: [] }])
      expect(outcomes[0]).not.toHaveProperty('stopped')
      expect(outcomes[0]?.same).toBe(20)
    } finally {
      await mock.close()
    }
  })

  it('fills a world in which the same person signs in', async () => {
    const file = join(folder, 'fixtures/seen.json')
    expect(await checkFiles([file])).toEqual([])
    const fixture = JSON.parse(readFileSync(file, 'utf8'))
    expect(fixture.relation_tuples).toEqual([
      { namespace: 'files', object: 'report', relation: 'view', subject_id: 'ada' },
    ])
    const [{ traits, password }] = fixture.identities
    expect(traits).toEqual({ email: EMAIL })
    const mock = await startOnePort({ fixture: file })
    try {
      const login = await call(mock, 'GET /self-service/login/api')
      const sent = { method: 'password', password, identifier: EMAIL }
      expect((await call(mock, `POST /self-service/login?flow=${flowOf(login)}`, sent)).status).toBe(200)
    } finally {
      await mock.close()
    }
  })
})
