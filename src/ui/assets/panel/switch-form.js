import { element } from '../element.js'
import { ask } from './control.js'
import { actionForm, labelled } from './status.js'

/** @import {JsonObject} from '../../../json.ts' */
/** @typedef {{ type: 'string' | 'number' | 'boolean' | 'duration', default: string | number | boolean, help: string }} Parameter */
/** @typedef {{ name: string, section: string, title: string, how: string, sees: string, status?: number, operations: '*' | string[], parameters?: Record<string, Parameter>, breaksContract?: boolean }} Described */
/** @typedef {{ id: string, name: string, door: string, operation?: string, times?: number, after?: number, probability?: number, parameters?: JsonObject, seen: number, met: number }} Thrown */

/**
 * A switch of the catalogue: its name and a button; opened, what it does and what narrows it.
 * @param {Described} described
 * @param {readonly string[]} every all operations
 */
export function switchItem(described, every) {
  const { name, title, parameters = {} } = described
  const form = actionForm({ id: `throw-${name}`, class: 'narrow' }, (filled) => throwSwitch(name, filled, parameters))
  const details = element(
    'details',
    {},
    element('summary', {}, element('strong', {}, name), ' ', element('span', {}, title)),
    ...facts(described),
    form,
  )
  // two hundred forms take a while to make, and hardly any is looked at
  details.addEventListener('toggle', () => {
    if (details.open && form.childElementCount === 0) form.append(...fields(described, every))
  })
  const button = element('button', { form: form.id, class: 'small', 'aria-label': `Throw ${name}` }, 'Throw')
  return element('li', {}, details, button)
}

/** @param {Described} described */
function facts({ how, sees, operations, status, breaksContract }) {
  const meets = operations === '*' ? 'every operation' : operations.join(', ')
  const rows = [
    ['Comes about', how],
    ['Client sees', sees],
    ['Status', status === undefined ? undefined : String(status)],
    ['Meets', meets],
    ['Contract', breaksContract ? 'broken on purpose' : undefined],
  ].flatMap(([key, value]) => (value ? [element('dt', {}, key), element('dd', {}, value)] : []))
  return [element('dl', {}, ...rows)]
}

/** @param {Described} described @param {readonly string[]} every */
function fields({ operations, parameters = {} }, every) {
  const choices = operations === '*' ? every : operations
  const operation = element(
    'select',
    { name: 'operation' },
    element('option', { value: '' }, 'every one that it meets'),
    ...choices.map((each) => element('option', {}, each)),
  )
  return [
    labelled('Operation', operation),
    labelled('Times', element('input', { name: 'times', type: 'number', min: 1, placeholder: 'until cleared' })),
    labelled('From call', element('input', { name: 'after', type: 'number', min: 1, placeholder: '1' })),
    labelled(
      'Probability',
      element('input', { name: 'probability', type: 'number', min: 0, max: 1, step: 'any', placeholder: '1' }),
    ),
    labelled('Seed', element('input', { name: 'seed', autocomplete: 'off' })),
    ...Object.entries(parameters).map(([name, parameter]) => parameterField(name, parameter)),
  ]
}

/** @param {string} name @param {Parameter} parameter */
function parameterField(name, { type, default: usual, help }) {
  const key = `parameter:${name}`
  const kinds = { number: { type: 'number', step: 'any' }, boolean: { type: 'checkbox' }, string: {}, duration: {} }
  const value = type === 'boolean' ? { checked: usual === true } : { placeholder: String(usual) }
  return labelled(name, element('input', { name: key, autocomplete: 'off', ...kinds[type], ...value }), help)
}

/**
 * @param {string} name
 * @param {HTMLFormElement} form
 * @param {Record<string, Parameter>} parameters
 */
async function throwSwitch(name, form, parameters) {
  const given = new FormData(form)
  /** @param {string} key */
  const text = (key) => String(given.get(key) ?? '').trim()
  const numbers = ['times', 'after', 'probability'].flatMap((key) =>
    text(key) === '' ? [] : [[key, Number(text(key))]],
  )
  const texts = ['operation', 'seed'].flatMap((key) => (text(key) === '' ? [] : [[key, text(key)]]))
  const open = form.childElementCount > 0
  /** @type {Record<string, string | number | boolean>} */
  const own = {}
  for (const [key, { type }] of Object.entries(parameters)) {
    const value = text(`parameter:${key}`)
    // a box that has never been shown has not been left empty
    if (type === 'boolean' && open) own[key] = value !== ''
    else if (value !== '') own[key] = type === 'number' ? Number(value) : value
  }
  await ask('POST', 'switches', {
    name,
    ...Object.fromEntries([...numbers, ...texts]),
    ...(Object.keys(own).length === 0 ? {} : { parameters: own }),
  })
  return `${name} is thrown.`
}
