import { flatten } from '../identities/flatten.ts'
import { compileSchema } from '../identities/json-schema/compile.ts'
import { keysInOrder, listPaths, type SchemaPath } from '../identities/json-schema/paths.ts'
import type { Json, JsonObject } from '../json.ts'
import type { NodeGroup, UiNode } from '../state/records.ts'
import { messages } from './messages.ts'
import { inputNode, type Nodes, nodeId, resetNodes, setNodeValue } from './nodes.ts'

/*
 * Nodes that an identity schema asks for (kratos-login-registration-sessions §3.2,
 * kratos-settings-recovery-verification-mfa §1.4).
 */

/** One input per leaf of the identity schema, sorted by name, without values. */
export function traitNodes(identitySchema: JsonObject, group: NodeGroup): Nodes {
  return listPaths(compileSchema(identitySchema))
    .filter((path) => path.hint !== 'json')
    .map((path) => traitNode(path, group))
}

/** The leaves of the identity schema in the order in which it is written, e.g. `traits.email`: the key order of a form. */
export function schemaKeys(identitySchema: JsonObject): readonly string[] {
  return keysInOrder(compileSchema(identitySchema))
}

/** Shows submitted traits in the nodes that there are, as registration does. */
export function fillTraitNodes(nodes: Nodes, traits: Json | undefined): Nodes {
  return [...flatten(traits)].reduce(
    (filled, [name, value]) => setNodeValue(filled, `traits.${name}`, value ?? undefined),
    nodes,
  )
}

/**
 * Shows traits as settings does: every trait node loses value and messages, then each trait is shown in its node, which
 * goes to `group`, or in a new one when the schema has none.
 * @param reset off when the nodes are fresh
 */
export function showTraits(nodes: Nodes, traits: Json | undefined, group: NodeGroup, reset = true): Nodes {
  let shown = reset ? resetNodes(nodes, (id) => id.startsWith('traits.')) : nodes
  for (const [key, trait] of flatten(traits)) {
    const name = `traits.${key}`
    // a null trait is shown as no value
    const value = trait ?? undefined
    const at = shown.findIndex((each) => nodeId(each) === name)
    const found = shown[at]
    if (found === undefined) shown = [...shown, inputNode(name, group, typeOfValue(name, value), { value })]
    else shown = setNodeValue(shown.with(at, { ...found, group }), name, value)
  }
  return shown
}

interface Look {
  readonly type: string
  readonly autocomplete?: string
}

const LOOKS: ReadonlyMap<string, Look> = new Map([
  ['date-time', { type: 'datetime-local' }],
  ['email', { type: 'email', autocomplete: 'email' }],
  ['tel', { type: 'tel', autocomplete: 'tel' }],
  ['date', { type: 'date' }],
  ['uri', { type: 'url', autocomplete: 'url' }],
  ['regex', { type: 'text' }],
])

function traitNode(path: SchemaPath, group: NodeGroup): UiNode {
  const look: Look = LOOKS.get(path.format ?? '') ?? { type: typeOfPath(path) }
  return inputNode(path.name, group, look.type, {
    required: path.required,
    autocomplete: look.autocomplete,
    pattern: path.pattern,
    ...(path.title === undefined ? {} : { label: messages.traitLabel(path.title) }),
  })
}

function typeOfPath(path: SchemaPath): string {
  const byName = typeOfName(path.name)
  if (byName !== undefined) return byName
  if (path.type === 'number') return 'number'
  return path.type === 'boolean' ? 'checkbox' : 'text'
}

function typeOfValue(name: string, value: Json | undefined): string {
  const byName = typeOfName(name)
  if (byName !== undefined) return byName
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'checkbox' : 'text'
}

/** A property at the top of the schema may carry one of these names; a trait's name begins with `traits.`. */
function typeOfName(name: string): string | undefined {
  if (name === 'csrf_token') return 'hidden'
  return name === 'password' ? 'password' : undefined
}
