import { beforeEach, describe, expect, it } from 'vitest'
import { error, type Keto, keto, NO_SUBJECT, TWO_SUBJECTS, tupleOf, unknownNamespace } from './keto.ts'

let server: Keto
beforeEach(() => {
  server = keto()
})

const WRITE = '/admin/relation-tuples'

describe('PUT /admin/relation-tuples', () => {
  const put = (body: string | object) =>
    server.agent
      .put(WRITE)
      .set('Content-Type', 'application/json')
      .send(typeof body === 'string' ? body : JSON.stringify(body))

  it('writes a tuple, answers it and says where to find it', async () => {
    const reply = await put(tupleOf('files:a b/c*~#view@alice'))
    expect(reply.status).toBe(201)
    expect(reply.text).toBe('{"namespace":"files","object":"a b/c*~","relation":"view","subject_id":"alice"}\n')
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(reply.headers['location']).toBe(
      '/relation-tuples?namespace=files&object=a+b%2Fc%2A~&relation=view&subject_id=alice',
    )
    expect(reply.headers['cache-control']).toBeUndefined()
  })

  it('writes a tuple whose subject is a set', async () => {
    const reply = await put(tupleOf('files:doc#view@groups:dev#member'))
    expect(reply.text).toBe(
      '{"namespace":"files","object":"doc","relation":"view","subject_set":{"namespace":"groups","object":"dev","relation":"member"}}\n',
    )
    expect(reply.headers['location']).toBe(
      '/relation-tuples?namespace=files&object=doc&relation=view&subject_set.namespace=groups&subject_set.object=dev&subject_set.relation=member',
    )
    const found = await server.agent.get(reply.headers['location'] ?? '')
    expect(found.body.relation_tuples).toHaveLength(1)
  })

  it('keeps a tuple that is written twice twice', async () => {
    await put(tupleOf('files:doc#view@alice'))
    await put(tupleOf('files:doc#view@alice'))
    expect(await server.list()).toEqual(['files:doc#view@alice', 'files:doc#view@alice'])
  })

  it('takes missing texts for empty, keys in any case, and ignores keys that it does not know', async () => {
    const reply = await put('{"Namespace":"files","subject_ID":"","color":1,"subject":"x"} and what follows')
    expect(reply.status).toBe(201)
    expect(reply.body).toEqual({ namespace: 'files', object: '', relation: '', subject_id: '' })
  })

  it('writes the replacement character for half a surrogate pair', async () => {
    const reply = await put('{"namespace":"files","subject_id":"\\ud83d"}')
    expect(reply.body.subject_id).toBe('\ufffd')
  })

  it.each([
    ['', 'EOF'],
    ['{', 'unexpected EOF'],
    ['hello', "invalid character 'h' looking for beginning of value"],
    ['{"a":falsa}', "invalid character 'a' in literal false (expecting 'e')"],
    ['[]', 'json: cannot unmarshal array into Go value of type relationtuple.RelationQuery'],
    ['{"namespace":7}', 'json: cannot unmarshal number into Go struct field RelationQuery.namespace of type string'],
    [
      '{"subject_set":{"object":[]}}',
      'json: cannot unmarshal array into Go struct field SubjectSet.subject_set.object of type string',
    ],
    [
      '{"subject_set":"x"}',
      'json: cannot unmarshal string into Go struct field RelationQuery.subject_set of type relationtuple.SubjectSet',
    ],
    ['null', NO_SUBJECT],
    ['{}', NO_SUBJECT],
    ['{"namespace":"files","subject_id":null,"subject_set":null}', NO_SUBJECT],
    ['{"namespace":"files","subject_id":"a","subject_set":{}}', TWO_SUBJECTS],
  ])('answers the body %j with 400, in Go’s words and without debug', async (body, message) => {
    const reply = await put(body)
    expect(reply.status).toBe(400)
    expect(reply.body).toEqual(error(400, message))
    expect(reply.headers['content-type']).toBe('application/json')
    expect(await server.list()).toEqual([])
  })

  it.each([
    ['nope:doc#view@alice', '"nope"'],
    [':doc#view@alice', '""'],
    ['a"\u0007\u00ad:doc#view@alice', '"a\\"\\a\\u00ad"'],
    ['files:doc#view@nope:dev#member', '"nope"'],
    ['files:doc#view@:dev#member', '""'],
  ])('does not write %j: the namespace is unknown', async (tuple, quoted) => {
    const reply = await put(tupleOf(tuple))
    expect(reply.status).toBe(404)
    expect(reply.body).toEqual(unknownNamespace(quoted))
    expect(await server.list()).toEqual([])
  })
})

