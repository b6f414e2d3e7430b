import { describe, expect, it } from 'vitest'
import { loadDocument } from '../../src/contract/document.ts'
import { ID, submits } from './bodies.ts'
import { Judge } from './judge.ts'

const judge = new Judge(loadDocument('spec'))
const FLOW = `flow=${ID}`

const flatten = (value: object, prefix = ''): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      typeof member === 'object'
        ? Object.entries(flatten(member, `${prefix}${key}.`))
        : [[`${prefix}${key}`, String(member)]],
    ),
  )

describe('a submit', () => {
  const named = submits.map(([path, body]) => [`${path} by ${body['method']}`, `POST ${path}`, body] as const)

  it.each(named)('%s is accepted as JSON and as a form', async (_, route, body) => {
    expect(await judge.request(route, { query: FLOW, json: body })).toEqual([])
    expect(await judge.request(route, { query: FLOW, form: flatten(body) })).toEqual([])
  })

  it.each(named)('%s is refused with a member of the wrong type', async (_, route, body) => {
    const [name = ''] = Object.keys(body).slice(1)
    const wrong = typeof body[name] === 'object' ? 'text' : []
    const violations = await judge.request(route, { query: FLOW, json: { ...body, [name]: wrong } })
    expect(violations).toMatchObject([{ in: 'body', pointer: `/${name}` }])
  })

  it.each(named)('%s is refused as another method', async (_, route, body) => {
    const violations = await judge.request(route, { query: FLOW, json: { ...body, method: 'no-such' } })
    expect(violations).toMatchObject([{ in: 'body', pointer: '/method' }])
    expect(violations[0]?.message).toContain(String(body['method']))
    expect(await judge.request(route, { query: FLOW, form: flatten({ ...body, method: 'no-such' }) })).toHaveLength(1)
  })

  it.each([
    ['/self-service/login', { method: 'password', identifier: 'a@b.c' }, '/password'],
    ['/self-service/login', { method: 'oidc' }, '/provider'],
    ['/self-service/login', { method: 'totp' }, '/totp_code'],
    ['/self-service/login', { method: 'webauthn' }, '/identifier'],
    ['/self-service/login', { method: 'lookup_secret' }, '/lookup_secret'],
    ['/self-service/registration', { method: 'password', traits: {} }, '/password'],
    ['/self-service/registration', { method: 'oidc' }, '/provider'],
    ['/self-service/settings', { method: 'password' }, '/password'],
    ['/self-service/recovery', { method: 'link' }, '/email'],
    ['/self-service/verification', { method: 'link' }, '/email'],
  ])('%s %j is refused without what its own method needs', async (path, body, pointer) => {
    const expected = [{ in: 'body', pointer, message: `must have required property '${pointer.slice(1)}'` }]
    expect(await judge.request(`POST ${path}`, { query: FLOW, json: body })).toEqual(expected)
    expect(await judge.request(`POST ${path}`, { query: FLOW, form: flatten(body) })).toEqual(expected)
  })

  it.each([
    ['flat JSON with dots in its keys', '{"method":"password","password":"x","traits.email":"a@b.c"}', true],
    ['nested JSON with dots in its keys', '{"method":"password","password":"x","traits.email":"a@b.c","a":[]}', false],
    ['a JSON text where a boolean belongs', '{"method":"password","password":5,"traits.email":"a@b.c"}', false],
  ])('takes %s as Ory takes it', async (_, text, accepted) => {
    const headers = { 'content-type': 'application/json' }
    const violations = await judge.request('POST /self-service/registration', { query: FLOW, headers, text })
    expect(violations.length === 0).toBe(accepted)
  })
})

