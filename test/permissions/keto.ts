import supertest from 'supertest'
import { createApp } from '../../src/app.ts'
import { createMock } from '../../src/create-mock.ts'
import type { JsonObject } from '../../src/json.ts'

export type Keto = ReturnType<typeof keto>

/** A server as Keto's own, with two namespaces, and short ways to speak with it. */
export function keto(config: JsonObject = {}) {
  const namespaces = [
    { id: 0, name: 'files' },
    { id: 1, name: 'groups' },
  ]
  const mock = createMock({ config: { namespaces, ...config }, dialect: 'wire' })
  const agent = supertest(createApp(mock))
  /** `files:doc#view@alice`, or with a set `files:doc#view@groups:dev#member`. */
  const write = async (...tuples: readonly string[]) => {
    const deltas = tuples.map((text) => ({ action: 'insert', relation_tuple: tupleOf(text) }))
    const reply = await agent.patch('/admin/relation-tuples').send(deltas)
    if (reply.status !== 204) throw new Error(reply.text)
  }
  const list = async (query = ''): Promise<string[]> => {
    const reply = await agent.get(`/relation-tuples${query}`)
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.body.relation_tuples.map(textOf)
  }
  const allowed = async (text: string, depth?: number): Promise<boolean> => {
    const query = depth === undefined ? '' : `?max-depth=${depth}`
    const reply = await agent.post(`/relation-tuples/check/openapi${query}`).send(tupleOf(text))
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.body.allowed
  }
  return { agent, mock, world: mock.sandboxes.enter('default').sandbox.world, write, list, allowed }
}

const SET = /^([^:]*):([^#]*)#([^@]*)$/

export function tupleOf(text: string): JsonObject {
  const [, namespace = '', object = '', relation = '', subject = ''] = /^([^:]*):([^#]*)#([^@]*)@(.*)$/.exec(text) ?? []
  const set = SET.exec(subject)
  if (!set) return { namespace, object, relation, subject_id: subject }
  return { namespace, object, relation, subject_set: { namespace: set[1], object: set[2], relation: set[3] } }
}

function textOf(tuple: Record<string, unknown>): string {
  const set = (each: Record<string, unknown>) => `${each['namespace']}:${each['object']}#${each['relation']}`
  const { subject_id: id, subject_set: subject } = tuple
  return `${set(tuple)}@${id ?? set(subject as Record<string, unknown>)}`
}

/** The body of an error, as the servers write it. */
export function error(code: number, message: string, rest: JsonObject = {}): JsonObject {
  const status = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' }[code] ?? ''
  return { error: { code, status, ...rest, message } }
}

export const unknownNamespace = (quoted: string) =>
  error(404, 'The requested resource could not be found', { reason: `Unknown namespace with name ${quoted}.` })

export const CLASS_TEXT = 'The request was malformed or contained invalid parameters'
export const NO_SUBJECT = 'subject is not allowed to be nil'
export const TWO_SUBJECTS = 'exactly one of subject_set or subject_id has to be provided'
export const HALF_A_SET = 'incomplete subject, provide "subject_id" or a complete "subject_set.*"'
