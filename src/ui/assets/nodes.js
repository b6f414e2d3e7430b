/** @import {ImageAttributes, InputAttributes, ScriptAttributes, TextAttributes, UiNode, UiText} from '../../state/records.ts' */
import { element } from './element.js'
import { messageList } from './messages.js'
import { callSecurityKey } from './security-key.js'

/*
 * One node of a flow's form as HTML. The `data-testid`s are those of Ory's own reference pages.
 */

/**
 * The document also knows links.
 * @typedef {{ readonly node_type: 'a', readonly id: string, readonly href: string, readonly title: UiText }} AnchorAttributes
 */

/**
 * @typedef {object} ButtonOptions
 * @property {boolean} [primary] the button that a form is about
 * @property {boolean} [skipsValidation] it belongs to another method than the fields above it, which may stay empty
 */

/**
 * @param {UiNode} node
 * @param {ButtonOptions} [options]
 * @returns {HTMLElement}
 */
export function renderNode(node, options = {}) {
  const attributes = /** @type {UiNode['attributes'] | AnchorAttributes} */ (node.attributes)
  switch (attributes.node_type) {
    case 'input':
      return renderInput(node, attributes, options)
    case 'img':
      return picture(node, attributes)
    case 'text':
      return words(node, attributes)
    case 'script':
      return script(attributes)
    case 'a':
      return element('a', { id: attributes.id, href: attributes.href }, attributes.title.text)
  }
}

/** @param {UiNode} node @param {InputAttributes} attributes @param {ButtonOptions} options */
function renderInput(node, attributes, options) {
  switch (attributes.type) {
    case 'hidden':
      return hidden(attributes.name, asText(attributes.value))
    case 'submit':
    case 'button':
      return button(node, attributes, options)
    case 'checkbox':
      return checkbox(node, attributes)
    default:
      return field(node, attributes)
  }
}

/** @param {string} name @param {string} value */
function hidden(name, value) {
  return element('input', { type: 'hidden', name, value })
}

/** @param {UiNode} node @param {InputAttributes} attributes @param {ButtonOptions} options */
function button(node, attributes, { primary, skipsValidation }) {
  const { name, type, value, disabled, onclick } = attributes
  const made = element(
    'button',
    {
      class: primary ? 'primary' : 'plain',
      type,
      name,
      value: asText(value),
      disabled,
      formnovalidate: skipsValidation,
    },
    labelOf(node),
  )
  if (onclick !== undefined) made.addEventListener('click', () => callSecurityKey(onclick))
  return wrapped(node, made)
}

/** @param {UiNode} node @param {InputAttributes} attributes */
function field(node, attributes) {
  const { name, type, value, required, autocomplete, disabled } = attributes
  const isTime = type === 'datetime-local'
  // `pattern` is left to the server: browsers anchor it at both ends, JSON Schema does not
  const input = element('input', {
    ...describedBy(node),
    id: fieldId(node),
    name,
    type,
    value: isTime ? localTime(asText(value)) : asText(value),
    required,
    disabled,
    autocomplete: autocomplete ?? AUTOCOMPLETE.get(name),
    step: isTime ? 1 : type === 'number' ? 'any' : undefined,
    inputmode: name === 'totp_code' ? 'numeric' : undefined,
  })
  return wrapped(node, element('label', { for: fieldId(node) }, labelOf(node)), input)
}

/** What the real servers leave out of these nodes, and password managers are glad of. */
const AUTOCOMPLETE = new Map([
  ['identifier', 'username'],
  ['totp_code', 'one-time-code'],
  ['lookup_secret', 'off'],
])

/**
 * A box that is not ticked sends nothing, so that `false` goes before it; of the two the last one counts.
 * @param {UiNode} node
 * @param {InputAttributes} attributes
 */
function checkbox(node, attributes) {
  const { name, value, required, disabled } = attributes
  const box = element('input', {
    ...describedBy(node),
    id: fieldId(node),
    name,
    type: 'checkbox',
    value: 'true',
    checked: value === true || value === 'true',
    required,
    disabled,
  })
  const label = element('label', { class: 'check' }, box, labelOf(node))
  return wrapped(node, hidden(name, 'false'), label)
}

/** @param {UiNode} node @param {ImageAttributes} attributes */
function picture(node, { id, src, width, height }) {
  const image = element('img', { id, src, width, height, alt: labelOf(node), 'data-testid': `node/image/${id}` })
  return element('figure', {}, image)
}

/** @param {UiNode} node @param {TextAttributes} attributes */
function words(node, { id, text }) {
  const secrets = text.context?.['secrets']
  const content = Array.isArray(secrets)
    ? element('ul', { class: 'codes' }, ...secrets.map((each) => secretCode(/** @type {UiText} */ (each), id)))
    : element('code', { 'data-testid': `node/text/${id}/text` }, text.text)
  const label = element('p', { class: 'label', 'data-testid': `node/text/${id}/label` }, labelOf(node))
  return element('div', { class: 'node', id }, label, content)
}

const LOOKUP_SECRET_USED = 1050014

/** @param {UiText} secret @param {string} nodeId */
function secretCode(secret, nodeId) {
  const testId = `node/text/${nodeId}/lookup_secret`
  if (secret.id === LOOKUP_SECRET_USED) return element('li', { class: 'used', 'data-testid': testId }, secret.text)
  return element('li', { 'data-testid': testId }, element('code', {}, secret.text))
}

/** @param {ScriptAttributes} attributes */
function script({ id, src, async, referrerpolicy, crossorigin, integrity, type, nonce }) {
  return element('script', { id, src, async, referrerpolicy, crossorigin, integrity, type, nonce })
}

// --- parts of a field --------------------------------------------------------------------------------------------------

/** @param {UiNode} node @param {readonly HTMLElement[]} content */
function wrapped(node, ...content) {
  const messages = node.messages.length === 0 ? undefined : messageList(node.messages, `${fieldId(node)}/messages`)
  return element('div', { class: 'node', 'data-testid': `node/input/${nameOf(node)}` }, ...content, messages)
}

/** @param {UiNode} node */
function describedBy(node) {
  if (node.messages.length === 0) return {}
  const wrong = node.messages.some((message) => message.type === 'error')
  return { 'aria-describedby': `${fieldId(node)}/messages`, 'aria-invalid': wrong ? 'true' : undefined }
}

/** @param {UiNode} node */
const fieldId = (node) => `${node.group}/${encodeURIComponent(nameOf(node))}`

/** @param {UiNode} node */
const nameOf = ({ attributes }) => (attributes.node_type === 'input' ? attributes.name : attributes.id)

/**
 * What Ory calls the node; without a label its name, as e.g. of a trait without a title.
 * @param {UiNode} node
 */
function labelOf(node) {
  return node.meta.label?.text ?? nameOf(node).replace(/^traits\./, '')
}

/** @param {unknown} value */
function asText(value) {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * An instant as the browser's field for date and time wants it: in the browser's time zone, without naming it.
 * @param {string} instant of RFC 3339
 */
function localTime(instant) {
  const at = new Date(instant)
  if (Number.isNaN(at.getTime())) return ''
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
