import { byId, element } from '../element.js'
import { ask } from './control.js'
import { watch } from './live.js'
import { actionButton } from './status.js'

/** @typedef {{ side: string, in: string, pointer: string, message: string }} Violation */
/** @typedef {{ id: number, at: string, method: string, path: string, operation?: string, status: number, duration: number, violations: Violation[], switches: string[] }} Entry */

/** How many are shown; the newest. */
const SHOWN = 100
const HEADINGS = ['Time', 'Request', 'Status', 'Switches', 'Repeat']

/** @type {Entry[]} */
let entries = []

/** What was called, answered and violated, newest first. */
export function showJournal() {
  const only = element('input', { type: 'checkbox', name: 'violations' })
  const rows = element('tbody', {})
  const none = element('p', { class: 'faint' })
  const heads = HEADINGS.map((text) => element('th', { scope: 'col' }, text))
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), rows)
  const clear = async () => {
    await ask('DELETE', 'journal')
    return 'The journal is empty.'
  }
  const draw = () => {
    const shown = entries.filter(({ violations }) => !only.checked || violations.length > 0).reverse()
    rows.replaceChildren(...shown.flatMap(row))
    table.hidden = shown.length === 0
    none.hidden = shown.length > 0
    none.textContent = only.checked ? 'Every call kept the contract.' : 'Nothing has been called.'
  }
  only.addEventListener('change', draw)
  watch(`journal?limit=${SHOWN}`, (/** @type {Entry[]} */ next) => {
    entries = next
    draw()
  })
  byId('journal').append(
    element(
      'div',
      { class: 'row' },
      element('label', { class: 'check' }, only, 'Only violations of the contract'),
      actionButton('Empty the journal', clear, { class: 'small' }),
    ),
    none,
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Calls, newest first' }, table),
  )
}

/**
 * The command repeats the request as it was, secrets and all: it is for whoever sits at this page.
 * @param {number} id
 * @param {string} call what the call was, for those who cannot see the row
 */
function copyButton(id, call) {
  const copy = async () => {
    const { curl } = /** @type {{ curl: string }} */ (await ask('GET', `journal/${id}?secrets=true`))
    await navigator.clipboard.writeText(curl)
    return `Copied: the curl command for ${call}`
  }
  return actionButton('Copy as curl', copy, { class: 'small', 'aria-label': `Copy ${call} as curl` })
}

/** @param {Entry} entry */
function row({ id, at, method, path, operation, status, violations, switches }) {
  const main = element(
    'tr',
    violations.length > 0 ? { class: 'violated' } : {},
    element('td', {}, element('time', { datetime: at }, at.slice(11, 19))),
    element(
      'td',
      {},
      element('code', {}, `${method} ${path}`),
      element('br'),
      element('span', { class: 'faint' }, operation ?? 'no operation'),
    ),
    element('td', { class: status >= 400 ? 'bad' : 'good' }, String(status)),
    element('td', {}, switches.join(', ')),
    element('td', {}, copyButton(id, `${method} ${path}`)),
  )
  if (violations.length === 0) return [main]
  const lines = violations.map((each) =>
    element('li', {}, `${each.side}, ${each.in}${each.pointer === '' ? '' : ` ${each.pointer}`}: ${each.message}`),
  )
  return [
    main,
    element('tr', { class: 'why' }, element('td', {}), element('td', { colspan: 4 }, element('ul', {}, ...lines))),
  ]
}
