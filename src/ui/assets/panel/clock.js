import { byId, element } from '../element.js'
import { ask } from './control.js'
import { watch } from './live.js'
import { actionButton, actionForm, labelled } from './status.js'

/** @typedef {{ now: string, frozen: boolean }} Reading */

/** Where the clock of the world stood when it was last read, by the clock of this machine. */
let reading = { now: Date.now(), frozen: false, at: Date.now() }

/** Whether it stands still, what time it is there, and how to move it. */
export function showClock() {
  const time = element('time', {})
  const state = element('span', { class: 'badge' })
  const toggle = actionButton('Freeze', () => freeze(!reading.frozen))
  watch('clock', (/** @type {Reading} */ { now, frozen }) => {
    reading = { now: Date.parse(now), frozen, at: Date.now() }
    state.textContent = frozen ? 'frozen' : 'running'
    toggle.textContent = frozen ? 'Let it run' : 'Freeze'
    tick(time)
  })
  setInterval(() => tick(time), 1000)
  byId('clock').append(
    element('p', { class: 'now' }, time, ' ', state),
    element('div', { class: 'row' }, toggle, ...['1m', '16m', '31m', '1h', '24h'].map(advanceButton)),
    advanceForm(),
    setForm(),
  )
}

/** @param {HTMLTimeElement} place */
function tick(place) {
  const now = new Date(reading.now + (reading.frozen ? 0 : Date.now() - reading.at))
  const text = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z/, ' UTC')
  if (place.textContent === text) return
  place.dateTime = now.toISOString()
  place.textContent = text
}

/** @param {boolean} frozen */
async function freeze(frozen) {
  await ask('PUT', 'clock', { frozen })
  return frozen ? 'The clock stands still.' : 'The clock runs.'
}

/** @param {string} by */
async function advance(by) {
  const { now } = /** @type {Reading} */ (await ask('POST', 'clock/advance', { by }))
  return `The clock has moved on by ${by}: it is ${now}.`
}

/** @param {string} by */
function advanceButton(by) {
  return actionButton(`+${by}`, () => advance(by), { 'aria-label': `Advance by ${by}` })
}

function advanceForm() {
  const by = element('input', { name: 'by', required: true, placeholder: '1h30m', size: 8 })
  return actionForm(
    { class: 'row end' },
    () => advance(by.value),
    labelled('Advance by', by),
    element('button', {}, 'Advance'),
  )
}

function setForm() {
  const to = element('input', { type: 'datetime-local', name: 'now', step: 1, required: true })
  const set = async () => {
    const { now } = /** @type {Reading} */ (await ask('PUT', 'clock', { now: `${to.value.padEnd(19, ':00')}Z` }))
    return `The clock has been set: it is ${now}.`
  }
  return actionForm({ class: 'row end' }, set, labelled('Set to (UTC)', to), element('button', {}, 'Set'))
}
