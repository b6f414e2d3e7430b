/** @import {UiContainer} from '../../state/records.ts' */
import { element } from './element.js'

/*
 * Mails of a mock go nowhere but into its mailbox: a page that has just sent one shows it, so that nobody has to look for it.
 */

/**
 * The newest mail to the address that the form names.
 * @param {UiContainer} ui
 * @returns {Promise<HTMLElement | undefined>} undefined when there is none, or the mailbox is not to be had here
 */
export async function newestMail(ui) {
  const to = addressIn(ui)
  const response = await fetch(`../__mock/mail?to=${encodeURIComponent(to)}`)
  /** @type {unknown} */
  const mails = response.ok ? await response.json() : []
  const [mail] = Array.isArray(mails) ? mails.slice(-1) : []
  if (!mail) return undefined
  const link =
    mail.link === undefined ? undefined : element('a', { class: 'button plain', href: mail.link }, 'Open link')
  return element(
    'section',
    { 'aria-labelledby': 'mailbox' },
    element('h2', { id: 'mailbox' }, 'In the mailbox of this mock'),
    element('p', { class: 'label' }, element('strong', {}, mail.subject)),
    element('p', { class: 'mail' }, mail.body),
    link,
  )
}

/** @param {UiContainer} ui */
function addressIn(ui) {
  for (const { attributes } of ui.nodes ?? []) {
    if (attributes.node_type === 'input' && attributes.name === 'email') return String(attributes.value ?? '')
  }
  return ''
}
