import { expect, it } from 'vitest'
import { errorOf, kratos, PERSON } from './kratos.ts'

it('a schema is answered as the file was written, by its id or its id in base64url', async () => {
  const { agent } = kratos()
  for (const id of ['person', 'cGVyc29u']) {
    const reply = await agent.get(`/schemas/${id}`)
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      'application/json',
      JSON.stringify(PERSON, null, 2),
    ])
  }
})

it('an unknown schema is named as the id decodes', async () => {
  const { agent } = kratos()
  for (const [id, named] of [
    ['nope', '\ufffd\ufffd^'],
    ['nopes', 'nopes'],
    ['Zm9v', 'foo'],
  ]) {
    const reply = await agent.get(`/schemas/${id}`)
    expect(errorOf(reply)).toEqual({
      code: 404,
      status: 'Not Found',
      reason: `Identity schema \`${named}\` could not be found.`,
      message: 'The requested resource could not be found',
    })
  }
})

it('the list counts pages from zero, gives too much on later ones, and null beyond the end', async () => {
  const { agent } = kratos()
  const ids = async (query: string) => {
    const { body } = await agent.get(`/schemas${query}`)
    return body?.map((each: { id: string }) => each.id) ?? body
  }
  expect(await ids('')).toEqual(['person', 'username'])
  expect(await ids('?per_page=1')).toEqual(['person'])
  expect(await ids('?per_page=1&page=1')).toEqual(['username'])
  expect(await ids('?page=1')).toBeNull()
  const [first] = (await agent.get('/schemas')).body
  expect(JSON.parse(Buffer.from(first.schema, 'base64').toString())).toEqual(PERSON)
})
