import supertest from 'supertest'
import { createApp } from '../../src/app.ts'
import { mergeConfig } from '../../src/config/merge.ts'
import { createMock } from '../../src/create-mock.ts'
import type { JsonObject } from '../../src/json.ts'
import { START } from '../support/running-mock.ts'

/** A person: an e-mail that identifies, is verified and recovers, and traits of every scalar type. */
export const PERSON: JsonObject = {
  $id: 'https://schemas.example.org/person.schema.json',
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          title: 'E-Mail',
          'ory.sh/kratos': {
            credentials: { password: { identifier: true }, webauthn: { identifier: true } },
            verification: { via: 'email' },
            recovery: { via: 'email' },
          },
        },
        name: {
          type: 'object',
          properties: { first: { type: 'string', minLength: 2 }, last: { type: 'string', title: 'Last name' } },
        },
        age: { type: 'integer', maximum: 120 },
        newsletter: { type: 'boolean' },
      },
      required: ['email'],
      additionalProperties: false,
    },
  },
}

/** A user name that identifies, and nothing to be reached by. */
export const USERNAME: JsonObject = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        username: { type: 'string', 'ory.sh/kratos': { credentials: { password: { identifier: true } } } },
      },
    },
  },
}

export type Kratos = ReturnType<typeof kratos>

/** A server with the two schemas, writing as the real servers write. */
export function kratos(config: JsonObject = {}) {
  const base: JsonObject = {
    serve: { public: { base_url: 'http://127.0.0.1:4433/' }, admin: { base_url: 'http://127.0.0.1:4434/' } },
    selfservice: {
      default_browser_return_url: 'http://127.0.0.1/ui/welcome',
      methods: { password: { config: { haveibeenpwned_enabled: false } } },
    },
    identity: {
      default_schema_id: 'person',
      schemas: [
        { id: 'person', url: addressOf(PERSON) },
        { id: 'username', url: addressOf(USERNAME) },
      ],
    },
  }
  const mock = createMock({ config: mergeConfig(base, config), dialect: 'wire', auth: 'off', seed: 'x', clock: START })
  const agent = supertest(createApp(mock))
  const { world } = mock.sandboxes.enter('default').sandbox
  const create = async (body: JsonObject) => {
    const reply = await agent.post('/admin/identities').send(body)
    if (reply.status !== 201) throw new Error(reply.text)
    return reply.body
  }
  const person = (email: string, rest: JsonObject = {}) => create({ traits: { email }, ...rest })
  /** Signs in as a native app does; answers the status. */
  const signIn = async (identifier: string, password: string): Promise<number> => {
    const flow = await agent.get('/self-service/login/api')
    const body = { method: 'password', identifier, password }
    return (await agent.post(`/self-service/login?flow=${flow.body.id}`).send(body)).status
  }
  /** Signs up as a native app does. */
  const signUp = async (body: JsonObject | string, type = 'application/json') => {
    const flow = await agent.get('/self-service/registration/api')
    return agent.post(`/self-service/registration?flow=${flow.body.id}`).set('Content-Type', type).send(body)
  }
  return { agent, mock, world, create, person, signIn, signUp }
}

/** A schema as the address that carries it whole. */
export function addressOf(schema: JsonObject): string {
  return `base64://${Buffer.from(JSON.stringify(schema, null, 2)).toString('base64')}`
}

/** The inner object of an error's body. */
export function errorOf(reply: { readonly body: unknown }): JsonObject {
  return (reply.body as { readonly error: JsonObject }).error
}

/** What a form says: global messages under `''`, the others under their node. */
export function saidBy(reply: { readonly body: unknown }): Record<string, string[]> {
  const { ui } = reply.body as {
    readonly ui: {
      readonly messages?: readonly { readonly text: string }[]
      readonly nodes: readonly {
        readonly attributes: { readonly name: string }
        readonly messages: readonly { readonly text: string }[]
      }[]
    }
  }
  const said: Record<string, string[]> = {}
  if (ui.messages) said[''] = ui.messages.map((message) => message.text)
  for (const node of ui.nodes) {
    if (node.messages.length > 0) said[node.attributes.name] = node.messages.map((message) => message.text)
  }
  return said
}
