import { byId, element } from '../element.js'
import { ask } from './control.js'
import { redraw, watch } from './live.js'
import { actionButton, labelled } from './status.js'
import { switchItem } from './switch-form.js'

/** @import {Described, Thrown} from './switch-form.js' */

/** What is thrown, and everything that can be: by section, and found by a word. */
export async function showSwitches() {
  const { catalogue } = /** @type {{ catalogue: Described[] }} */ (await ask('GET', 'switches'))
  const every = [...new Set(catalogue.flatMap(({ operations }) => (operations === '*' ? [] : operations)))].sort()
  const names = [...new Set(catalogue.map(({ section }) => section))]
  const sections = names.map((name) =>
    sectionOf(
      name,
      catalogue.filter(({ section }) => section === name),
      every,
    ),
  )
  const none = element('p', { class: 'faint', hidden: true }, 'No switch is called so.')
  const search = element('input', { type: 'search', name: 'switches', autocomplete: 'off' })
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = sections.map(({ narrow }) => narrow(words))
    none.hidden = found.some((count) => count > 0)
  })
  byId('switches').append(
    activeList(),
    labelled('Search', search, `${catalogue.length} switches: names, and words of what they do; press / to come here`),
    ...sections.map(({ details }) => details),
    none,
  )
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
      return
    event.preventDefault()
    search.focus()
  })
}

/**
 * A section of the catalogue, whose items show when it is opened.
 * @param {string} name @param {readonly Described[]} switches @param {readonly string[]} every
 */
function sectionOf(name, switches, every) {
  const items = switches.map((each) => ({ text: textOf(each), item: switchItem(each, every) }))
  const count = element('span', { class: 'faint' }, ` ${items.length}`)
  const details = element(
    'details',
    { class: 'group' },
    element('summary', {}, name, count),
    element('ul', { class: 'list' }, ...items.map(({ item }) => item)),
  )
  /** Shows what has all the words; answers how many. @param {readonly string[]} words */
  const narrow = (words) => {
    for (const { text, item } of items) item.hidden = !words.every((word) => text.includes(word))
    const found = items.filter(({ item }) => !item.hidden).length
    details.hidden = found === 0
    details.open = words.length > 0 && found > 0
    count.textContent = ` ${found}`
    return found
  }
  return { details, narrow }
}

/** @param {Described} described */
function textOf({ name, title, how, sees, section, operations, status }) {
  return `${name} ${title} ${how} ${sees} ${section} ${operations} ${status ?? ''}`.toLowerCase()
}

/** What is thrown now. */
function activeList() {
  const list = element('ul', { class: 'list active', 'aria-label': 'Thrown switches' })
  const none = element('p', { class: 'faint' }, 'No switch is thrown: the server answers as Ory does.')
  const clearAll = async () => {
    await ask('DELETE', 'switches')
    return 'No switch is thrown any more.'
  }
  const all = actionButton('Clear all', clearAll, { class: 'small' })
  watch('switches?active=true', (/** @type {{ active: Thrown[] }} */ { active }) => {
    redraw(list, active.map(activeItem))
    none.hidden = active.length > 0
    all.hidden = active.length < 2
  })
  return element('div', { class: 'stack' }, none, list, all)
}

/** @param {Thrown} thrown */
function activeItem({ id, name, operation, times, after, probability, parameters = {}, door, seen, met }) {
  const clear = async () => {
    await ask('DELETE', `switches/${encodeURIComponent(id)}`)
    return `${name} is cleared.`
  }
  const facts = [
    operation ?? 'every call that it can meet',
    times === undefined ? undefined : `${times} times`,
    after === undefined ? undefined : `from call ${after} on`,
    probability === undefined ? undefined : `for ${Math.round(probability * 100)} % of the calls`,
    ...Object.entries(parameters).map(([key, value]) => `${key} ${value}`),
    door === 'control' ? undefined : `by the ${door}`,
    `met ${met} of ${seen} calls`,
  ]
  return element(
    'li',
    {},
    element('div', {}, element('strong', {}, name), element('p', { class: 'faint' }, facts.filter(Boolean).join('; '))),
    actionButton('Clear', clear, { class: 'small', 'aria-label': `Clear ${name}` }),
  )
}
