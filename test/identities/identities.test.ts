import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { errorOf, type Kratos, kratos } from './kratos.ts'

let server: Kratos
beforeEach(() => {
  server = kratos()
})

const NOW = '2022-07-27T12:00:00Z'
const NOBODY = '6f0b6c0e-0000-4000-8000-000000000000'
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const CLASS_TEXT = 'The request was malformed or contained invalid parameters'
const NOT_FOUND = { code: 404, status: 'Not Found', message: 'Unable to locate the resource' }
const TAKEN = {
  code: 409,
  status: 'Conflict',
  message: 'Unable to insert or update resource because a resource with that value exists already',
}
const refusedBecause = (reason: string) => ({ code: 400, status: 'Bad Request', reason, message: CLASS_TEXT })

describe('an identity that is created', () => {
  it('is answered with its location, its keys in the real order, and its credentials without what they hold', async () => {
    const reply = await server.agent.post('/admin/identities').send({ traits: { email: 'Ann@example.org' } })
    expect(reply.status).toBe(201)
    const { id } = reply.body
    expect(id).toMatch(UUID)
    expect(reply.headers['location']).toMatch(new RegExp(`/identities/${id}$`))
    expect(Object.keys(reply.body)).toEqual([
      'id',
      'credentials',
      'schema_id',
      'schema_url',
      'state',
      'state_changed_at',
      'traits',
      'verifiable_addresses',
      'recovery_addresses',
      'metadata_public',
      'created_at',
      'updated_at',
    ])
    const times = { created_at: NOW, updated_at: NOW }
    expect(reply.body).toMatchObject({
      schema_id: 'person',
      state: 'active',
      state_changed_at: NOW,
      traits: { email: 'Ann@example.org' },
      verifiable_addresses: [{ value: 'ann@example.org', verified: false, via: 'email', status: 'pending', ...times }],
      recovery_addresses: [{ value: 'ann@example.org', via: 'email', ...times }],
      metadata_public: null,
      ...times,
    })
    expect(reply.body.schema_url).toMatch(/\/schemas\/cGVyc29u$/)
    const credential = (type: string) => ({ type, identifiers: ['ann@example.org'], version: 0, ...times })
    expect(reply.body.credentials).toEqual({ password: credential('password'), webauthn: credential('webauthn') })
  })

  it('shows metadata_admin only where it was sent, and to nobody in a list', async () => {
    const { id } = await server.person('ann@example.org', { metadata_admin: { note: 'vip' }, metadata_public: [1] })
    const { id: other } = await server.person('bob@example.org')
    expect((await server.agent.get(`/admin/identities/${id}`)).body).toMatchObject({
      metadata_admin: { note: 'vip' },
      metadata_public: [1],
    })
    expect((await server.agent.get(`/admin/identities/${other}`)).body.metadata_admin).toBeNull()
    for (const row of (await server.agent.get('/admin/identities')).body) {
      expect(Object.keys(row)).not.toContain('metadata_admin')
      expect(Object.keys(row)).not.toContain('credentials')
    }
  })

  it('is refused in the words of the decoder when its body cannot be decoded: 400 outside, 500 inside', async () => {
    for (const [body, message] of [
      ['', 'EOF'],
      ['{', 'unexpected EOF'],
      ['{bad', "invalid character 'b' looking for beginning of object key string"],
      ['{"shoe":1}', 'json: unknown field "shoe"'],
      ['{"traits":{"email":"a@b.c"},"credentials":{"totp":{}}}', 'json: unknown field "totp"'],
      [
        '{"schema_id":7}',
        'json: cannot unmarshal number into Go struct field AdminCreateIdentityBody.schema_id of type string',
      ],
      [
        '{"credentials":{"password":{"config":{"password":["x"]}}}}',
        'json: cannot unmarshal array into Go struct field AdminIdentityImportCredentialsPasswordConfig.credentials.password.config.password of type string',
      ],
      [
        '{"state":true}',
        'json: cannot unmarshal bool into Go struct field AdminCreateIdentityBody.state of type identity.State',
      ],
      ['[1]', 'json: cannot unmarshal array into Go value of type identity.AdminCreateIdentityBody'],
      ['{"verifiable_addresses":[{"id":"x"}]}', 'uuid: incorrect UUID length 1 in string "x"'],
    ]) {
      const reply = await server.agent.post('/admin/identities').set('Content-Type', 'application/json').send(body)
      expect([reply.status, errorOf(reply)]).toEqual([400, { code: 500, status: 'Internal Server Error', message }])
    }
  })

  it('needs traits: without the key the server fails, with null the schema speaks', async () => {
    const missing = await server.agent.post('/admin/identities').send({ schema_id: 'person' })
    expect([missing.status, errorOf(missing)['message']]).toEqual([
      500,
      "invalid character '}' looking for beginning of value",
    ])
    const none = await server.agent.post('/admin/identities').send({ traits: null })
    expect(errorOf(none)).toEqual(
      refusedBecause('I[#/traits] S[#/properties/traits/type] expected object, but got null'),
    )
  })

  it('is refused for an unknown schema, a state that is none and traits that do not fit', async () => {
    for (const [body, reason] of [
      [{ schema_id: 'nope', traits: {} }, 'Unable to find JSON Schema ID: nope'],
      [{ state: 'sleeping', traits: { email: 'a@b.c' } }, 'identity state is not valid'],
      [
        { traits: { email: 'a@b.c', age: 121 } },
        'I[#/traits/age] S[#/properties/traits/properties/age/maximum] must be <= 120 but found 121',
      ],
      [
        { traits: { email: 'nope' } },
        `I[#/traits/email] S[#/properties/traits/properties/email] validation failed
  I[#/traits/email] S[#/properties/traits/properties/email/format] "nope" is not valid "email"
  I[#/traits/email] S[#/properties/traits/properties/email/format] "nope" is not valid "email"`,
      ],
    ] as const) {
      const reply = await server.agent.post('/admin/identities').send(body)
      expect([reply.status, errorOf(reply)]).toEqual([400, refusedBecause(reason)])
    }
    expect(server.world.identities.size).toBe(0)
  })

  it('shares no identifier with another, whatever its capitals and blanks', async () => {
    await server.person('ann@example.org')
    await server.create({ schema_id: 'username', traits: { username: 'ann' } })
    for (const body of [
      { traits: { email: 'ANN@example.org' } },
      { schema_id: 'username', traits: { username: ' Ann ' } },
    ]) {
      const reply = await server.agent.post('/admin/identities').send(body)
      expect([reply.status, errorOf(reply)]).toEqual([409, TAKEN])
    }
    expect(server.world.identities.size).toBe(2)
  })

  it('cannot have an empty identifier', async () => {
    const reply = await server.agent.post('/admin/identities').send({ schema_id: 'username', traits: { username: '' } })
    expect([reply.status, errorOf(reply)['reason']]).toEqual([
      500,
      'Unable to create identity credentials with missing or empty identifier.',
    ])
  })

  it('keeps keys such as __proto__ as data', async () => {
    const body = '{"schema_id":"username","traits":{"username":"ann","__proto__":{"admin":true},"constructor":1}}'
    const reply = await server.agent.post('/admin/identities').set('Content-Type', 'application/json').send(body)
    expect(reply.text).toContain('"traits":{"username":"ann","__proto__":{"admin":true},"constructor":1}')
    expect(({} as JsonObject)['admin']).toBeUndefined()
  })
})

