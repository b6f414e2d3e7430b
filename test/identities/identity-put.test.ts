import { beforeEach, describe, expect, it } from 'vitest'
import { errorOf, type Kratos, kratos } from './kratos.ts'

let server: Kratos
beforeEach(() => {
  server = kratos()
})

const NOW = '2022-07-27T12:00:00Z'
const NOBODY = '6f0b6c0e-0000-4000-8000-000000000000'
const CLASS_TEXT = 'The request was malformed or contained invalid parameters'
const refusedBecause = (reason: string) => ({ code: 400, status: 'Bad Request', reason, message: CLASS_TEXT })

describe('an identity that is replaced', () => {
  it('takes traits and metadata as they come, and keeps credentials that are not named', async () => {
    const { id } = await server.person('ann@example.org', {
      metadata_admin: 1,
      credentials: { password: { config: { password: 'Tr0ub4dor-and-3' } } },
    })
    server.world.clock.advance(5000)
    const reply = await server.agent
      .put(`/admin/identities/${id}`)
      .send({ traits: { email: 'bob@example.org' }, id: 5 })
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      id,
      state: 'active',
      state_changed_at: NOW,
      updated_at: NOW,
      credentials: {
        password: { identifiers: ['bob@example.org'], created_at: NOW, updated_at: '2022-07-27T12:00:05Z' },
        webauthn: { identifiers: ['bob@example.org'], version: 1 },
      },
    })
    expect(reply.body).not.toHaveProperty('metadata_admin')
    expect((await server.agent.get(`/admin/identities/${id}`)).body.metadata_admin).toBeNull()
    expect(await server.signIn('bob@example.org', 'Tr0ub4dor-and-3')).toBe(200)
    expect(await server.signIn('ann@example.org', 'Tr0ub4dor-and-3')).toBe(400)
  })

  it('replaces a password and adds social links', async () => {
    const link = (subject: string) => ({ oidc: { config: { providers: [{ provider: 'acme', subject }] } } })
    const { id } = await server.person('ann@example.org', {
      credentials: { password: { config: { password: 'the first one' } }, ...link('1') },
    })
    const traits = { email: 'ann@example.org' }
    const credentials = { password: { config: { password: 'the second one' } }, ...link('2') }
    const reply = await server.agent.put(`/admin/identities/${id}`).send({ traits, credentials })
    expect(reply.body.credentials.oidc.identifiers).toEqual(['acme:1', 'acme:2'])
    expect(await server.signIn('ann@example.org', 'the first one')).toBe(400)
    expect(await server.signIn('ann@example.org', 'the second one')).toBe(200)
    expect((await server.agent.put(`/admin/identities/${id}`).send({ traits, credentials: link('2') })).status).toBe(
      409,
    )
  })

  it('notes when its state changed, and shows the address of the schema it had', async () => {
    const { id } = await server.create({ schema_id: 'username', traits: { username: 'ann' } })
    server.world.clock.advance(1000)
    const body = { schema_id: 'person', state: 'inactive', traits: { email: 'ann@example.org' } }
    const reply = await server.agent.put(`/admin/identities/${id}`).send(body)
    expect(reply.body).toMatchObject({ schema_id: 'person', state_changed_at: '2022-07-27T12:00:01Z' })
    expect(reply.body.schema_url).toMatch(/\/schemas\/dXNlcm5hbWU$/)
    expect((await server.agent.get(`/admin/identities/${id}`)).body.schema_url).toMatch(/\/schemas\/cGVyc29u$/)
  })

  it('is refused for a body that is missing, of another type or broken, before it is looked for', async () => {
    const put = () => server.agent.put(`/admin/identities/${NOBODY}`)
    for (const [reply, reason] of [
      [await put(), 'Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero.'],
      [
        await put().set('Content-Type', 'text/plain').send('{}'),
        'HTTP PUT Request used unknown HTTP Header "Content-Type: text/plain", only [application/json] are supported.',
      ],
      [await put().set('Content-Type', 'application/json').send('[1'), 'Unable to decode JSON payload: unexpected EOF'],
      [
        await put().send({ traits: {}, state: 1 }),
        'Unable to decode JSON payload: json: cannot unmarshal number into Go struct field AdminUpdateIdentityBody.state of type identity.State',
      ],
    ] as const) {
      expect([reply.status, errorOf(reply)]).toEqual([400, refusedBecause(reason)])
    }
    expect((await put().send({ traits: {} })).status).toBe(404)
  })

  it('stays as it was when the change is refused', async () => {
    await server.person('bob@example.org')
    const { id } = await server.person('ann@example.org')
    const before = (await server.agent.get(`/admin/identities/${id}`)).text
    for (const [body, status] of [
      [{ traits: { email: 'bob@example.org' } }, 409],
      [{ traits: { email: 'nope' } }, 400],
      [{ traits: { email: 'ann@example.org' }, state: 'x' }, 400],
      [{ schema_id: 'nope', traits: {} }, 400],
    ] as const) {
      expect((await server.agent.put(`/admin/identities/${id}`).send(body)).status).toBe(status)
    }
    expect((await server.agent.get(`/admin/identities/${id}`)).text).toBe(before)
  })
})