describe('a form', () => {
  const settings = (form: string) => judge.request('POST /self-service/settings', { query: FLOW, form })

  it.each(['true', '1', 't', 'True', 'false', '0'])('has the boolean %s', async (value) => {
    expect(await settings(`method=lookup_secret&lookup_secret_reveal=${value}`)).toEqual([])
  })

  it('lets the last value of a boolean win, as of a checkbox with a hidden field', async () => {
    expect(await settings('method=totp&totp_unlink=maybe&totp_unlink=true')).toEqual([])
    expect(await settings('method=totp&totp_unlink=true&totp_unlink=maybe')).toMatchObject([
      { pointer: '/totp_unlink' },
    ])
  })

  it('has no empty fields', async () => {
    expect(await settings('method=totp&totp_unlink=&totp_code=')).toEqual([])
    expect(await settings('method=password&password=')).toMatchObject([{ pointer: '/password' }])
  })

  it('nests dotted keys, and has empty traits when it has none', async () => {
    expect(await settings('method=profile&traits.name.first=A&traits.email=a%40b.c')).toEqual([])
    expect(await settings('method=profile')).toEqual([])
    expect(await settings('method=profile&traits=text')).toMatchObject([{ pointer: '/traits' }])
  })

  it('drops keys that reach into prototypes', async () => {
    expect(await settings('method=profile&__proto__.polluted=1&traits.constructor.prototype.polluted=1')).toEqual([])
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('formats', () => {
  const link = (identity_id: string) => judge.request('POST /admin/recovery/link', { json: { identity_id } })
  const address = (created_at: string) =>
    judge.request('POST /admin/identities', {
      json: { schema_id: 'a', traits: {}, recovery_addresses: [{ id: ID, value: 'a', via: 'email', created_at }] },
    })

  it('uuid4 is checked', async () => {
    expect(await link(ID)).toEqual([])
    for (const id of ['x', ID.toUpperCase().slice(1), ID.replace('-4', '-1'), ID.replace('-9', '-c'), ` ${ID}`, '']) {
      expect(await link(id), id).toMatchObject([{ in: 'body', pointer: '/identity_id' }])
    }
  })

  it('date-time is checked', async () => {
    for (const at of ['2022-07-27T12:00:00Z', '2024-02-29T23:59:59.123456789+01:00', '0001-01-01T00:00:00Z']) {
      expect(await address(at), at).toEqual([])
    }
    const wrong = ['2022-07-27', '2022-13-01T00:00:00Z', '2022-02-29T00:00:00Z', '2022-07-27T24:00:00Z']
    for (const at of [...wrong, '2022-07-27T12:00:00', '2022-07-27 12:00:00Z', '', 'x']) {
      expect(await address(at), at).toMatchObject([{ pointer: '/recovery_addresses/0/created_at' }])
    }
  })

  it('patterns are checked', async () => {
    const link = (expires_in: string) =>
      judge.request('POST /admin/recovery/link', { json: { identity_id: ID, expires_in } })
    expect(await link('90m')).toEqual([])
    expect(await link('1.5h')).toMatchObject([{ pointer: '/expires_in' }])
  })
})

describe('the query', () => {
  it('counts empty values as absent', async () => {
    expect(await judge.verdict('GET /self-service/login/browser', { query: 'aal=&refresh=&return_to=' })).toEqual({
      violations: [],
      noted: [],
    })
    expect(await judge.request('POST /self-service/login', { query: 'flow=', form: submits[0]?.[1] as never })).toEqual(
      [{ in: 'query', pointer: '/flow', message: "must have required property 'flow'" }],
    )
  })

  it('notes unknown parameters and does not refuse them', async () => {
    const query = 'utm_source=a&__proto__=b&constructor=c&page=2'
    expect(await judge.verdict('GET /admin/identities', { query })).toEqual({
      violations: [],
      noted: ['utm_source', '__proto__', 'constructor'],
    })
  })

  it("takes booleans as Ory's client for Python writes them", async () => {
    const sessions = (active: string) =>
      judge.request(`GET /admin/identities/${ID}/sessions`, { query: `active=${active}` })
    expect(await sessions('True')).toEqual([])
    expect(await sessions('False')).toEqual([])
    expect(await sessions('Maybe')).toMatchObject([{ in: 'query', pointer: '/active' }])
    expect(await judge.request('GET /self-service/login/api', { query: 'refresh=True' })).toEqual([])
  })

  it('takes reserved characters as they are', async () => {
    const query = "return_to=https://a.b/c?d=[e]&f:g@h!$'()*+,;"
    expect(await judge.request('GET /self-service/login/browser', { query })).toEqual([])
  })

  it('takes broken percent signs for text', async () => {
    expect(await judge.request('GET /self-service/login/browser', { query: 'return_to=%zz&refresh=%' })).toMatchObject([
      { in: 'query', pointer: '/refresh' },
    ])
  })

  it('is judged by type and bounds', async () => {
    const violations = await judge.request('GET /admin/identities', { query: 'per_page=1001&page=0' })
    expect(violations).toEqual([
      { in: 'query', pointer: '/per_page', message: 'must be <= 1000' },
      { in: 'query', pointer: '/page', message: 'must be >= 1' },
    ])
    expect(await judge.request('GET /admin/identities', { query: 'page=1&page=2' })).toHaveLength(1)
    expect(await judge.request('GET /admin/identities/x', { query: 'include_credential=oidc' })).toEqual([])
  })
})

describe('the body', () => {
  const create = (request: object) => judge.request('POST /admin/identities', request)
  const json = { 'content-type': 'application/json' }

  it.each([
    ['no JSON', '{"a":', 'is no JSON'],
    ['null', 'null', 'must be object'],
    ['a list', '[]', 'must be object'],
    ['a text', '"a"', 'must be object'],
  ])('is refused when it is %s', async (_, text, message) => {
    for (const route of ['POST /admin/identities', 'PUT /projects/x']) {
      expect(await judge.request(route, { headers: json, text })).toMatchObject([
        { in: 'body', message: expect.stringContaining(message) },
      ])
    }
    expect(await judge.request('POST /self-service/login', { query: FLOW, headers: json, text })).toMatchObject([
      { in: 'body' },
    ])
  })

  it('may be absent only where the document does not require it', async () => {
    expect(await create({})).toEqual([])
    expect(await create({ headers: json })).toEqual([])
    expect(await judge.request('DELETE /self-service/logout/api', { headers: json })).toMatchObject([{ in: 'body' }])
    expect(await judge.request('DELETE /self-service/logout/api')).toMatchObject([{ in: 'media-type' }])
    expect(await judge.request('POST /self-service/login', { query: FLOW })).toMatchObject([{ in: 'media-type' }])
  })

  it.each([
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['Application/JSON ;charset="x"', true],
    ['application/x-www-form-urlencoded', false],
    ['application/problem+json', false],
    ['text/plain', false],
    ['multipart/form-data; boundary=x', false],
    ['nonsense', false],
    ['', false],
  ])('of an admin operation as "%s": accepted is %s', async (type, accepted) => {
    const violations = await create({ headers: { 'content-type': type }, text: '{"schema_id":"a","traits":{}}' })
    expect(violations.map((violation) => violation.in)).toEqual(accepted ? [] : ['media-type'])
  })

  it('has keys of prototypes as data', async () => {
    const text = '{"__proto__":{"polluted":1},"constructor":1,"schema_id":"a","traits":{"__proto__":{"polluted":1}}}'
    expect(await create({ headers: json, text })).toEqual([])
    expect({}).not.toHaveProperty('polluted')
    const login = '{"__proto__":{"password":"x"},"method":"password","identifier":"a"}'
    expect(await judge.request('POST /self-service/login', { query: FLOW, headers: json, text: login })).toHaveLength(1)
  })

  it('is not looked at where the document has none', async () => {
    expect(await judge.request('GET /sessions/whoami', { headers: json, text: '{"a":' })).toEqual([])
    expect(await judge.request('DELETE /sessions', { headers: { 'content-type': 'a/b' }, text: 'x' })).toEqual([])
  })

  it('has its violations counted up to a bound', async () => {
    const text = `[${Array(200).fill('{"op":"no-such"}').join()}]`
    expect(await judge.request('PATCH /admin/identities/x', { headers: json, text })).toHaveLength(50)
  })
})

describe('methods', () => {
  it('judges HEAD as GET', async () => {
    expect(await judge.request('HEAD /admin/identities', { query: 'page=0' })).toHaveLength(1)
    expect(await judge.request('HEAD /sessions/whoami')).toEqual([])
  })

  it('does not judge OPTIONS', async () => {
    const text = '{"a":'
    expect(await judge.request('OPTIONS /sessions/whoami', { headers: { 'content-type': 'x' }, text })).toEqual([])
  })

  it('finds a path that is not percent-encoded UTF-8', async () => {
    for (const id of ['%zz', '%', 'a%ff']) {
      expect(await judge.request(`GET /schemas/${id}`)).toMatchObject([{ in: 'path' }])
    }
  })
})
