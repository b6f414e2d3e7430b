import { describe, expect, it } from 'vitest'
import { loadDocument } from '../../src/contract/document.ts'
import type { JudgedReply } from '../../src/contract/reply-validator.ts'
import { createReplyValidator } from '../../src/contract/reply-validator.ts'
import { SchemaRegistry } from '../../src/contract/schema-registry.ts'
import { AT, bothErrors, flow, ID, identity, inputNode, jsonError, session } from './bodies.ts'
import { Judge } from './judge.ts'

const document = loadDocument('spec')
const judge = new Judge(document)
const whoami = (json: unknown) => judge.reply('GET /sessions/whoami', 200, { json })
const withNode = (node: object) =>
  judge.reply('GET /self-service/login/api', 200, { json: { ...flow, ui: { ...flow.ui, nodes: [inputNode, node] } } })

describe('the body of a reply', () => {
  it('is judged by the schema of operation and status', async () => {
    expect(await whoami(session)).toEqual([])
    expect(await whoami({ ...session, identity: undefined })).toEqual([
      { in: 'body', pointer: '', message: "must have required property 'identity'" },
    ])
    expect(await judge.reply('GET /sessions', 200, { json: [session, {}] })).toMatchObject([
      { pointer: '/1', message: "must have required property 'id'" },
      { pointer: '/1', message: "must have required property 'identity'" },
    ])
  })

  it('has its formats checked', async () => {
    const wrong = { ...session, id: ID.replace('-4', '-1'), issued_at: '2022-02-30T00:00:00Z', expires_at: AT }
    expect((await whoami(wrong)).map(({ pointer }) => pointer)).toEqual(['/id', '/issued_at'])
    const node = { ...inputNode, messages: [{ id: 1.5, text: 'a', type: 'info' }] }
    expect((await withNode(node)).map(({ pointer }) => pointer)).toContain('/ui/nodes/1/messages/0/id')
  })

  it('has its enums checked', async () => {
    expect(await whoami({ ...session, authenticator_assurance_level: 'aal9' })).toEqual([
      {
        in: 'body',
        pointer: '/authenticator_assurance_level',
        message: 'must be equal to one of the allowed values: aal0, aal1, aal2, aal3',
      },
    ])
  })

  it('allows null only where the document does', async () => {
    const project = { id: ID, hosts: [], state: 'running', created_at: AT, updated_at: AT, name: 'a' }
    expect(await judge.reply('GET /projects', 200, { json: [{ ...project, subscription_id: null }] })).toEqual([])
    expect(await judge.reply('GET /projects', 200, { json: [{ ...project, slug: null }] })).toHaveLength(1)
    expect(await whoami({ ...session, identity: { ...identity, metadata_public: null } })).toHaveLength(1)
    expect(await judge.reply('GET /relation-tuples/expand', 200, { json: null })).toHaveLength(1)
  })

  it('has its unions decided by their tag', async () => {
    const { attributes } = inputNode
    expect(await withNode({ ...inputNode, attributes: { ...attributes, value: { any: 'thing' } } })).toEqual([])
    expect((await withNode({ ...inputNode, attributes: { ...attributes, node_type: 'img' } })).at(0)).toEqual({
      in: 'body',
      pointer: '/ui/nodes/1/attributes',
      message: "must have required property 'src'",
    })
    expect(await withNode({ ...inputNode, attributes: { ...attributes, node_type: 'zzz' } })).toHaveLength(1)
    expect(await withNode({ ...inputNode, attributes: {} })).not.toEqual([])
    expect(await withNode({ ...inputNode, attributes: null })).not.toEqual([])
  })

  it('is judged at any depth of a tree', async () => {
    const tree = (type: string) => ({ type: 'union', children: [{ type: 'union', children: [{ type }] }] })
    expect(await judge.reply('GET /relation-tuples/expand', 200, { json: tree('leaf') })).toEqual([])
    expect(await judge.reply('GET /relation-tuples/expand', 200, { json: tree('no-such') })).toMatchObject([
      { pointer: '/children/0/children/0/type' },
    ])
  })

  it('is judged with a status of 5xx too', async () => {
    expect(await judge.reply('GET /sessions/whoami', 500, { json: jsonError })).toEqual([])
    expect(await judge.reply('GET /sessions/whoami', 500, { json: { message: 'a' } })).toHaveLength(1)
    expect(await judge.reply('GET /health/ready', 503, { json: { errors: { database: 'down' } } })).toEqual([])
    expect(await judge.reply('GET /health/ready', 503, { json: jsonError })).toHaveLength(1)
  })

  it('of an error has no details, and is flat where the document wants it flat', async () => {
    const detailed = { error: { ...jsonError.error, details: { a: 1 } } }
    expect(await judge.reply('GET /sessions/whoami', 403, { json: detailed })).toHaveLength(1)
    expect(await judge.reply('GET /relation-tuples', 404, { json: jsonError })).toHaveLength(1)
    expect(await judge.reply('GET /relation-tuples', 404, { json: bothErrors })).toEqual([])
    expect(await judge.reply('GET /projects', 418, { json: bothErrors })).toEqual([])
  })

  it('has to be there, or not, as the document says', async () => {
    expect(await judge.reply('GET /sessions/whoami', 200)).toEqual([{ in: 'body', pointer: '', message: 'is missing' }])
    expect(await judge.reply('DELETE /sessions/x', 204)).toEqual([])
    expect(await judge.reply('DELETE /sessions/x', 204, { json: {} })).toMatchObject([{ in: 'body' }])
    expect(await judge.reply('DELETE /sessions/x', 204, { json: null })).toMatchObject([{ in: 'body' }])
  })

  it('may be JSON that is written already', async () => {
    const text = (text: string) => judge.reply('GET /sessions/whoami', 200, { type: 'application/json', text })
    expect(await text(JSON.stringify(session))).toEqual([])
    expect(await text('{}')).toHaveLength(2)
    expect(await text('{')).toEqual([{ in: 'body', pointer: '', message: 'is no JSON' }])
  })

  it('is not changed by the judgement', async () => {
    const body = Object.freeze({ ...session, identity: Object.freeze({ ...identity }) })
    const before = JSON.stringify(body)
    await whoami(body)
    expect(JSON.stringify(body)).toBe(before)
  })
})

