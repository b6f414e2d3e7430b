import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { CLASS_TEXT, error, HALF_A_SET, type Keto, keto, NO_SUBJECT, TWO_SUBJECTS, tupleOf } from './keto.ts'

let server: Keto
beforeEach(() => {
  server = keto()
})

const CHECK = '/relation-tuples/check'
const ALICE = 'namespace=files&object=doc&relation=view&subject_id=alice'

describe('a check', () => {
  it('is answered in the status or in the body alone, by query or by body', async () => {
    await server.write('files:doc#view@alice')
    const bob = ALICE.replace('alice', 'bob')
    for (const [url, denied] of [
      [CHECK, 403],
      [`${CHECK}/openapi`, 200],
    ] as const) {
      for (const reply of [
        await server.agent.get(`${url}?${ALICE}`),
        await server.agent.post(url).send(tupleOf('files:doc#view@alice')),
      ]) {
        expect([reply.status, reply.text]).toEqual([200, '{"allowed":true}\n'])
      }
      for (const reply of [
        await server.agent.get(`${url}?${bob}`),
        await server.agent.post(url).send(tupleOf('files:doc#view@bob')),
      ]) {
        expect([reply.status, reply.text]).toEqual([denied, '{"allowed":false}\n'])
        expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
      }
    }
  })

  it('follows sets as deep as max-depth allows, 5 without, and never deeper than the configuration', async () => {
    const chain = ['files:doc#view@groups:1#m', 'groups:1#m@groups:2#m', 'groups:2#m@groups:3#m', 'groups:3#m@bob']
    for (const [limit, expected] of [
      [5, [true, false, false, false, true, true]],
      [3, [false, false, false, false, false, false]],
    ] as const) {
      server = keto({ limit: { max_read_depth: limit } })
      await server.write(...chain)
      const answers = []
      for (const depth of [undefined, 1, 2, 3, 4, 6]) answers.push(await server.allowed('files:doc#view@bob', depth))
      expect(answers).toEqual(expected)
      expect(await server.allowed('files:doc#view@bob', -1)).toBe(expected[0])
    }
  })

  it('ends in a cycle', async () => {
    await server.write('groups:a#m@groups:b#m', 'groups:b#m@groups:a#m', 'groups:b#m@groups:b#m')
    expect(await server.allowed('groups:a#m@bob')).toBe(false)
    expect(await server.allowed('groups:a#m@groups:a#m')).toBe(true)
  })

  it('finds a set as a subject where it is reached, and does not expand it', async () => {
    await server.write('files:doc#view@groups:dev#member', 'groups:dev#member@groups:core#member')
    expect(await server.allowed('files:doc#view@groups:dev#member')).toBe(true)
    expect(await server.allowed('files:doc#view@groups:core#member')).toBe(true)
    expect(await server.allowed('files:doc#view@groups:other#member')).toBe(false)
  })

  it('takes an asterisk for an id like any other', async () => {
    await server.write('files:doc#view@*')
    expect(await server.allowed('files:doc#view@*')).toBe(true)
    expect(await server.allowed('files:doc#view@bob')).toBe(false)
  })

  it('takes an empty relation for any relation, asked for or in a set', async () => {
    await server.write('files:doc#view@groups:dev#', 'groups:dev#lead@bob')
    expect(await server.allowed('files:doc#view@bob')).toBe(true)
    expect(await server.allowed('groups:dev#@bob')).toBe(true)
    expect(await server.allowed('groups:#lead@bob')).toBe(true)
  })

  it('denies for an unknown namespace, at the top or on the way, without an error', async () => {
    expect(await server.allowed('nope:doc#view@bob')).toBe(false)
    await server.write('files:doc#view@groups:dev#member', 'groups:dev#member@bob')
    const { settings } = server.world
    server.world.settings = { ...settings, namespaces: settings.namespaces.filter(({ name }) => name === 'files') }
    expect(await server.allowed('files:doc#view@bob')).toBe(false)
  })

  it('does not follow a set when an id that reads like it was met before, on the same branch', async () => {
    await server.write('files:doc#view@groups:all#m', 'groups:all#m@groups:a#m', 'groups:all#m@groups:b#m')
    await server.write('groups:b#m@bob')
    expect(await server.allowed('files:doc#view@bob')).toBe(true)
    await server.agent
      .put('/admin/relation-tuples')
      .send({ namespace: 'groups', object: 'a', relation: 'm', subject_id: 'groups:b#m' })
    expect(await server.allowed('files:doc#view@bob')).toBe(false)
    expect(await server.allowed('groups:all#m@bob')).toBe(true)
  })

  it('goes through chains as long as the configuration allows', async () => {
    server = keto({ limit: { max_read_depth: 65_535 } })
    const group = (i: number) => ({ namespace_id: 1, object: `g${i}`, relation: 'm' })
    for (let i = 0; i < 20_000; i++) server.world.tuples.add({ ...group(i), subject: group(i + 1) })
    server.world.tuples.add({ ...group(20_000), subject: 'bob' })
    expect(await server.allowed('groups:g0#m@bob')).toBe(true)
    expect(await server.allowed('groups:g0#m@bob', 20_000)).toBe(false)
  })
})

