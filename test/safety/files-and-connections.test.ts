import net, { type AddressInfo, type Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { type Answer, send } from '../support/http-client.ts'
import { pointed } from '../support/pointed.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { expectHarmless } from './harmless.ts'

/* What arrives at run time opens no file of the machine and no connection to anywhere. */

let server: OnePortMock
let trap: Server
let connections = 0

beforeAll(async () => {
  server = await startOnePort({ fixture: 'team' })
  trap = net.createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve))
})

beforeEach(() => {
  connections = 0
})

afterAll(async () => {
  await server.close()
  trap.close()
  expect(server.failures).toEqual([])
})

const ask = (method: string, path: string, json?: Json): Promise<Answer> => {
  const headers = { Authorization: 'Bearer any-token', 'Content-Type': 'application/json' }
  return send({
    port: server.port,
    method,
    path,
    headers,
    body: json === undefined ? undefined : JSON.stringify(json),
  })
}

const trapUrl = () => `http://127.0.0.1:${(trap.address() as AddressInfo).port}/schema.json`

/** Configurations that name something to be read, by what they name. */
const configs = (url: string): readonly (readonly [title: string, config: Json])[] => [
  ['an identity schema', { identity: { schemas: [{ id: 'default', url }] } }],
  ['a second identity schema', { identity: { schemas: [{ id: 'x', url }], default_schema_id: 'x' } }],
  ['the template of a mail', { courier: { templates: { recovery: { valid: { email: { subject: url } } } } } }],
  [
    'the body of a mail',
    { courier: { templates: { verification: { valid: { email: { body: { plaintext: url, html: url } } } } } } },
  ],
  ['namespaces', { namespaces: url }],
  [
    'a provider',
    {
      selfservice: {
        methods: { oidc: { config: { providers: [{ id: 'acme', provider: 'generic', mapper_url: url }] } } },
      },
    },
  ],
]

const ADDRESSES = ['file:///etc/passwd', 'FILE:///etc/passwd', 'file://../../../etc/passwd', '/etc/passwd']

const SECRET = /root:.*:0:0/

/** Everything that could show the content of a file, once it had been read. */
async function shown(): Promise<string> {
  const paths = ['/__mock/config', '/__mock/state', '/schemas', '/projects', '/__mock/mail']
  const answers = await Promise.all(paths.map((path) => ask('GET', path)))
  const schemas = Array.isArray(answers[2]?.json) ? answers[2].json : []
  const files = await Promise.all(schemas.map((one: Json) => ask('GET', `/schemas/${pointed(one, '/name')}`)))
  return [...answers, ...files].map(({ text }) => text + Buffer.from(text, 'base64').toString('latin1')).join('\n')
}

describe.each(ADDRESSES)('%s at run time', (url) => {
  it.each(configs(url))('is not read as %s by PATCH /__mock/config', async (_, config) => {
    const answer = await ask('PATCH', '/__mock/config', config)
    expectHarmless(answer, 'PATCH')
    expect(answer.text).not.toMatch(SECRET)
    expect(await shown()).not.toMatch(SECRET)
    await ask('POST', '/__mock/reset')
  })

  it.each(configs(url))('is not read as %s by PUT /__mock/state', async (_, config) => {
    const answer = await ask('PUT', '/__mock/state', { config })
    expectHarmless(answer, 'PUT')
    expect(answer.text).not.toMatch(SECRET)
    expect(await shown()).not.toMatch(SECRET)
    await ask('POST', '/__mock/reset')
  })

  it('is refused as an identity schema, and nothing is changed', async () => {
    const before = (await ask('GET', '/__mock/config')).json
    const [, schema] = configs(url)[0] ?? ['', null]
    expect((await ask('PATCH', '/__mock/config', schema)).status).toBe(400)
    expect((await ask('PUT', '/__mock/state', { config: schema })).status).toBe(400)
    expect((await ask('GET', '/__mock/config')).json).toEqual(before)
  })

  it('is refused as an identity schema of a project', async () => {
    const id = pointed((await ask('GET', '/projects')).json, '/0/id')
    const path = '/services/identity/config/identity/schemas/-'
    const patch = await ask('PATCH', `/projects/${id}`, [{ op: 'add', path, value: { id: 'x', url } }])
    expect(patch.status).toBe(400)
    expect(patch.text + (await shown())).not.toMatch(SECRET)
  })

  it('is no scenario', async () => {
    const answer = await ask('PUT', '/__mock/scenario', { name: url })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toMatch(SECRET)
  })
})

describe('the name of a scenario', () => {
  it.each([
    '../package',
    '../../etc/passwd',
    '..',
    '.',
    'package.json',
    'package-lock.json',
    'scenarios/expired-flow',
    './scenarios/expired-flow.json',
    'expired-flow.json',
    'C:\\secrets.json',
    '%2e%2e%2fpackage',
    'expired-flow\u0000.json',
    '__proto__',
    'constructor',
  ])('is never the path of a file: %j', async (name) => {
    const answer = await ask('PUT', '/__mock/scenario', { name })
    expectHarmless(answer, name)
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('"lockfileVersion"')
    expect(pointed((await ask('GET', '/__mock/scenario')).json, '/name')).toBeNull()
  })

  it('that nobody knows is answered with those there are, and speaks of no file', async () => {
    const answer = await ask('PUT', '/__mock/scenario', { name: 'expired-flw' })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Did you mean \\"expired-flow\\"?')])
    expect(answer.text).toContain('Known are: ')
    expect(answer.text).not.toContain('file')
  })
})

describe('the server opens no connection', () => {
  it('to what a configuration names', async () => {
    for (const [title, config] of configs(trapUrl())) {
      expectHarmless(await ask('PATCH', '/__mock/config', config), title)
      expectHarmless(await ask('PUT', '/__mock/state', { config }), title)
      await shown()
      await ask('POST', '/__mock/reset')
    }
    expect(connections).toBe(0)
  })

  it('to an identity schema that refers to another', async () => {
    const schema = { $ref: trapUrl(), properties: { traits: { $ref: `${trapUrl()}#/x` } } }
    const url = `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`
    await ask('PATCH', '/__mock/config', { identity: { schemas: [{ id: 'default', url }] } })
    expectHarmless(await ask('GET', '/self-service/registration/api'), 'registration')
    await ask('POST', '/admin/identities', { schema_id: 'default', traits: { email: 'a@example.com' } })
    await ask('POST', '/__mock/reset')
    expect(connections).toBe(0)
  })

  it('to an address that a request names', async () => {
    await ask('GET', `/self-service/login/browser?return_to=${encodeURIComponent(trapUrl())}`)
    await ask('GET', trapUrl())
    await ask('POST', '/admin/identities', { schema_id: trapUrl(), traits: {} })
    expect(connections).toBe(0)
  })
})