describe('the status of a reply', () => {
  it('has to be one that the document names', async () => {
    expect(await judge.reply('GET /sessions/whoami', 418, { json: jsonError })).toEqual([
      { in: 'status', pointer: '', message: 'toSession has no 418: its statuses are 200, 400, 401, 403, 500' },
    ])
    expect(await judge.reply('GET /sessions/whoami', 204)).toMatchObject([{ in: 'status' }])
    expect(await judge.reply('GET /self-service/login/browser', 302, { headers: { location: '/' } })).toMatchObject([
      { in: 'status' },
    ])
  })
})

describe('the content type of a reply', () => {
  it('has to be one that the document names', async () => {
    const typed = (type: string) => judge.reply('GET /sessions/whoami', 200, { json: session, type })
    expect(await typed('application/json; charset=utf-8')).toEqual([])
    expect(await typed('text/html')).toEqual([
      { in: 'media-type', pointer: '', message: 'is text/html and has to be application/json' },
    ])
    expect(await judge.reply('GET /sessions/whoami', 200, { text: 'a' })).toMatchObject([{ in: 'media-type' }])
  })

  it('may be either of two', async () => {
    const script = (reply: object) => judge.reply('GET /.well-known/ory/webauthn.js', 200, reply)
    expect(await script({ type: 'text/javascript; charset=UTF-8', text: 'a()' })).toEqual([])
    expect(await script({ json: 'a()' })).toEqual([])
    expect(await script({ json: { a: 1 } })).toHaveLength(1)
    expect(await script({ type: 'text/plain', text: 'a()' })).toMatchObject([{ in: 'media-type' }])
    expect(await script({ type: 'text/javascript', json: {} })).toMatchObject([{ in: 'body' }])
  })
})

describe('the headers of a reply', () => {
  it('say where a redirect goes', async () => {
    const redirect = (reply: object) => judge.reply('GET /self-service/login/browser', 303, reply)
    expect(await redirect({ headers: { location: '/ui/login' } })).toEqual([])
    expect(await redirect({ headers: { location: '/' }, type: 'text/html', text: '<a href="/">' })).toEqual([])
    expect(await redirect({})).toEqual([{ in: 'header', pointer: 'location', message: 'is missing' }])
    expect(await redirect({ headers: { location: '' } })).toMatchObject([{ in: 'header' }])
    expect(await redirect({ headers: { location: '/' }, json: {} })).toMatchObject([{ in: 'media-type' }])
  })

  it('say where what was created is', async () => {
    const headers = { location: 'http://localhost/' }
    expect(await judge.reply('POST /admin/identities', 201, { json: identity })).toMatchObject([{ in: 'header' }])
    expect(await judge.reply('POST /admin/identities', 201, { json: identity, headers })).toEqual([])
    expect(await judge.reply('PUT /admin/relation-tuples', 201, { json: {} })).toMatchObject([{ in: 'header' }])
  })
})

describe('a reply of no operation', () => {
  const validate = createReplyValidator(document, new SchemaRegistry(document))
  const reply = (status: number, rest: Partial<JudgedReply> = {}) =>
    validate(undefined, { status, headers: {}, contentType: undefined, ...rest })

  it('says what is allowed, and where a redirect goes', async () => {
    expect(await reply(405, { text: 'Method Not Allowed' })).toMatchObject([{ in: 'header', pointer: 'allow' }])
    expect(await reply(405, { headers: { allow: 'GET, OPTIONS' } })).toEqual([])
    expect(await reply(307)).toMatchObject([{ in: 'header', pointer: 'location' }])
    expect(await reply(307, { headers: { location: '/' } })).toEqual([])
  })

  it('has the shape of an error when it is JSON', async () => {
    const contentType = 'application/json'
    expect(await reply(404, { contentType: 'text/plain; charset=utf-8', text: '404 page not found\n' })).toEqual([])
    expect(await reply(403, { contentType, body: jsonError })).toEqual([])
    expect(await reply(403, { contentType, body: { message: 'a' } })).toHaveLength(1)
  })
})
