import { byId, element } from '../element.js'
import { ask } from './control.js'
import { redraw, watch } from './live.js'
import { actionButton, actionForm, labelled } from './status.js'

/** @typedef {{ name: string, scenario: string | null, identities: number, sessions: number }} Sandbox */
/** @typedef {{ name: string, title: string, story: string }} Scenario */

const here = document.body.dataset['sandbox'] ?? ''

/** Which world this is, in which scenario, and the way to others. */
export async function showWorld() {
  const scenarios = /** @type {Scenario[]} */ (await ask('GET', 'scenarios'))
  byId('world').append(scenarioForm(scenarios), element('h3', {}, 'Sandboxes'), sandboxList(), otherSandbox())
}

/** @param {Scenario[]} scenarios */
function scenarioForm(scenarios) {
  const choice = element(
    'select',
    { name: 'scenario' },
    element('option', { value: '' }, 'none'),
    ...scenarios.map(({ name, title }) => element('option', { value: name, title }, name)),
  )
  const story = element('div', { class: 'story', 'aria-live': 'polite' })
  const tell = () => {
    const chosen = scenarios.find(({ name }) => name === choice.value)
    story.replaceChildren(
      ...(chosen ? [element('p', {}, element('strong', {}, chosen.title)), element('p', {}, chosen.story)] : []),
    )
  }
  choice.addEventListener('change', tell)
  watch('scenario', (/** @type {{ name: string | null }} */ { name }) => {
    choice.value = name ?? ''
    tell()
  })
  const start = async () => {
    const name = choice.value === '' ? null : choice.value
    await ask('PUT', 'scenario', { name })
    return name === null ? 'The world has been started anew, in no scenario.' : `The world is now in ${name}.`
  }
  const reset = async () => {
    await ask('POST', 'reset')
    return 'The world is back at its start.'
  }
  return actionForm(
    { class: 'stack' },
    start,
    labelled('Scenario', choice),
    story,
    element(
      'div',
      { class: 'row' },
      element('button', {}, 'Start in it'),
      actionButton('Reset the world', reset, { title: 'Back to the fixture and scenario of the start' }),
    ),
  )
}

function sandboxList() {
  const list = element('ul', { class: 'list' })
  /** @param {Sandbox[]} sandboxes */
  const show = (sandboxes) => redraw(list, sandboxes.map(sandboxItem))
  // when each was used last is no part of what is shown
  watch('sandboxes', show, (/** @type {Sandbox[]} */ sandboxes) =>
    sandboxes.map(({ name, scenario, identities, sessions }) => ({ name, scenario, identities, sessions })),
  )
  return list
}

/** @param {Sandbox} sandbox */
function sandboxItem({ name, scenario, identities, sessions }) {
  const current = name === here
  const facts = [`people ${identities}`, `sessions ${sessions}`, ...(scenario === null ? [] : [scenario])].join(', ')
  const dispose = async () => {
    await ask('DELETE', `sandboxes/${encodeURIComponent(name)}`)
    return `The sandbox ${name} is gone.`
  }
  return element(
    'li',
    {},
    element(
      'div',
      {},
      element('a', { href: addressOf(name), 'aria-current': current ? 'page' : undefined }, name),
      element('span', { class: 'faint' }, ` ${facts}`),
    ),
    current ? undefined : actionButton('Dispose', dispose, { class: 'small', 'aria-label': `Dispose of ${name}` }),
  )
}

/** The panel of another sandbox. @param {string} name */
function addressOf(name) {
  const onOwnHost = location.hostname.endsWith('.localhost')
  return name === 'default' && !onOwnHost ? '/__mock/' : `/~${encodeURIComponent(name)}/__mock/`
}

function otherSandbox() {
  const name = element('input', { name: 'sandbox', required: true, pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,62}' })
  const form = actionForm(
    { class: 'row end' },
    async () => {
      location.assign(addressOf(name.value))
      return `Going to ${name.value}.`
    },
    labelled('Another sandbox', name),
    element('button', {}, 'Open'),
  )
  const enter = element('a', { href: `enter/${encodeURIComponent(here)}` }, `Keep this browser in ${here}`)
  const why = ' (a cookie; for apps whose address of Ory cannot be changed)'
  return element('div', { class: 'stack' }, form, element('p', { class: 'faint' }, enter, why))
}
