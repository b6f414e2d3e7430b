import { beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/json.ts'
import { type Kratos, kratos, saidBy } from './kratos.ts'

let server: Kratos
beforeEach(() => {
  server = kratos()
})

const FORM = 'application/x-www-form-urlencoded'
const EMAIL = { email: 'ann@example.org' }
const GOOD = { method: 'password', password: 'wet-tulip-42' }

/** The traits that a sign-up leaves behind; what it says when it is refused. */
async function traitsOf(body: JsonObject | string, type?: string) {
  const reply = await server.signUp(body, type)
  return reply.status === 200 ? reply.body.identity.traits : saidBy(reply)
}

describe('a form', () => {
  type Field = readonly [string, string]
  const form = (fields: readonly Field[]) => {
    const body = new URLSearchParams({ ...GOOD, 'traits.email': EMAIL.email })
    for (const [name, value] of fields) body.append(name, value)
    return body.toString()
  }
  const read = (fields: readonly Field[]) => traitsOf(form(fields), FORM)

  it('is read by the schema: numbers, booleans, nested names; empty texts are absent, unknown names dropped', async () => {
    expect(
      await read([
        ['traits.age', '21'],
        ['traits.newsletter', 'false'],
        ['traits.newsletter', 'true'],
        ['traits.name.first', 'Ann'],
        ['traits.name.last', ''],
        ['traits.shoe', '9'],
      ]),
    ).toEqual({ ...EMAIL, age: 21, newsletter: true, name: { first: 'Ann' } })
  })

  it('has every object of the schema, and takes the last value of a boolean', async () => {
    expect(
      await read([
        ['traits.newsletter', 'true'],
        ['traits.newsletter', 'f'],
        ['traits.age', ''],
      ]),
    ).toEqual({
      ...EMAIL,
      newsletter: false,
      name: {},
    })
  })

  it('keeps a text that is no number and no boolean, for the schema to refuse', async () => {
    expect(
      await read([
        ['traits.age', 'many'],
        ['traits.newsletter', 'on'],
      ]),
    ).toEqual({
      'traits.age': ['expected integer, but got string'],
      'traits.newsletter': ['expected boolean, but got string'],
    })
  })

  it('says what Go says of a broken escape', async () => {
    expect(await traitsOf('method=password&x=%)$', FORM)).toEqual({
      '': ['Unable to decode HTTP POST form body: invalid URL escape "%)$"'],
    })
  })

  it('of several parts is an empty one', async () => {
    const said = await traitsOf('--x', 'multipart/form-data; boundary=x')
    expect(said).toEqual({ '': [expect.stringContaining('Could not find a strategy')] })
  })
})

describe('a JSON body', () => {
  it('of scalars alone is read like a form, dotted names and all', async () => {
    const flat = {
      ...GOOD,
      password: 1234567890,
      'traits.email': EMAIL.email,
      'traits.age': '21',
      'traits.newsletter': true,
    }
    expect(await traitsOf(flat)).toEqual({ ...EMAIL, age: 21, newsletter: true, name: {} })
    expect(await traitsOf({ ...flat, 'traits.email': 'bob@example.org', 'traits.age': null })).toEqual({
      email: 'bob@example.org',
      newsletter: true,
      name: {},
    })
  })

  it('with an object in it is taken as it is', async () => {
    expect(await traitsOf({ ...GOOD, traits: EMAIL, 'traits.age': 21 })).toEqual(EMAIL)
    expect(await traitsOf({ ...GOOD, traits: { ...EMAIL, age: '21', newsletter: '', name: { first: '' } } })).toEqual({
      'traits.age': ['expected integer, but got string'],
      'traits.newsletter': ['expected boolean, but got string'],
      'traits.name.first': ['length must be >= 2, but got 0'],
    })
  })

  it('is refused by the decoder where a field of the method has another type', async () => {
    expect(await traitsOf({ ...GOOD, password: -1.5, traits: EMAIL })).toEqual({
      '': [
        'Unable to decode JSON payload: json: cannot unmarshal number into Go struct field SubmitSelfServiceRegistrationFlowWithPasswordMethodBody.password of type string',
      ],
    })
    expect(await traitsOf({ ...GOOD, method: { a: 1 } })).toEqual({
      '': ['Unable to decode JSON payload: json: cannot unmarshal object into Go struct field .method of type string'],
    })
    expect(await traitsOf({ ...GOOD, password: null, traits: EMAIL })).toEqual({
      password: ['expected string, but got null'],
    })
  })

  it('must be an object', async () => {
    for (const [text, type] of [
      ['[1]', 'JSON'],
      ['5', 'Number'],
      ['"x"', 'String'],
      ['null', 'Null'],
      ['true', 'True'],
      ['false', 'False'],
    ]) {
      expect(await traitsOf(text ?? '', 'application/json')).toEqual({
        '': [`Expected JSON sent in request body to be an object but got: ${type}`],
      })
    }
  })

  it('that is broken is no message of the form: 400 outside, 500 inside', async () => {
    const reply = await server.signUp('{"method":"password"', 'application/json')
    expect([reply.status, reply.body]).toEqual([
      400,
      { error: { code: 500, status: 'Internal Server Error', message: 'unexpected EOF' } },
    ])
  })
})

it('a body that is missing or of another type says so in the form', async () => {
  expect(await traitsOf('', 'application/json')).toEqual({
    '': ['Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero.'],
  })
  expect(await traitsOf('x', 'text/plain')).toEqual({
    '': [
      'HTTP POST Request used unknown HTTP Header "Content-Type: text/plain", only [multipart/form-data application/x-www-form-urlencoded application/json] are supported.',
    ],
  })
})

it('what a schema misses is told at the node of what is missing, what it forbids at a node of its own', async () => {
  expect(await traitsOf({ method: 'password', traits: {} })).toEqual({
    'traits.email': ['Property email is missing.'],
    password: ['Property password is missing.'],
  })
  expect(await traitsOf({ ...GOOD, traits: { ...EMAIL, shoe: 9 } })).toEqual({
    traits: ['additionalProperties "shoe" not allowed'],
  })
})
