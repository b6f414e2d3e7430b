import { byId, element } from '../element.js'
import { refresh } from './live.js'

/*
 * What came of what somebody did: said in one place, aloud to those who listen to the page.
 */

/** @param {string} text @param {'done' | 'failed'} [kind] */
export function say(text, kind = 'done') {
  const close = element('button', { type: 'button', class: 'small', 'aria-label': 'Dismiss' }, '×')
  close.addEventListener('click', () => byId('status').replaceChildren())
  const words = element('p', kind === 'failed' ? { role: 'alert' } : {}, text)
  byId('status').replaceChildren(element('div', { class: kind }, words, close))
}

/**
 * Does what a button is for, and shows the world afterwards.
 * @param {() => Promise<string>} act answers what has been done
 */
export async function perform(act) {
  try {
    say(await act())
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), 'failed')
  }
  await refresh()
}

/**
 * A button.
 * @param {string} text
 * @param {() => Promise<string>} act answers what has been done
 * @param {Readonly<Record<string, string | boolean | undefined>>} [attributes]
 */
export function actionButton(text, act, attributes = {}) {
  const button = element('button', { type: 'button', ...attributes }, text)
  button.addEventListener('click', () => perform(act))
  return button
}

/**
 * A form that is never sent by the browser itself.
 * @param {Readonly<Record<string, string>>} attributes
 * @param {(form: HTMLFormElement) => Promise<string>} act answers what has been done
 * @param {readonly (Node | string | undefined)[]} children
 */
export function actionForm(attributes, act, ...children) {
  const form = element('form', attributes, ...children)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void perform(() => act(form))
  })
  return form
}

let hints = 0

/**
 * A field with its label.
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @param {string} [hint]
 */
export function labelled(label, field, hint) {
  const words = element('label', {}, element('span', {}, label), field)
  if (hint === undefined) return words
  const id = `hint-${++hints}`
  field.setAttribute('aria-describedby', id)
  return element('div', { class: 'field' }, words, element('small', { id }, hint))
}
