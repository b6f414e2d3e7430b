import { beforeEach, describe, expect, it } from 'vitest'
import { errorOf, type Kratos, kratos } from './kratos.ts'

let server: Kratos
let id: string
beforeEach(async () => {
  server = kratos()
  id = (await server.person('ann@example.org', { metadata_public: { plan: 'free' }, metadata_admin: { note: 'x' } })).id
})

const patch = (operations: unknown, at = id) =>
  server.agent
    .patch(`/admin/identities/${at}`)
    .set('Content-Type', 'application/json')
    .send(typeof operations === 'string' ? operations : JSON.stringify(operations))

const shown = async () => (await server.agent.get(`/admin/identities/${id}`)).body

describe('a JSON Patch of an identity', () => {
  it('adds, removes, replaces, moves, copies and tests', async () => {
    const reply = await patch([
      { op: 'test', path: '/traits/email', value: 'ann@example.org' },
      { op: 'add', path: '/traits/name', value: { first: 'Ann' } },
      { op: 'copy', from: '/traits/name/first', path: '/traits/name/last' },
      { op: 'replace', path: '/state', value: 'inactive' },
      { op: 'move', from: '/metadata_public/plan', path: '/metadata_public/tariff' },
      { op: 'add', path: '/metadata_public/list', value: [2] },
      { op: 'add', path: '/metadata_public/list/-', value: 3 },
      { op: 'add', path: '/metadata_public/list/0', value: 1 },
      { op: 'remove', path: '/metadata_public/list/-1' },
    ])
    expect(reply.status).toBe(200)
    expect(reply.body).toMatchObject({
      traits: { email: 'ann@example.org', name: { first: 'Ann', last: 'Ann' } },
      state: 'inactive',
      metadata_public: { tariff: 'free', list: [1, 2] },
    })
    expect(reply.body).not.toHaveProperty('metadata_admin')
  })

  it('keeps credentials, whose loss on the real servers is not imitated, and reaches metadata_admin', async () => {
    const credentials = { password: { config: { password: 'Tr0ub4dor-and-3' } } }
    const { id: other } = await server.person('bob@example.org', { credentials })
    expect((await patch([{ op: 'add', path: '/metadata_admin', value: 7 }], other)).status).toBe(200)
    expect(await server.signIn('bob@example.org', 'Tr0ub4dor-and-3')).toBe(200)
    expect((await server.agent.get(`/admin/identities/${other}`)).body.metadata_admin).toBe(7)
  })

  it('cannot take away what stands at the top', async () => {
    await patch([{ op: 'remove', path: '/metadata_public' }])
    expect((await shown()).metadata_public).toEqual({ plan: 'free' })
  })

  it('verifies an address by hand', async () => {
    await patch([{ op: 'replace', path: '/verifiable_addresses/0/verified', value: true }])
    expect((await shown()).verifiable_addresses[0].verified).toBe(true)
  })

  it('takes __proto__ for a key', async () => {
    await patch('[{"op":"add","path":"/metadata_public/__proto__","value":{"x":1}}]')
    expect(Object.keys((await shown()).metadata_public)).toEqual(['plan', '__proto__'])
  })

  it('is refused in the words of the real servers, and then changes nothing', async () => {
    const before = await shown()
    for (const [operations, reason] of [
      ['', 'unexpected end of JSON input'],
      ['[', 'unexpected end of JSON input'],
      [{}, 'json: cannot unmarshal object into Go value of type jsonpatch.Patch'],
      [[5], 'json: cannot unmarshal number into Go value of type jsonpatch.Operation'],
      [[{ op: 'add' }], 'error parsing patch operations: operation missing path field: missing value'],
      [[{ op: 'remove', path: '/id' }], 'patch includes denied path: /id'],
      [[{ op: 'remove', path: '/credentials' }], 'patch includes denied path: /credentials'],
      [[{ op: 'foo', path: '/x' }], 'Unexpected kind: foo'],
      [[{ path: '/x' }], 'Unexpected kind: unknown'],
      [[{ op: 'add', path: '/x/y' }], 'add operation does not apply: doc is missing path: "/x/y": missing value'],
      [[{ op: 'remove', path: '/x/y' }], 'remove operation does not apply: doc is missing path: "/x/y": missing value'],
      [
        [{ op: 'remove', path: '/traits/foo' }],
        "error in remove for path: '/traits/foo': Unable to remove nonexistent key: foo: missing value",
      ],
      [[{ op: 'replace', path: '/x/y' }], 'replace operation does not apply: doc is missing path: /x/y: missing value'],
      [
        [{ op: 'move', from: '/x/y', path: '/z' }],
        'move operation does not apply: doc is missing from path: /x/y: missing value',
      ],
      [
        [{ op: 'copy', from: '/state', path: '/x/y' }],
        'copy operation does not apply: doc is missing destination path: /x/y: missing value',
      ],
      [[{ op: 'test', path: '/state', value: 'x' }], 'testing value /state failed: test failed'],
      [
        [{ op: 'add', path: '/verifiable_addresses/9', value: {} }],
        "error in add for path: '/verifiable_addresses/9': Unable to access invalid index: 9: invalid index referenced",
      ],
      [
        [{ op: 'replace', path: '/state', value: 1 }],
        'json: cannot unmarshal number into Go struct field localIdentity.state of type identity.State',
      ],
      [
        [{ op: 'replace', path: '/state_changed_at', value: 'x' }],
        'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
      ],
      [[{ op: 'replace', path: '/state', value: 'x' }], 'identity state is not valid'],
      [[{ op: 'replace', path: '/state', value: '' }], 'identity state is not valid'],
      [[{ op: 'replace', path: '/schema_id', value: 'x' }], 'Unable to find JSON Schema ID: x'],
      [
        [{ op: 'add', path: '/traits/age', value: 121 }],
        'I[#/traits/age] S[#/properties/traits/properties/age/maximum] must be <= 120 but found 121',
      ],
    ] as const) {
      const reply = await patch(operations)
      expect([reply.status, errorOf(reply)['reason']]).toEqual([400, reason])
    }
    expect(await shown()).toEqual(before)
  })

  it('is looked at after the identity is', async () => {
    expect((await patch('{broken', '6f0b6c0e-0000-4000-8000-000000000000')).status).toBe(404)
  })
})
