import { beforeEach, describe, expect, it } from 'vitest'
import { error, type Keto, keto, unknownNamespace } from './keto.ts'

let server: Keto
beforeEach(() => {
  server = keto()
})

const expand = (set: string, depth?: number) => {
  const [, namespace = '', object = '', relation = ''] = /^(.*):(.*)#(.*)$/.exec(set) ?? []
  const query = new URLSearchParams({ namespace, object, relation })
  if (depth !== undefined) query.set('max-depth', String(depth))
  return server.agent.get(`/relation-tuples/expand?${query}`)
}

const set = (text: string) => {
  const [, namespace, object, relation] = /^(.*):(.*)#(.*)$/.exec(text) ?? []
  return { subject_set: { namespace, object, relation } }
}

const leaf = (text: string) =>
  text.includes('#') ? { type: 'leaf', ...set(text) } : { type: 'leaf', subject_id: text }

describe('GET /relation-tuples/expand', () => {
  it('answers the tree of a set, sets before ids, keys in their order', async () => {
    await server.write('files:doc#view@ann', 'files:doc#view@groups:dev#member', 'groups:dev#member@bob')
    const reply = await expand('files:doc#view')
    expect(reply.status).toBe(200)
    expect(reply.text).toBe(
      '{"type":"union","children":[{"type":"union","children":[{"type":"leaf","subject_id":"bob"}],' +
        '"subject_set":{"namespace":"groups","object":"dev","relation":"member"}},{"type":"leaf","subject_id":"ann"}],' +
        '"subject_set":{"namespace":"files","object":"doc","relation":"view"}}\n',
    )
  })

  it('has as many levels as max-depth allows, the root included; sets at the end are leaves', async () => {
    await server.write('files:doc#view@groups:1#m', 'groups:1#m@groups:2#m', 'groups:2#m@bob')
    const two = { type: 'union', children: [leaf('groups:1#m')], ...set('files:doc#view') }
    expect((await expand('files:doc#view', 1)).body).toEqual(leaf('files:doc#view'))
    expect((await expand('files:doc#view', 2)).body).toEqual(two)
    const below = { type: 'union', children: [leaf('groups:2#m')], ...set('groups:1#m') }
    expect((await expand('files:doc#view', 3)).body).toEqual({ ...two, children: [below] })
    server = keto({ limit: { max_read_depth: 2 } })
    await server.write('files:doc#view@groups:1#m', 'groups:1#m@groups:2#m')
    for (const depth of [undefined, 0, -1, 9]) expect((await expand('files:doc#view', depth)).body).toEqual(two)
  })

  it('shows a set that was met anywhere before, or that has no tuples, as a leaf', async () => {
    await server.write(
      'groups:a#m@groups:b#m',
      'groups:a#m@groups:c#m',
      'groups:b#m@groups:a#m',
      'groups:c#m@groups:b#m',
    )
    await server.write('groups:c#m@groups:none#m')
    expect((await expand('groups:a#m')).body).toEqual({
      type: 'union',
      children: [
        { type: 'union', children: [leaf('groups:a#m')], ...set('groups:b#m') },
        { type: 'union', children: [leaf('groups:b#m'), leaf('groups:none#m')], ...set('groups:c#m') },
      ],
      ...set('groups:a#m'),
    })
  })

  it('shows a tuple that is there twice twice', async () => {
    await server.write('files:doc#view@ann', 'files:doc#view@ann')
    expect((await expand('files:doc#view')).body.children).toEqual([leaf('ann'), leaf('ann')])
  })

  it('shows more than a page of subjects', async () => {
    await server.write(...Array.from({ length: 250 }, (_, i) => `files:doc#view@user-${String(i).padStart(3, '0')}`))
    const { children } = (await expand('files:doc#view')).body
    expect(children).toHaveLength(250)
    expect(children[249]).toEqual(leaf('user-249'))
  })

  it('is null when there is nothing', async () => {
    const reply = await expand('files:none#view')
    expect([reply.status, reply.text]).toEqual([200, 'null\n'])
  })

  it('takes what is missing for anything', async () => {
    await server.write('files:doc#view@ann', 'groups:dev#member@bob')
    const { body } = await server.agent.get('/relation-tuples/expand')
    expect(body).toEqual({ type: 'union', children: [leaf('ann'), leaf('bob')], ...set(':#') })
  })

  it('refuses an unknown namespace, and a depth that is no number before it', async () => {
    const unknown = await expand('nope:doc#view')
    expect([unknown.status, unknown.body]).toEqual([404, unknownNamespace('"nope"')])
    const depth = await server.agent.get('/relation-tuples/expand?namespace=nope&max-depth=x')
    const text = `unable to parse 'max-depth' query parameter to int: strconv.ParseInt: parsing "x": invalid syntax`
    expect([depth.status, depth.body]).toEqual([400, error(400, text)])
  })
})
