import { byId, element } from '../element.js'
import { ask } from './control.js'
import { redraw, watch } from './live.js'
import { actionButton } from './status.js'

/** @typedef {{ id: string, to: string, subject: string, body: string, sent_at: string, link?: string, code?: string }} Mail */

/** How many are shown; the newest. */
const SHOWN = 50

/** What the world has sent, newest first. */
export function showMail() {
  const list = element('ul', { class: 'list mails' })
  const none = element('p', { class: 'faint' }, 'No mail has been sent.')
  const clear = async () => {
    await ask('DELETE', 'mail')
    return 'The mailbox is empty.'
  }
  const empty = actionButton('Empty the mailbox', clear, { class: 'small' })
  watch('mail', (/** @type {Mail[]} */ mails) => {
    none.hidden = mails.length > 0
    empty.hidden = mails.length === 0
    const open = new Set([...list.querySelectorAll('details[open]')].map((each) => each.id))
    redraw(
      list,
      mails
        .slice(-SHOWN)
        .reverse()
        .map((mail) => item(mail, open)),
    )
  })
  byId('mail').append(none, list, empty)
}

/** @param {Mail} mail @param {ReadonlySet<string>} open */
function item({ id, to, subject, body, sent_at, link, code }, open) {
  const details = `mail-${id}`
  return element(
    'li',
    { class: 'mail' },
    element('p', {}, element('strong', {}, subject)),
    element('p', { class: 'faint' }, 'to ', to, ', ', element('time', { datetime: sent_at }, sent_at.slice(0, 19))),
    element(
      'div',
      { class: 'row' },
      link === undefined
        ? undefined
        : element('a', { class: 'button', href: link, target: '_blank', rel: 'noopener' }, 'Open the link'),
      code === undefined ? undefined : element('span', {}, 'Code ', element('code', {}, code)),
    ),
    element(
      'details',
      { id: details, open: open.has(details) },
      element('summary', {}, 'Text'),
      element('pre', { tabindex: 0 }, ...linked(body)),
    ),
  )
}

/** A text whose addresses are links. @param {string} text */
function linked(text) {
  return text
    .split(/(https?:\/\/[^\s"<>]+)/)
    .map((part, index) =>
      index % 2 === 0 ? part : element('a', { href: part, target: '_blank', rel: 'noopener' }, part),
    )
}
