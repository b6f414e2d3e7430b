import supertest from 'supertest'
import { createApp } from '../../src/app.ts'
import { createMock, type MockOptions } from '../../src/create-mock.ts'
import type { Json } from '../../src/json.ts'

export type Console = ReturnType<typeof console>

/** A server with the built-in project, and short ways to speak with its projects API. */
export function console(options: MockOptions = {}) {
  const mock = createMock({ seed: 'projects', ...options })
  const agent = supertest
    .agent(createApp(mock))
    .set('Authorization', 'Bearer ory_pat_any')
    .set('Host', 'localhost:4000')
  const own = async () => (await agent.get('/projects')).body[0].id as string
  const patch = (id: string, operations: readonly Operation[]) => agent.patch(`/projects/${id}`).send(operations)
  const create = async (name = 'My App') => (await agent.post('/projects').send({ name })).body
  return { agent, mock, own, patch, create }
}

export interface Operation {
  readonly op: string
  readonly path: string
  readonly value?: Json
  readonly from?: string
}

/** A path below the configuration of a service. */
export const identity = (path: string) => `/services/identity/config${path}`
export const permission = (path: string) => `/services/permission/config${path}`

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
export const INVALID = 'Unable to validate config: I[#] S[#/oneOf] oneOf failed'