describe('PATCH /admin/relation-tuples', () => {
  const patch = (body: string | object) =>
    server.agent
      .patch(WRITE)
      .set('Content-Type', 'application/json')
      .send(typeof body === 'string' ? body : JSON.stringify(body))
  const delta = (action: string, tuple: string) => ({ action, relation_tuple: tupleOf(tuple) })

  it('inserts and deletes', async () => {
    await server.write('files:a#view@ann', 'files:b#view@ann')
    const reply = await patch([delta('delete', 'files:a#view@ann'), delta('insert', 'files:c#view@ann')])
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(await server.list()).toEqual(['files:b#view@ann', 'files:c#view@ann'])
  })

  it('inserts everything before it deletes anything, whatever the order', async () => {
    await patch([delta('delete', 'files:a#view@ann'), delta('insert', 'files:a#view@ann')])
    expect(await server.list()).toEqual([])
  })

  it('deletes every copy of a tuple, and takes empty texts as they are', async () => {
    await server.write('files:a#view@ann', 'files:a#view@ann', 'files:a#@ann', 'files:b#view@ann')
    await patch([delta('delete', 'files:a#view@ann'), delta('delete', 'files:#view@ann')])
    expect(await server.list()).toEqual(['files:a#@ann', 'files:b#view@ann'])
  })

  it('changes nothing when one namespace is unknown', async () => {
    await server.write('files:a#view@ann')
    const unknown = [delta('insert', 'nope:x#view@ann'), delta('delete', 'files:x#view@nope:x#y')]
    for (const each of unknown) {
      const reply = await patch([delta('insert', 'files:b#view@ann'), delta('delete', 'files:a#view@ann'), each])
      expect([reply.status, reply.body]).toEqual([404, unknownNamespace('"nope"')])
      expect(await server.list()).toEqual(['files:a#view@ann'])
    }
  })

  it.each(['[]', 'null'])('does nothing for %s', async (body) => {
    expect((await patch(body)).status).toBe(204)
  })

  const insert = '{"action":"insert","relation_tuple":{"namespace":"files","subject_id":"a"}}'
  it.each([
    ['{"action":"insert"}', 'json: cannot unmarshal object into Go value of type []*relationtuple.PatchDelta'],
    ['[5]', 'json: cannot unmarshal number into Go value of type relationtuple.PatchDelta'],
    [
      '[{"action":1,"relation_tuple":{"subject_id":"a"}}]',
      'json: cannot unmarshal number into Go struct field PatchDelta.action of type relationtuple.patchAction',
    ],
    [`[${insert},{"action":"insert"}]`, 'relation_tuple is missing'],
    [`[${insert},{"action":"grow","relation_tuple":null}]`, 'relation_tuple is missing'],
    [`[${insert},null]`, 'relation_tuple is missing'],
    [`[${insert},{"action":"grow","relation_tuple":{"subject_id":"a"}}]`, 'unknown action grow'],
    [`[${insert},{"relation_tuple":{"subject_id":"a"}}]`, 'unknown action '],
    // a tuple that is refused is told before an action of the wrong type, and both before an unknown action
    ['[{"action":"grow","relation_tuple":{"subject_id":"a"}},{"action":1},{"relation_tuple":{}}]', NO_SUBJECT],
    ['[', 'unexpected EOF'],
    ['', 'EOF'],
  ])('refuses %s with 400 and changes nothing', async (body, message) => {
    const reply = await patch(body)
    expect([reply.status, reply.body]).toEqual([400, error(400, message)])
    expect(await server.list()).toEqual([])
  })
})

describe('DELETE /admin/relation-tuples', () => {
  const remove = (query: string) => server.agent.delete(`${WRITE}${query}`)

  it.each([
    ['?namespace=files', ['groups:dev#member@bob']],
    ['?object=a&relation=view', ['files:b#view@ann', 'groups:dev#member@bob']],
    ['?subject_id=bob', ['files:a#view@groups:dev#member', 'files:a#view@ann', 'files:b#view@ann']],
    [
      '?subject_set.namespace=groups&subject_set.object=dev&subject_set.relation=member',
      ['files:a#view@ann', 'files:b#view@ann', 'groups:dev#member@bob'],
    ],
    ['?namespace=&object=b', ['files:a#view@groups:dev#member', 'files:a#view@ann', 'groups:dev#member@bob']],
    [
      '?object=none',
      ['files:a#view@groups:dev#member', 'files:a#view@ann', 'files:b#view@ann', 'groups:dev#member@bob'],
    ],
    ['', []],
  ])('removes what %s matches', async (query, left) => {
    await server.write(
      'files:a#view@ann',
      'files:a#view@groups:dev#member',
      'files:b#view@ann',
      'groups:dev#member@bob',
    )
    const reply = await remove(query)
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(await server.list()).toEqual(left)
  })

  it('answers 500 for an unknown namespace, and removes nothing', async () => {
    await server.write('files:a#view@ann')
    const reply = await remove('?namespace=nope')
    expect([reply.status, reply.body]).toEqual([500, error(500, 'The requested resource could not be found')])
    expect(await server.list()).toHaveLength(1)
  })
})
