import { Configuration, ReadApi, type RelationTuple, WriteApi } from '@ory/keto-client'
import { afterEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { demoConfig } from '../../src/config/demo.ts'
import { createMock, type MockOptions } from '../../src/create-mock.ts'
import type { Listener } from '../../src/http/call.ts'
import { type Listening, listen } from '../../src/http/listen.ts'

const namespaces = [
  { id: 0, name: 'videos' },
  { id: 1, name: 'groups' },
]
const config = { ...demoConfig(), namespaces }

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()))
})

/** Ory's client for Keto, of July 2022, against servers with these addresses; it never sends a bearer. */
async function clients(options: MockOptions, ...[read, write]: [Listener, Listener]) {
  const failures: string[] = []
  const mock = createMock({ config, ...options, onFailure: (_error, what) => failures.push(what) })
  const start = async (listener: Listener) => {
    const listening = await listen(createApp(mock, listener), 0)
    open.push(listening)
    return new Configuration({ basePath: `http://127.0.0.1:${listening.port}` })
  }
  return { reading: new ReadApi(await start(read)), writing: new WriteApi(await start(write)), failures }
}

const tuple = (object: string, relation: string, subject: string | [string, string, string]): RelationTuple => {
  const set = { namespace: 'videos', object, relation }
  if (typeof subject === 'string') return { ...set, subject_id: subject }
  const [namespace, ofObject, ofRelation] = subject
  return { ...set, subject_set: { namespace, object: ofObject, relation: ofRelation } }
}

/** What an answer other than 2xx carries, as the client throws it. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    ({ response: { status, data } }) => ({ status, message: data.error?.message, allowed: data.allowed }),
  )

describe.each<[string, MockOptions, [Listener, Listener]]>([
  ['self-hosted ports', { dialect: 'spec', auth: 'off' }, ['read', 'write']],
  ['self-hosted ports that answer as the real servers', { dialect: 'wire' }, ['read', 'write']],
  ['one port without tokens', { dialect: 'spec', auth: 'off' }, ['all', 'all']],
])('@ory/keto-client against %s', (_title, options, listeners) => {
  it('writes, checks, lists, expands and deletes the tuples of the cat videos', async () => {
    const { reading, writing, failures } = await clients(options, ...listeners)
    const owner = await writing.createRelationTuple(tuple('/cats', 'owner', 'cat lady'))
    expect([owner.status, owner.data]).toEqual([201, tuple('/cats', 'owner', 'cat lady')])
    const rest = [
      tuple('/cats/1.mp4', 'owner', ['videos', '/cats', 'owner']),
      tuple('/cats/1.mp4', 'view', ['videos', '/cats/1.mp4', 'owner']),
      tuple('/cats/1.mp4', 'view', '*'),
    ]
    const patched = await writing.patchRelationTuples(
      rest.map((relation_tuple) => ({ action: 'insert', relation_tuple })),
    )
    expect(patched.status).toBe(204)

    const check = async (subject: string, depth?: number) =>
      (await reading.getCheck('videos', '/cats/1.mp4', 'view', subject, undefined, undefined, undefined, depth)).data
    expect(await check('cat lady')).toEqual({ allowed: true })
    expect(await check('cat lady', 3)).toEqual({ allowed: true })
    expect(await check('cat lady', 2)).toEqual({ allowed: false })
    expect(await check('*')).toEqual({ allowed: true })
    expect(await check('john')).toEqual({ allowed: false })
    const posted = await reading.postCheck(undefined, tuple('/cats/1.mp4', 'view', 'cat lady'))
    expect(posted.data).toEqual({ allowed: true })

    const params = { namespace: 'videos', object: '/cats/1.mp4', relation: 'view', subject_id: 'john' }
    expect(await failure(reading.getCheckMirrorStatus({ params }))).toMatchObject({ status: 403, allowed: false })
    const mirrored = await reading.postCheckMirrorStatus({
      data: tuple('/cats/1.mp4', 'view', '*'),
      headers: { 'Content-Type': 'application/json' },
    })
    expect(mirrored.data).toEqual({ allowed: true })

    const tree = await reading.getExpand('videos', '/cats/1.mp4', 'view', 3)
    expect(tree.data.type).toBe('union')
    expect(tree.data.children?.map(({ type }) => type)).toEqual(['union', 'leaf'])

    const first = await reading.getRelationTuples(undefined, 3, 'videos')
    expect(first.data.relation_tuples).toHaveLength(3)
    expect(first.data.next_page_token).toBe('2')
    const second = await reading.getRelationTuples(first.data.next_page_token, 3, 'videos')
    expect(second.data).toEqual({ relation_tuples: [rest[2]], next_page_token: '' })

    expect((await writing.deleteRelationTuples('videos', undefined, undefined, '*')).status).toBe(204)
    expect(await check('*')).toEqual({ allowed: false })
    expect(failures).toEqual([])
  })

  it('reads what is wrong', async () => {
    const { reading, writing, failures } = await clients(options, ...listeners)
    const unknown = { ...tuple('a', 'b', 'c'), namespace: 'nope' }
    const notFound = { status: 404, message: 'The requested resource could not be found' }
    expect(await failure(writing.createRelationTuple(unknown))).toMatchObject(notFound)
    expect(await failure(writing.createRelationTuple({ namespace: 'videos' }))).toMatchObject({
      status: 400,
      message: 'subject is not allowed to be nil',
    })
    expect(await failure(reading.getRelationTuples(undefined, undefined, 'nope'))).toMatchObject(notFound)
    expect(await failure(reading.getExpand('nope', 'a', 'b'))).toMatchObject(notFound)
    expect(await failure(writing.deleteRelationTuples('nope'))).toMatchObject({ status: 500 })
    expect(failures).toEqual([])
  })
})

describe('@ory/keto-client against one port', () => {
  it('is refused, since it sends no token', async () => {
    const { reading } = await clients({}, 'all', 'all')
    expect(await failure(reading.getRelationTuples())).toMatchObject({
      status: 401,
      message: 'Access credentials are invalid',
    })
  })
})