describe('a check that cannot be read', () => {
  const half = 'namespace=files&subject_set.namespace=groups'
  const both = `${ALICE}&subject_set.namespace=groups&subject_set.object=a&subject_set.relation=b`
  const depth = (text: string, quoted = `"${text}"`, why = 'invalid syntax'): [string, JsonObject] => [
    `max-depth=${encodeURIComponent(text)}`,
    error(400, `unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing ${quoted}: ${why}`),
  ]

  it.each<[string, JsonObject]>([
    depth(''),
    depth('x'),
    depth('2.5'),
    depth('99999999999999999999', undefined, 'value out of range'),
    depth('a"b', '"a\\"b"'),
    ['namespace=files', error(400, NO_SUBJECT, { debug: 'Please provide a subject.' })],
    [half, error(400, HALF_A_SET)],
    [both, error(400, TWO_SUBJECTS)],
    [
      `${ALICE}&subject=a`,
      error(400, CLASS_TEXT, {
        debug: 'provide "subject_id" or "subject_set.*"; support for "subject" was dropped',
      }),
    ],
  ])('by the query %s is refused with its debug text', async (query, body) => {
    for (const url of [CHECK, `${CHECK}/openapi`]) {
      const reply = await server.agent.get(`${url}?${query}`)
      expect([reply.status, reply.body]).toEqual([400, body])
    }
  })

  it.each([
    ['', 500, error(500, 'EOF')],
    ['{', 500, error(500, 'unexpected EOF')],
    ['[]', 500, error(500, 'json: cannot unmarshal array into Go value of type relationtuple.RelationQuery')],
    ['null', 400, error(400, NO_SUBJECT, { debug: 'Please provide a subject.' })],
    ['{"subject":"a"}', 400, error(400, NO_SUBJECT, { debug: 'Please provide a subject.' })],
    ['{"subject_id":"a","subject_set":{}}', 400, error(400, TWO_SUBJECTS)],
  ] as const)('by the body %j is refused', async (body, status, expected) => {
    for (const url of [CHECK, `${CHECK}/openapi`]) {
      const reply = await server.agent.post(url).set('Content-Type', 'application/json').send(body)
      expect([reply.status, reply.body]).toEqual([status, expected])
    }
  })

  it('is told about its depth before its body', async () => {
    const reply = await server.agent.post(`${CHECK}?max-depth=x`).set('Content-Type', 'application/json').send('{')
    expect(reply.status).toBe(400)
  })

  it('takes half a set in a body, its other parts empty', async () => {
    const reply = await server.agent.post(CHECK).send({ namespace: 'files', subject_set: { namespace: 'groups' } })
    expect([reply.status, reply.body]).toEqual([403, { allowed: false }])
  })
})
