import { beforeEach, describe, expect, it } from 'vitest'
import { findByAddress, saveIdentity, validateIdentity } from '../../src/identities/identity.ts'
import type { JsonObject } from '../../src/json.ts'
import type { LinkToken } from '../../src/state/records.ts'
import { addressOf, errorOf, type Kratos, kratos } from './kratos.ts'

let server: Kratos
beforeEach(() => {
  server = kratos()
})

const VERIFIED = { via: 'email', verified: true, status: 'completed', verified_at: '2020-01-01T00:00:00Z' }

describe('an address that comes with a new identity', () => {
  it('is kept when a trait names it, and dropped when none does', async () => {
    const id = '0b1c6a0e-1111-4222-8333-444455556666'
    const body = await server.person('ann@example.org', {
      verifiable_addresses: [
        { ...VERIFIED, id, value: 'ann@example.org' },
        { ...VERIFIED, value: 'other@example.org' },
      ],
      recovery_addresses: [{ value: 'other@example.org', via: 'email' }],
    })
    expect(body.verifiable_addresses).toMatchObject([{ ...VERIFIED, id, value: 'ann@example.org' }])
    expect(body.recovery_addresses).toMatchObject([{ value: 'ann@example.org' }])
  })

  it('is not found by a trait with a capital: the trait as written is compared', async () => {
    const body = await server.person('Ann@example.org', {
      verifiable_addresses: [{ ...VERIFIED, value: 'ann@example.org' }],
    })
    expect(body.verifiable_addresses).toMatchObject([{ value: 'ann@example.org', verified: false, status: 'pending' }])
  })
})

describe('an address of an identity that is changed', () => {
  it('stays what it was while its trait does, and is another when the trait is', async () => {
    const body = await server.person('ann@example.org', {
      verifiable_addresses: [{ ...VERIFIED, value: 'ann@example.org' }],
    })
    const put = async (email: string) => {
      server.world.clock.advance(1000)
      return (await server.agent.put(`/admin/identities/${body.id}`).send({ traits: { email } })).body
    }
    const [kept] = (await put('ann@example.org')).verifiable_addresses
    expect(kept).toMatchObject({ ...VERIFIED, id: body.verifiable_addresses[0].id, updated_at: '2022-07-27T12:00:01Z' })
    const [other] = (await put('bob@example.org')).verifiable_addresses
    expect(other).toMatchObject({ verified: false, status: 'pending' })
    const [again] = (await put('ann@example.org')).verifiable_addresses
    expect(again).toMatchObject({ verified: false, status: 'pending' })
    expect(new Set([kept.id, other.id, again.id]).size).toBe(3)
  })

  it('takes the links that were mailed to it along; links of the administrator stay', async () => {
    const { id, verifiable_addresses } = await server.person('ann@example.org')
    const link = (token: string, address?: string): LinkToken => ({
      id: token,
      token,
      kind: 'verification',
      flow_id: 'f',
      identity_id: id,
      ...(address === undefined ? {} : { address_id: address }),
      used: false,
      issued_at: server.world.now(),
      expires_at: server.world.now() + 1000,
    })
    server.world.linkTokens.save(link('mailed', verifiable_addresses[0].id))
    server.world.linkTokens.save(link('issued'))
    await server.agent.put(`/admin/identities/${id}`).send({ traits: { email: 'ann@example.org' } })
    expect([...server.world.linkTokens.values()].map((each) => each.id)).toEqual(['issued'])
  })

  it('is found by its value, however that is written', async () => {
    const { id } = await server.person('Ann@example.org')
    for (const index of ['verifiable_address', 'recovery_address'] as const) {
      expect(findByAddress(server.world, index, ' ANN@Example.org ')?.id).toBe(id)
    }
  })
})

describe('the keyword ory.sh/kratos', () => {
  const withTraits = (properties: JsonObject) => {
    const schema = { type: 'object', properties: { traits: { type: 'object', properties } } }
    return kratos({ identity: { default_schema_id: 'own', schemas: [{ id: 'own', url: addressOf(schema) }] } })
  }
  const keyword = (extension: JsonObject): JsonObject => ({ 'ory.sh/kratos': extension })

  it('makes addresses of phone numbers, and refuses what is none', async () => {
    const { agent, create } = withTraits({ phone: keyword({ verification: { via: 'phone' } }) })
    const body = await create({ traits: { phone: '+4930901820' } })
    expect(body.verifiable_addresses).toMatchObject([{ value: '+4930901820', via: 'phone' }])
    const refused = await agent.post('/admin/identities').send({ traits: { phone: '123' } })
    expect(errorOf(refused)['reason']).toBe(
      'I[#/traits/phone] S[#/properties/traits/properties/phone/format] "123" is not valid "phone"',
    )
  })

  it('collects identifiers of items and nested traits, each once', async () => {
    const identifier = keyword({ credentials: { password: { identifier: true } } })
    const { create } = withTraits({
      names: { type: 'array', items: { type: 'string', ...identifier } },
      deep: { type: 'object', properties: { name: { type: 'string', ...identifier } } },
    })
    const body = await create({ traits: { names: ['Ann', 'ann', 'Bea'], deep: { name: 'cho' } } })
    expect(body.credentials.password.identifiers).toEqual(['ann', 'bea', 'cho'])
    expect(body.credentials).not.toHaveProperty('webauthn')
  })

  it('lets no two identities have one address', async () => {
    const { agent, create } = withTraits({ mail: keyword({ recovery: { via: 'email' } }) })
    await create({ traits: { mail: 'ann@example.org' } })
    expect((await agent.post('/admin/identities').send({ traits: { mail: 'ANN@example.org' } })).status).toBe(409)
  })

  it('knows no other ways', async () => {
    const { agent } = withTraits({ mail: keyword({ recovery: { via: 'pigeon' } }) })
    const refused = await agent.post('/admin/identities').send({ traits: { mail: 'x' } })
    expect(errorOf(refused)['reason']).toMatch(/recovery\.via has unknown value "pigeon"$/)
  })
})

it('an identity that repeats an identifier of its own is refused like any other', async () => {
  const { id } = await server.create({ schema_id: 'username', traits: { username: 'ann' } })
  const identity = server.world.identities.get(id)
  if (!identity) throw new Error('no identity')
  const { password } = validateIdentity(server.world, identity).credentials
  const repeated = {
    ...identity,
    credentials: { ...(password && { password: { ...password, identifiers: ['a', ' A'] } }) },
  }
  expect(() => saveIdentity(server.world, repeated)).toThrow(/exists already/)
})
