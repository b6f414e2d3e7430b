import { beforeEach, describe, expect, it } from 'vitest'
import { CLASS_TEXT, error, HALF_A_SET, type Keto, keto, TWO_SUBJECTS, unknownNamespace } from './keto.ts'

let server: Keto
beforeEach(() => {
  server = keto()
})

const WRITE = '/admin/relation-tuples'
const READ = '/relation-tuples'

describe('GET /relation-tuples', () => {
  it('lists by namespace id, object, relation, sets before ids, in the order of UTF-8', async () => {
    await server.write('groups:a#view@ann', 'files:b#view@ann', 'files:a#view@\u{1f600}', 'files:a#view@\uffee')
    await server.write('files:a#view@groups:z#y', 'files:a#view@files:z#y', 'files:a#edit@zoe', 'files:a#view@')
    expect(await server.list()).toEqual([
      'files:a#edit@zoe',
      'files:a#view@files:z#y',
      'files:a#view@groups:z#y',
      'files:a#view@',
      'files:a#view@\uffee',
      'files:a#view@\u{1f600}',
      'files:b#view@ann',
      'groups:a#view@ann',
    ])
  })

  const page = async (query: string) => {
    const { body } = await server.agent.get(`${READ}${query}`)
    return [body.relation_tuples.length, body.next_page_token]
  }

  it('pages: the token is the number of the next page, and empty at the end', async () => {
    const texts = Array.from({ length: 205 }, (_, i) => `files:doc-${String(i).padStart(3, '0')}#view@ann`)
    await server.write(...texts)
    expect(await page('')).toEqual([100, '2'])
    expect(await page('?page_token=2')).toEqual([100, '3'])
    expect(await page('?page_token=3')).toEqual([5, ''])
    expect(await page('?page_token=4')).toEqual([0, ''])
    expect(await page('?page_token=4294967295')).toEqual([0, ''])
    expect(await page('?page_token=1')).toEqual([100, '2'])
    expect(await page('?page_token=0')).toEqual([100, '1'])
    expect(await page('?page_size=0')).toEqual([100, '2'])
    expect(await page('?page_size=-1')).toEqual([20, '2'])
    expect(await page('?page_size=0x10')).toEqual([16, '2'])
    expect(await page('?page_size=205')).toEqual([205, ''])
    expect(await page('?page_size=9223372036854775807')).toEqual([205, ''])
    expect(await page('?page_size=205&page_token=2')).toEqual([0, ''])
    expect(await page('?page_size=&page_token=')).toEqual([100, '2'])
    expect(await server.list('?page_size=2&page_token=2')).toEqual(texts.slice(2, 4))
  })

  it('answers an empty list with every key', async () => {
    expect((await server.agent.get(READ)).text).toBe('{"relation_tuples":[],"next_page_token":""}\n')
  })

  it.each([
    ['page_size=x', error(400, 'strconv.ParseInt: parsing "x": invalid syntax')],
    [
      'page_size=9223372036854775808',
      error(400, 'strconv.ParseInt: parsing "9223372036854775808": value out of range'),
    ],
    ['page_token=x', error(500, 'malformed page token')],
    ['page_token=-1', error(500, 'malformed page token')],
    ['page_token=4294967296', error(500, 'malformed page token')],
    ['namespace=nope', unknownNamespace('"nope"')],
    ['subject_set.namespace=nope&subject_set.object=a&subject_set.relation=b', unknownNamespace('"nope"')],
    // in this order: subject, size, token, namespace
    ['namespace=nope&page_token=x&page_size=x&subject=a', error(400, CLASS_TEXT)],
    ['namespace=nope&page_token=x&page_size=x', error(400, 'strconv.ParseInt: parsing "x": invalid syntax')],
    ['namespace=nope&page_token=x', error(500, 'malformed page token')],
  ])('refuses %s', async (query, body) => {
    const reply = await server.agent.get(`${READ}?${query}`)
    expect(reply.body).toEqual(body)
    expect(reply.status).toBe((body['error'] as { code: number }).code)
  })

  it('hides the tuples of a removed namespace and leaves their places empty; with the namespace they come back', async () => {
    await server.write('files:a#view@ann', 'groups:a#view@ann', 'files:b#view@groups:x#y', 'files:c#view@ann')
    const before = server.world.settings
    server.world.settings = { ...before, namespaces: [{ id: 0, name: 'renamed' }] }
    expect(await server.list()).toEqual(['renamed:a#view@ann', 'renamed:c#view@ann'])
    const { body } = await server.agent.get(`${READ}?page_size=2`)
    expect([body.relation_tuples.length, body.next_page_token]).toEqual([1, '2'])
    server.world.settings = before
    expect(await server.list()).toHaveLength(4)
  })
})

describe('the subject in a query', () => {
  const set = (...keys: string[]) => keys.map((key) => `subject_set.${key}=groups`).join('&')

  it.each(['get', 'delete'] as const)('of a %s is an id, a whole set, or absent', async (method) => {
    const url = method === 'get' ? READ : WRITE
    const ask = (query: string) => server.agent[method](`${url}?${query}`)
    const refused = [
      ['subject=ann', CLASS_TEXT],
      ['subject=', CLASS_TEXT],
      [`subject_id=ann&${set('namespace', 'object', 'relation')}`, TWO_SUBJECTS],
      [set('namespace'), HALF_A_SET],
      [set('object', 'relation'), HALF_A_SET],
    ] as const
    for (const [query, message] of refused) {
      const reply = await ask(query)
      expect([reply.status, reply.body], query).toEqual([400, error(400, message)])
    }
    for (const query of ['', 'subject_id=', `subject_id=ann&${set('namespace', 'object')}`]) {
      expect((await ask(query)).status, query).toBe(method === 'get' ? 200 : 204)
    }
  })

  it('is the empty id when the key has no value', async () => {
    await server.write('files:a#view@', 'files:a#view@ann')
    expect(await server.list('?subject_id=')).toEqual(['files:a#view@'])
  })

  it('is not there, when its escape is broken or a semicolon stands in the pair', async () => {
    await server.write('files:a#view@ann', 'files:b#view@bob')
    expect(await server.list('?subject_id=a%zz')).toHaveLength(2)
    expect(await server.list('?subject_id=ann;&object=b')).toEqual(['files:b#view@bob'])
  })

  it('is the id, when only part of a set stands beside it', async () => {
    await server.write('files:a#view@ann', 'files:a#view@groups:groups#groups')
    expect(await server.list(`?subject_id=ann&${set('namespace', 'object')}`)).toEqual(['files:a#view@ann'])
  })
})
