import type { Json } from '../json.ts'
import type { InputAttributes, NodeGroup, ScriptAttributes, UiContainer, UiNode, UiText } from '../state/records.ts'

/*
 * The nodes of a flow's form: how they are made, found, sorted and filled. Nodes are never changed in place; every function
 * answers new ones. Sources: kratos-login-registration-sessions §1.5, §1.10, §1.11.
 */

export type Nodes = readonly UiNode[]

/** A node without a label. */
export interface InputOptions {
  readonly value?: Json | undefined
  readonly required?: boolean
  readonly autocomplete?: string | undefined
  readonly pattern?: string | undefined
  readonly onclick?: string
  readonly label?: UiText
}

/** An input node, its attributes in the order in which the real servers write them. */
export function inputNode(name: string, group: NodeGroup, type: string, options: InputOptions = {}): UiNode {
  const { value, required, autocomplete, pattern, onclick, label } = options
  return node(
    'input',
    group,
    {
      name,
      type,
      ...(value === undefined ? {} : { value }),
      ...(required ? { required } : {}),
      ...(autocomplete === undefined ? {} : { autocomplete }),
      ...(pattern === undefined ? {} : { pattern }),
      disabled: false,
      ...(onclick === undefined ? {} : { onclick }),
      node_type: 'input',
    },
    label,
  )
}

/** The node that carries the masked CSRF token; `''` in API flows. */
export function csrfNode(token: string): UiNode {
  return inputNode('csrf_token', 'default', 'hidden', { value: token, required: true })
}

/** A button: most often named `method`, its value the method's name. */
export function submitNode(name: string, group: NodeGroup, value: string, label: UiText): UiNode {
  return inputNode(name, group, 'submit', { value, label })
}

export function imageNode(id: string, group: NodeGroup, src: string, size: number, label: UiText): UiNode {
  return node('img', group, { src, id, width: size, height: size, node_type: 'img' }, label)
}

export function textNode(id: string, group: NodeGroup, text: UiText, label: UiText): UiNode {
  return node('text', group, { text, id, node_type: 'text' }, label)
}

/** A script that the page must load; browsers check `integrity`. */
export function scriptNode(
  id: string,
  group: NodeGroup,
  script: Pick<ScriptAttributes, 'src' | 'integrity' | 'nonce'>,
): UiNode {
  return node('script', group, {
    src: script.src,
    async: true,
    referrerpolicy: 'no-referrer',
    crossorigin: 'anonymous',
    integrity: script.integrity,
    type: 'text/javascript',
    id,
    nonce: script.nonce,
    node_type: 'script',
  })
}

function node(type: UiNode['type'], group: NodeGroup, attributes: UiNode['attributes'], label?: UiText): UiNode {
  return { type, group, attributes, messages: [], meta: label === undefined ? {} : { label } }
}

/** What a node is found by: the name of an input, the id of any other. */
export function nodeId(of: UiNode): string {
  return isInput(of.attributes) ? of.attributes.name : of.attributes.id
}

export function findNode(nodes: Nodes | null, id: string): UiNode | undefined {
  return nodes?.find((each) => nodeId(each) === id)
}

/** The value of an input node; `undefined` when it has none, or is no input. */
export function nodeValue(of: UiNode | undefined): Json | undefined {
  return of !== undefined && isInput(of.attributes) ? of.attributes.value : undefined
}

/** Replaces the first node of the same id, or adds this one at the end. */
export function upsertNode(nodes: Nodes | null, replacement: UiNode): Nodes {
  const id = nodeId(replacement)
  const at = (nodes ?? []).findIndex((each) => nodeId(each) === id)
  return at === -1 ? [...(nodes ?? []), replacement] : (nodes ?? []).with(at, replacement)
}

const REPEATED = new Set(['method', 'provider'])

/** One node of a name, but for the buttons: of those that several methods bring the last one counts. */
export function uniqueNodes(nodes: Nodes): Nodes {
  return nodes.filter((node, at) => REPEATED.has(nodeId(node)) || !findNode(nodes.slice(at + 1), nodeId(node)))
}

export function removeNodes(nodes: Nodes | null, ...ids: readonly string[]): Nodes {
  return (nodes ?? []).filter((each) => !ids.includes(nodeId(each)))
}

/** Sets the value of the first node of that id; without such a node nothing changes. `undefined` takes the value away. */
export function setNodeValue(nodes: Nodes, id: string, value: Json | undefined): Nodes {
  const at = nodes.findIndex((each) => nodeId(each) === id)
  const found = nodes[at]
  return found === undefined ? nodes : nodes.with(at, withValue(found, value))
}

export function withValue(of: UiNode, value: Json | undefined): UiNode {
  if (!isInput(of.attributes)) return of
  const { name, type, value: _, ...rest } = of.attributes
  return { ...of, attributes: { name, type, ...(value === undefined ? {} : { value }), ...rest } }
}

/** Takes value and messages from the nodes that `which` chooses. */
export function resetNodes(nodes: Nodes, which: (id: string) => boolean): Nodes {
  return nodes.map((each) => (which(nodeId(each)) ? { ...withValue(each, undefined), messages: [] } : each))
}

/** Clears the messages of the form and of its nodes. */
export function resetMessages(ui: UiContainer): UiContainer {
  const nodes = ui.nodes?.map((each) => (each.messages.length === 0 ? each : { ...each, messages: [] })) ?? null
  return { ...ui, nodes, messages: [] }
}

/**
 * Adds a message: to the form when there is no name, else to the node of that name, which is made when there is none
 * (§1.5, item 3).
 */
export function addMessage(ui: UiContainer, message: UiText, name = ''): UiContainer {
  if (name.trim() === '') return { ...ui, messages: [...ui.messages, message] }
  const nodes = ui.nodes ?? []
  const at = nodes.findIndex((each) => nodeId(each) === name)
  const found = nodes[at]
  const made = found ?? inputNode(name, 'default', 'text')
  const changed: UiNode = { ...made, messages: [...made.messages, message] }
  return { ...ui, nodes: found === undefined ? [...nodes, changed] : nodes.with(at, changed) }
}

/**
 * Sorts nodes as the real servers do (§1.11): by group, those of unknown groups first; within a group by the first key that
 * the name begins with, unknown names behind them, `method` last; then by value, as text.
 */
export function sortNodes(nodes: Nodes, groupOrder: readonly NodeGroup[], keyOrder: readonly string[]): Nodes {
  const ranked = nodes.map((each) => ({
    node: each,
    group: groupOrder.indexOf(each.group),
    key: keyRank(nodeId(each), keyOrder),
    value: valueText(each),
  }))
  ranked.sort((a, b) => {
    if (a.group !== b.group) return a.group - b.group
    if (a.node.group !== b.node.group) return 0
    if (a.key !== b.key) return a.key - b.key
    return a.value === b.value ? 0 : a.value < b.value ? -1 : 1
  })
  return ranked.map((each) => each.node)
}

function keyRank(id: string, keyOrder: readonly string[]): number {
  if (id === 'method') return keyOrder.length + 1
  const at = keyOrder.findIndex((key) => id.startsWith(key))
  return at === -1 ? keyOrder.length : at
}

/** A value as Go's `%v` prints it: that of a text node is its message, of an image its address. */
function valueText(of: UiNode): string {
  const { attributes } = of
  if (isInput(attributes)) return attributes.value === undefined ? '<nil>' : String(attributes.value)
  if (attributes.node_type === 'text') return `{${attributes.text.id} ${attributes.text.text}}`
  return attributes.src
}

function isInput(attributes: UiNode['attributes']): attributes is InputAttributes {
  return attributes.node_type === 'input'
}
