import { beforeEach, describe, expect, it } from 'vitest'
import type { MockOptions } from '../../src/create-mock.ts'
import type { Json } from '../../src/json.ts'
import { type Console, console, INVALID, identity, type Operation, permission } from './console.ts'

let server: Console
let id: string
let slug: string

beforeEach(async () => {
  server = console()
  ;({ id, slug } = await server.create())
})

const configOf = async () => (await server.agent.get(`/projects/${id}`)).body.services.identity.config
const replace = (path: string, value: Json): Operation => ({ op: 'replace', path: identity(path), value })
const remove = (path: string): Operation => ({ op: 'remove', path: identity(path) })

describe('PATCH /projects/{id}', () => {
  it('answers the project as it is then, under a new revision', async () => {
    const before = (await server.agent.get(`/projects/${id}`)).body
    const { body } = await server.patch(id, [{ op: 'replace', path: '/name', value: 'Renamed' }])
    expect(body.project.name).toBe('Renamed')
    expect(body.project.revision_id).not.toBe(before.revision_id)
    expect(body.project.slug).toBe(before.slug)
    expect((await server.agent.get(`/projects/${id}`)).body).toEqual(body.project)
  })

  it('restores the default of a key that is removed', async () => {
    await server.patch(id, [
      replace('/selfservice/methods/password/enabled', false),
      replace('/selfservice/flows/login/lifespan', '5m'),
      replace('/session/lifespan', '1h'),
    ])
    const { body } = await server.patch(id, [
      remove('/selfservice/methods/password/enabled'),
      remove('/selfservice/flows/login/lifespan'),
      remove('/session'),
    ])
    const { config } = body.project.services.identity
    expect(config.selfservice.methods.password.enabled).toBe(true)
    expect(config.selfservice.flows.login.lifespan).toBe('30m0s')
    expect(config.session.lifespan).toBe('72h0m0s')
    expect(body.warnings).toEqual([])
  })

  it.each<[string, MockOptions, string]>([
    ['those of Ory Network in the built-in project', {}, '30m0s'],
    ['Kratos’ own in a project that files configure', { config: { session: { cookie: { name: 'mine' } } } }, '1h0m0s'],
  ])('restores the defaults: %s', async (_what, options, lifespan) => {
    server = console(options)
    const own = await server.own()
    const before = (await server.agent.get(`/projects/${own}`)).body.services.identity.config.session.cookie
    await server.patch(own, [
      replace('/selfservice/methods/password/enabled', false),
      replace('/selfservice/flows/login/lifespan', '5m'),
    ])
    const { body } = await server.patch(own, [
      remove('/selfservice/methods/password/enabled'),
      remove('/selfservice/flows/login/lifespan'),
      remove('/selfservice/flows/logout'),
      remove('/session'),
    ])
    const { selfservice, session } = body.project.services.identity.config
    expect(selfservice.methods.password.enabled).toBe(true)
    expect(selfservice.flows.login.lifespan).toBe(lifespan)
    expect(selfservice.flows.logout).toEqual({ after: {} })
    // what the server sets itself is not removed with its section
    expect(session.cookie.name).toBe(before.name)
  })

  it('sets a key that is missing where its parent exists, by add and by replace', async () => {
    const icon = '/selfservice/methods/webauthn/config/rp/icon'
    const { body, status } = await server.patch(id, [
      { op: 'add', path: identity('/courier/smtp/from_address'), value: 'hi@example.org' },
      replace(icon, 'https://example.org/icon.png'),
    ])
    expect(status).toBe(200)
    const { config } = body.project.services.identity
    expect(config.courier.smtp.from_address).toBe('hi@example.org')
    expect(config.selfservice.methods.webauthn.config.rp.icon).toBe('https://example.org/icon.png')
  })

  it('overwrites without a word what the server sets itself', async () => {
    const before = await configOf()
    const { body } = await server.patch(id, [
      replace('/serve/public/base_url', 'https://example.org/'),
      replace('/session/cookie/name', 'mine'),
      { op: 'add', path: identity('/cookies/domain'), value: 'example.org' },
    ])
    expect(body.warnings).toEqual([])
    expect(await configOf()).toEqual(before)
  })

  it('drops keys that Ory Network does not take, and warns', async () => {
    const { body } = await server.patch(id, [
      { op: 'add', path: identity('/hashers'), value: { algorithm: 'argon2' } },
      { op: 'add', path: identity('/session/earliest_possible_extend'), value: '1h' },
    ])
    expect(body.warnings.map((warning: { message: string }) => warning.message).toSorted()).toEqual([
      expect.stringContaining('"hashers"'),
      expect.stringContaining('"session.earliest_possible_extend"'),
    ])
    for (const { code } of body.warnings) expect(code).toEqual(expect.any(Number))
    expect(await configOf()).not.toHaveProperty('hashers')
  })

  it('warns about keys that change nothing here', async () => {
    const { body } = await server.patch(id, [
      { op: 'add', path: identity('/secrets'), value: { cookie: ['a-secret-of-at-least-32-characters'] } },
    ])
    expect(body.warnings).toHaveLength(1)
    expect(body.warnings[0].message).toMatch(/^secrets.*has no effect/)
    expect(await configOf()).not.toHaveProperty('secrets')
  })

  it.each<[string, Operation, string]>([
    [
      'a value of the wrong type',
      replace('/selfservice/methods/password/enabled', 'yes'),
      'I[#/selfservice/methods/password/enabled] S[#/properties/selfservice/properties/methods/properties/password/properties/enabled/type] expected boolean, but got string',
    ],
    ['an unknown key', { op: 'add', path: identity('/foo'), value: 1 }, 'additionalProperties "foo" not allowed'],
    ['a section that must be there', remove('/selfservice'), 'I[#] S[#/required] missing properties: "selfservice"'],
    ['a broken duration', replace('/session/lifespan', 'soon'), '"soon"'],
    ['an unknown schema', replace('/identity/default_schema_id', 'nope'), '"nope"'],
    [
      'a schema elsewhere',
      { op: 'add', path: identity('/identity/schemas/-'), value: { id: 'x', url: 'https://example.org/x.json' } },
      'https://example.org/x.json',
    ],
    [
      'a schema in a file',
      { op: 'add', path: identity('/identity/schemas/-'), value: { id: 'x', url: 'file:///etc/passwd' } },
      'file:///etc/passwd',
    ],
  ])('refuses %s with the validator’s report, and changes nothing', async (_what, operation, line) => {
    const before = (await server.agent.get(`/projects/${id}`)).body
    const reply = await server.patch(id, [replace('/session/lifespan', '1h'), operation])
    expect(reply.status).toBe(400)
    expect(reply.body.error.reason.startsWith(INVALID)).toBe(true)
    expect(reply.body.error.reason).toContain(line)
    expect((await server.agent.get(`/projects/${id}`)).body).toEqual(before)
  })

  it.each<[Json, string]>([
    ['foo', 'cannot unmarshal string into Go struct field'],
    [[{ id: 'x', name: 'files' }], 'cannot unmarshal string into Go struct field'],
    [[{ name: 'files' }], 'I[#/namespaces/0'],
  ])('refuses the namespaces %j', async (value, text) => {
    const reply = await server.patch(id, [{ op: 'replace', path: permission('/namespaces'), value }])
    expect(reply.status).toBe(400)
    expect(reply.body.error.reason).toContain(text)
  })

  it('limits the depth of checks, until the limit is removed', async () => {
    const { body } = await server.patch(id, [{ op: 'add', path: permission('/limit'), value: { max_read_depth: 3 } }])
    expect(body.project.services.permission.config).toEqual({ limit: { max_read_depth: 3 }, namespaces: [] })
    expect(server.mock.sandboxes.get(slug)?.world.settings.limit.max_read_depth).toBe(3)
    await server.patch(id, [{ op: 'remove', path: permission('/limit') }])
    expect(server.mock.sandboxes.get(slug)?.world.settings.limit.max_read_depth).toBe(5)
  })

  it.each<[readonly Operation[], string]>([
    [[{ op: 'remove', path: '/nope' }], "error in remove for path: '/nope': Unable to remove nonexistent key: nope"],
    [
      [
        { op: 'test', path: '/name', value: 'My App' },
        { op: 'test', path: '/name', value: 'x' },
      ],
      'testing value /name failed: test failed',
    ],
    [[{ op: 'add', path: '/a/b/c', value: 1 }], 'add operation does not apply: doc is missing path: "/a/b/c"'],
    [[{ op: 'add', path: '/__proto__/polluted', value: 1 }], 'add operation does not apply: doc is missing path'],
    [[{ op: 'remove', path: '/name' }], 'name'],
    [[{ op: 'remove', path: '/services' }], 'services'],
    [[{ op: 'replace', path: '/services/identity/config', value: [] }], 'config'],
  ])('refuses the patch %j', async (operations, text) => {
    const reply = await server.patch(id, operations)
    expect(reply.status).toBe(400)
    expect(reply.body.error.reason).toContain(text)
    expect(reply.body.error.message).toBe('The request was malformed or contained invalid parameters')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('PUT /projects/{id}', () => {
  const put = (body: object) => server.agent.put(`/projects/${id}`).send(body)
  const minimal = { identity: {}, selfservice: {} }

  it('replaces a service completely: what is missing falls back to its default', async () => {
    await server.patch(id, [
      replace('/selfservice/methods/password/enabled', false),
      replace('/session/whoami/required_aal', 'highest_available'),
    ])
    const config = { ...minimal, session: { lifespan: '1h' } }
    const { body, status } = await put({ name: 'Put', services: { identity: { config } } })
    expect([status, body.warnings, body.project.name]).toEqual([200, [], 'Put'])
    const shown = body.project.services.identity.config
    expect(shown.session).toMatchObject({ lifespan: '1h0m0s', whoami: { required_aal: 'aal1' } })
    expect(shown.selfservice.methods.password.enabled).toBe(true)
  })

  it('leaves a service alone that is not sent', async () => {
    const before = await configOf()
    const namespaces = [{ id: 1, name: 'files' }]
    await put({ name: 'My App', services: { permission: { config: { namespaces } } } })
    expect(await configOf()).toEqual(before)
    await put({ name: 'My App', services: { identity: { config: minimal } } })
    const { body } = await server.agent.get(`/projects/${id}`)
    expect(body.services.permission.config.namespaces).toEqual(namespaces)
  })

  it('takes back what it has shown', async () => {
    for (const each of [id, await server.own()]) {
      const { name, services } = (await server.agent.get(`/projects/${each}`)).body
      const { body, status } = await server.agent.put(`/projects/${each}`).send({ name, services })
      expect([status, body.warnings]).toEqual([200, []])
      expect(body.project.services).toEqual(services)
    }
  })

  it('refuses a configuration without its sections, in the words of the validator', async () => {
    const reply = await put({ name: 'x', services: { identity: { config: { session: { lifespan: '72h0m0s' } } } } })
    expect(reply.status).toBe(400)
    expect(reply.body.error.reason).toBe(
      [
        INVALID,
        '  I[#] S[#/oneOf/0/allOf/1] allOf failed',
        '    I[#] S[#/oneOf/0/allOf/1/$ref] doesn\'t validate with "static://ory.cloud.schema.json#"',
        '      I[#] S[#/required] missing properties: "identity", "selfservice"',
      ].join('\n'),
    )
  })

  it.each([{}, { name: 'x' }, { services: {} }, { name: '', services: {} }])('refuses %j', async (body) => {
    expect((await put(body)).status).toBe(400)
  })
})

describe('identity schemas of a project', () => {
  const schema = JSON.stringify({ type: 'object', properties: { traits: { type: 'object' } } })
  const url = `base64://${Buffer.from(schema).toString('base64')}`

  it('are uploaded, known by the hash of their text, and the default follows', async () => {
    const { body } = await server.patch(id, [
      { op: 'add', path: identity('/identity/schemas/-'), value: { id: 'mine', url } },
      replace('/identity/default_schema_id', 'mine'),
    ])
    const section = body.project.services.identity.config.identity
    const [, , mine] = section.schemas
    expect(mine.id).toMatch(/^[0-9a-f]{128}$/)
    expect(mine.url).toBe(`https://storage.googleapis.com/bac-gcs-production/${mine.id}.json`)
    expect(section.default_schema_id).toBe(mine.id)
    const created = await server.agent
      .post(`/~${slug}/admin/identities`)
      .send({ schema_id: mine.id, traits: { any: 1 } })
    expect([created.status, created.body.schema_id]).toEqual([201, mine.id])
    const again = await server.patch(id, [
      { op: 'add', path: identity('/identity/schemas/-'), value: { id: 'other', url } },
    ])
    expect(again.body.project.services.identity.config.identity.schemas).toEqual(section.schemas)
  })

  it('that are built in come back when they are left out', async () => {
    const { body } = await server.patch(id, [
      replace('/identity/schemas', [{ id: 'mine', url }]),
      replace('/identity/default_schema_id', 'mine'),
    ])
    const ids = body.project.services.identity.config.identity.schemas.map((each: { id: string }) => each.id)
    expect(ids.slice(1)).toEqual(['preset://email', 'preset://username'])
  })
})
