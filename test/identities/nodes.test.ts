import { describe, expect, it } from 'vitest'
import { messages } from '../../src/flows/messages.ts'
import {
  addMessage,
  csrfNode,
  inputNode,
  nodeId,
  resetMessages,
  setNodeValue,
  sortNodes,
} from '../../src/flows/nodes.ts'
import { schemaKeys, showTraits, traitNodes } from '../../src/flows/trait-nodes.ts'
import type { InputAttributes, NodeGroup, UiContainer } from '../../src/state/records.ts'
import { PERSON } from './kratos.ts'

const node = (name: string, group: NodeGroup, value?: string) => inputNode(name, group, 'text', { value })

describe('nodes', () => {
  it('are sorted by group, then by the first key that their name begins with, then by value; method is last', () => {
    const nodes = [
      node('method', 'password', 'password'),
      node('zz', 'password'),
      node('traits.b', 'password'),
      node('password', 'password'),
      node('traits.a', 'password'),
      node('provider', 'oidc', 'github'),
      node('provider', 'oidc', 'acme'),
      node('csrf_token', 'default'),
      node('x', 'totp'),
    ]
    const sorted = sortNodes(nodes, ['default', 'oidc', 'password'], ['traits.b', 'password', 'traits.a'])
    expect(sorted.map((each) => [nodeId(each), (each.attributes as InputAttributes).value])).toEqual([
      ['x', undefined],
      ['csrf_token', undefined],
      ['provider', 'acme'],
      ['provider', 'github'],
      ['traits.b', undefined],
      ['password', undefined],
      ['traits.a', undefined],
      ['zz', undefined],
      ['method', 'password'],
    ])
  })

  it('keep the order of their attributes when a value is set or taken away', () => {
    const made = inputNode('a', 'default', 'email', { required: true, autocomplete: 'email', pattern: 'x' })
    const [valued] = setNodeValue([made], 'a', 'v')
    expect(Object.keys(valued?.attributes ?? {})).toEqual([
      'name',
      'type',
      'value',
      'required',
      'autocomplete',
      'pattern',
      'disabled',
      'node_type',
    ])
    expect(setNodeValue([made], 'b', 'v')).toEqual([made])
    expect(setNodeValue(setNodeValue([made], 'a', 'v'), 'a', undefined)).toEqual([made])
  })

  it('take the messages of their name; a name without a node gets one; no name is the form', () => {
    const empty: UiContainer = { action: '', method: 'POST', nodes: [csrfNode('')], messages: [] }
    const message = messages.validation('no')
    const ui = addMessage(addMessage(addMessage(empty, message), message, 'csrf_token'), message, 'traits')
    expect(ui.messages).toEqual([message])
    expect(ui.nodes).toEqual([
      { ...csrfNode(''), messages: [message] },
      {
        type: 'input',
        group: 'default',
        attributes: { name: 'traits', type: 'text', disabled: false, node_type: 'input' },
        messages: [message],
        meta: {},
      },
    ])
    expect(resetMessages(ui)).toEqual({ ...empty, nodes: [csrfNode(''), node('traits', 'default')] })
    expect(empty.nodes).toEqual([csrfNode('')])
  })
})

describe('the nodes of an identity schema', () => {
  it('are its leaves, each as its type, format, title and requirement ask', () => {
    const nodes = traitNodes(
      {
        properties: {
          traits: {
            type: 'object',
            required: ['a'],
            properties: {
              a: { type: 'string', format: 'email', title: 'A' },
              b: { type: 'string', format: 'date-time' },
              c: { type: 'number' },
              d: { type: 'boolean' },
              e: { type: 'array', items: { type: 'string' } },
              f: { type: 'array', items: { type: 'object' } },
              g: { type: ['string', 'null'] },
              h: { type: 'string', pattern: '^x' },
              i: { $ref: '#/definitions/uri' },
              password: { type: 'string' },
            },
          },
          metadata_public: { type: 'object', properties: { picture: { type: 'string' } } },
        },
        definitions: { uri: { type: 'string', format: 'uri' } },
      },
      'password',
    )
    const input = { disabled: false, node_type: 'input' }
    expect(nodes.map((each) => each.attributes)).toEqual([
      { name: 'metadata_public.picture', type: 'text', ...input },
      { name: 'traits.a', type: 'email', required: true, autocomplete: 'email', ...input },
      { name: 'traits.b', type: 'datetime-local', ...input },
      { name: 'traits.c', type: 'number', ...input },
      { name: 'traits.d', type: 'checkbox', ...input },
      { name: 'traits.e', type: 'text', ...input },
      { name: 'traits.h', type: 'text', pattern: '^x', ...input },
      { name: 'traits.i', type: 'url', autocomplete: 'url', ...input },
      { name: 'traits.password', type: 'text', ...input },
    ])
    expect(nodes[1]?.meta).toEqual({ label: messages.traitLabel('A') })
    expect(nodes[2]?.meta).toEqual({})
  })

  it('keep the order in which the schema is written', () => {
    expect(schemaKeys(PERSON)).toEqual([
      'traits.email',
      'traits.name.first',
      'traits.name.last',
      'traits.age',
      'traits.newsletter',
    ])
  })

  it('show the traits of settings: what was not sent is emptied, what the schema lacks is added', () => {
    const before = showTraits(traitNodes(PERSON, 'profile'), { email: 'a@b.c', age: 5 }, 'profile', false)
    const after = showTraits(before, { email: 'x', name: { first: null }, shoe: 9, list: ['q', true] }, 'profile')
    const values = after.map(({ attributes }) => {
      const { name, type, value } = attributes as InputAttributes
      return [name, type, value]
    })
    expect(values).toEqual([
      ['traits.age', 'number', undefined],
      ['traits.email', 'email', 'x'],
      ['traits.name.first', 'text', undefined],
      ['traits.name.last', 'text', undefined],
      ['traits.newsletter', 'checkbox', undefined],
      ['traits.shoe', 'number', 9],
      ['traits.list.0', 'text', 'q'],
      ['traits.list.1', 'checkbox', true],
    ])
  })
})
