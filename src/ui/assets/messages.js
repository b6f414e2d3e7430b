/** @import {UiText} from '../../state/records.ts' */
import { byId, element } from './element.js'

/**
 * The messages of a form or a field, as Ory words them.
 * @param {readonly UiText[]} messages
 * @param {string} [id] for fields that point at their messages
 */
export function messageList(messages, id) {
  return element('ul', { class: 'messages', id }, ...messages.map(messageItem))
}

/** @param {UiText} message */
function messageItem({ id, type, text }) {
  return element('li', { class: type, 'data-testid': `ui/message/${id}` }, text)
}

/**
 * Shows the messages of the whole form; screen readers say them.
 * @param {readonly UiText[]} messages
 */
export function showMessages(messages) {
  byId('messages').replaceChildren(...(messages.length === 0 ? [] : [messageList(messages)]))
}

/**
 * Shows a sentence of the page's own, which is none of Ory's messages.
 * @param {string} text
 */
export function showNotice(text) {
  byId('messages').replaceChildren(element('p', { class: 'notice' }, text))
}