describe('an identity that is read', () => {
  it('is found by any spelling of its id, and by nothing else', async () => {
    const { id } = await server.person('ann@example.org')
    for (const spelling of [id, id.toUpperCase(), id.replaceAll('-', ''), `{${id}}`, `urn:uuid:${id}`]) {
      expect((await server.agent.get(`/admin/identities/${encodeURIComponent(spelling)}`)).body.id).toBe(id)
    }
    for (const unknown of ['nope', NOBODY, `${id}0`, 'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz']) {
      const reply = await server.agent.get(`/admin/identities/${unknown}`)
      expect([reply.status, errorOf(reply)]).toEqual([404, NOT_FOUND])
    }
  })

  it('shows security keys in the version in which they are read', async () => {
    const { id } = await server.person('ann@example.org')
    expect((await server.agent.get(`/admin/identities/${id}`)).body.credentials).toMatchObject({
      password: { version: 0 },
      webauthn: { version: 1 },
    })
  })

  it('shows what a social credential holds when asked, and takes no other answer', async () => {
    const oidc = { config: { providers: [{ provider: 'acme', subject: 'Sub' }] } }
    const { id } = await server.person('ann@example.org', { credentials: { oidc } })
    const plain = await server.agent.get(`/admin/identities/${id}?include_credential=`)
    expect(plain.body.credentials.oidc).toMatchObject({ identifiers: ['acme:Sub'], version: 0 })
    expect(plain.body.credentials.oidc).not.toHaveProperty('config')
    const shown = await server.agent.get(`/admin/identities/${id}?include_credential=oidc`)
    expect(JSON.stringify(shown.body.credentials.oidc.config)).toBe(
      '{"providers":[{"initial_id_token":"","subject":"Sub","provider":"acme","initial_access_token":"","initial_refresh_token":""}]}',
    )
    const refused = await server.agent.get(`/admin/identities/${id}?include_credential=password`)
    expect(errorOf(refused)).toEqual(refusedBecause('Invalid value `password` for parameter `include_credential`.'))
    expect((await server.agent.get(`/admin/identities/${NOBODY}?include_credential=x`)).status).toBe(404)
  })
})

describe('an identity that is deleted', () => {
  it('takes along everything that hangs on it, and gives its identifiers free', async () => {
    const credentials = { password: { config: { password: 'Tr0ub4dor-and-3' } } }
    const { id } = await server.person('ann@example.org', { credentials })
    await server.person('bob@example.org')
    expect(await server.signIn('ann@example.org', 'Tr0ub4dor-and-3')).toBe(200)
    const [session] = server.world.sessions.values()
    const open = await server.agent.get('/self-service/settings/api').set('X-Session-Token', session?.token ?? '')
    expect(open.status).toBe(200)
    server.world.continuities.save({ id: 'c', name: 'n', identity_id: id, expires_at: 9e15, payload: {} })
    const link = await server.agent.post('/admin/recovery/link').send({ identity_id: id })
    expect(link.status).toBe(200)
    expect((await server.agent.delete(`/admin/identities/${id}`)).status).toBe(204)
    const { sessions, continuities, linkTokens, flows } = server.world
    expect([sessions.size, continuities.size, linkTokens.size, flows.get(open.body.id)]).toEqual([0, 0, 0, undefined])
    expect(server.world.identities.size).toBe(1)
    for (const again of [id, 'nope']) {
      const reply = await server.agent.delete(`/admin/identities/${again}`)
      expect([reply.status, errorOf(reply)]).toEqual([404, NOT_FOUND])
    }
    await server.person('ann@example.org')
  })
})
