/** @import {NodeGroup, UiContainer, UiNode} from '../../state/records.ts' */
import { element } from './element.js'
import { messageList } from './messages.js'
import { renderNode } from './nodes.js'

/*
 * A flow's nodes as forms. Each is sent to `ui.action` as forms are, so that redirects and cookies act as in real life.
 */

/** @typedef {{ readonly group: NodeGroup, readonly nodes: readonly UiNode[] }} Group */

/** Headings of the settings' sections. */
const GROUP_NAMES = new Map([
  ['profile', 'Profile'],
  ['password', 'Password'],
  ['oidc', 'Social sign-in'],
  ['webauthn', 'Security keys'],
  ['totp', 'Authenticator app'],
  ['lookup_secret', 'Backup recovery codes'],
  ['link', 'Link by e-mail'],
])

/**
 * One section for each group of settings: each is saved by itself.
 * @param {UiContainer} ui
 * @returns {readonly HTMLElement[]}
 */
export function settingsSections(ui) {
  const { shared, groups } = split(ui.nodes ?? [])
  const visible = shared.filter((node) => !isHidden(node))
  return groups.map(({ group, nodes }) => {
    const own = visible.filter((node) => groupOfName(nameOf(node)) === group)
    const title = `section/${group}`
    const made = form(ui, shared.filter(isHidden), own, [{ group, nodes }])
    made.addEventListener('submit', () => sessionStorage.setItem('settings/section', title))
    return element(
      'section',
      { 'aria-labelledby': title },
      element('h2', { id: title, tabindex: -1 }, GROUP_NAMES.get(group) ?? group),
      made,
    )
  })
}

/**
 * The server adds a field to the group `default` when a message has no field to stand at: here it goes to its section,
 * and only its message is shown where a button has its name.
 * @param {string} name
 */
function groupOfName(name) {
  if (name.startsWith('traits.')) return 'profile'
  if (name === 'link' || name === 'unlink') return 'oidc'
  return [...GROUP_NAMES.keys()].find((group) => name.startsWith(group)) ?? 'profile'
}

/**
 * The forms of every other flow: one for the methods that share a field such as the identifier, one for each other
 * method, and the social providers by themselves, which need no field filled in.
 * @param {UiContainer} ui
 * @returns {readonly HTMLElement[]}
 */
export function methodForms(ui) {
  const { shared, groups } = split(ui.nodes ?? [])
  const hidden = shared.filter(isHidden)
  const visible = shared.filter((node) => !isHidden(node))
  const social = groups.filter(({ group }) => group === 'oidc')
  const rest = groups.filter(({ group }) => group !== 'oidc')
  const together = visible.length > 0 ? [rest] : rest.map((group) => [group])
  const first = together.map((each) => form(ui, hidden, visible, passwordFirst(each)))
  const forms = [...first, ...social.map((each) => form(ui, hidden, [], [each]))]
  return forms.flatMap((each, at) => (at === 0 ? [each] : [divider(), each]))
}

/** Enter sends the first button of a form: that of the password, where there is one. @param {readonly Group[]} groups */
function passwordFirst(groups) {
  const isPassword = (/** @type {Group} */ { group }) => group === 'password'
  return [...groups.filter(isPassword), ...groups.filter((each) => !isPassword(each))]
}

const divider = () => element('p', { class: 'or' }, 'or')

/**
 * @param {UiContainer} ui
 * @param {readonly UiNode[]} hidden of the group `default`, which every form sends
 * @param {readonly UiNode[]} visible fields that the groups share
 * @param {readonly Group[]} groups
 */
function form(ui, hidden, visible, groups) {
  const made = element('form', { action: ui.action, method: ui.method, 'data-testid': 'form' })
  const buttons = new Set(groups.flatMap(({ nodes }) => nodes.map(nameOf)))
  const shown = visible.map((node) => (buttons.has(nameOf(node)) ? messageList(node.messages) : renderNode(node)))
  made.append(...hidden.map((node) => renderNode(node)), ...shown)
  const isFilledIn = [...visible, ...groups.flatMap(({ nodes }) => nodes)].some(isField)
  groups.forEach(({ nodes }, at) => {
    if (at > 0) made.append(divider())
    made.append(...nodes.map((node) => renderNode(node, buttonOptions(node, at > 0, isFilledIn))))
  })
  made.addEventListener('formdata', sendInstants)
  made.addEventListener('formdata', ({ formData }) => nameMethod(formData, groups))
  return made
}

/**
 * @param {UiNode} node
 * @param {boolean} follows another group stands above its own in the same form
 * @param {boolean} isFilledIn the form has fields
 */
function buttonOptions(node, follows, isFilledIn) {
  const name = nameOf(node)
  const isMain = name === 'method' || /_(trigger|confirm)$/.test(name) || (name === 'provider' && isFilledIn)
  return { primary: isMain && !follows, skipsValidation: follows }
}

/**
 * The browser's field for date and time knows no time zone, the API wants one: RFC 3339.
 * @param {FormDataEvent} event
 */
function sendInstants({ formData, currentTarget }) {
  if (!(currentTarget instanceof HTMLFormElement)) return
  for (const field of currentTarget.elements) {
    if (!(field instanceof HTMLInputElement) || field.type !== 'datetime-local' || field.value === '') continue
    formData.set(field.name, new Date(field.value).toISOString())
  }
}

/**
 * The document wants every form to name its method. Buttons such as those of providers do not, nor does the security key
 * script, which sends the form without any button.
 * @param {FormData} formData
 * @param {readonly Group[]} groups
 */
function nameMethod(formData, groups) {
  const sender = groups.find(({ group }) => group === 'webauthn') ?? groups[0]
  if (sender && !formData.has('method')) formData.set('method', sender.group)
}

/**
 * The nodes of the group `default`, and those of each other group, in the order in which the groups come.
 * @param {readonly UiNode[]} nodes
 */
function split(nodes) {
  /** @type {Map<NodeGroup, UiNode[]>} */
  const groups = new Map()
  for (const node of nodes) groups.set(node.group, [...(groups.get(node.group) ?? []), node])
  const shared = groups.get('default') ?? []
  groups.delete('default')
  return { shared, groups: [...groups].map(([group, of]) => ({ group, nodes: of })) }
}

/** @param {UiNode} node */
const isHidden = ({ attributes }) => attributes.node_type === 'input' && attributes.type === 'hidden'

/** @param {UiNode} node */
const isField = ({ attributes }) =>
  attributes.node_type === 'input' && !['hidden', 'submit', 'button'].includes(attributes.type)

/** @param {UiNode} node */
const nameOf = ({ attributes }) => (attributes.node_type === 'input' ? attributes.name : attributes.id)
