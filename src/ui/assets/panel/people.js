import { byId, element } from '../element.js'
import { ask } from './control.js'
import { redraw, watch } from './live.js'
import { actionButton, labelled } from './status.js'

/** @import {JsonObject} from '../../../json.ts' */
/** @typedef {{ config?: { credentials?: unknown[] } }} Credential */
/** @typedef {{ id: string, traits: JsonObject, state: string, credentials?: Record<string, Credential> }} Identity */
/** @typedef {{ id: string, identity: string, active: boolean, expires_at: string, authenticator_assurance_level: string }} Session */
/** @typedef {{ clock: { now: string }, identities: Identity[], sessions: Session[] }} State */

/** How many are shown at once; the search finds the others. */
const SHOWN = 50
const SECOND_FACTORS = ['totp', 'lookup_secret', 'webauthn']

/** What is shown: everybody, and the sessions that count. */
let shown = { identities: /** @type {Identity[]} */ ([]), sessions: /** @type {Session[]} */ ([]) }

/** Who is in the world and signed in, and a button to be signed in as one. */
export function showPeople() {
  const search = element('input', { type: 'search', name: 'people', autocomplete: 'off' })
  const list = element('ul', { class: 'list people' })
  const more = element('p', { class: 'faint' })
  const draw = () => {
    const found = shown.identities.filter((identity) => matches(identity, search.value.trim().toLowerCase()))
    redraw(list, found.slice(0, SHOWN).map(item))
    more.textContent = remark(found.length)
  }
  search.addEventListener('input', draw)
  /** @param {typeof shown} next */
  const show = (next) => {
    shown = next
    draw()
  }
  watch('state', show, (/** @type {State} */ { clock, identities, sessions }) => ({
    identities,
    sessions: sessions.filter(({ active, expires_at }) => active && expires_at > clock.now),
  }))
  byId('people').append(labelled('Search', search), list, more)
}

/** @param {number} found */
function remark(found) {
  if (shown.identities.length === 0) return 'Nobody is there yet.'
  if (found === 0) return 'Nobody is called so.'
  return found > SHOWN ? `The first ${SHOWN} of ${found}.` : `${found} ${found === 1 ? 'person' : 'people'}.`
}

/** @param {Identity} identity @param {string} text */
function matches({ id, traits }, text) {
  return text === '' || `${id} ${JSON.stringify(traits)}`.toLowerCase().includes(text)
}

/** How a person is called: by the trait that says most, else by the identity's id. @param {Identity} identity */
function nameOf({ id, traits }) {
  const texts = [traits['email'], traits['username'], ...Object.values(traits)]
  return texts.find((text) => typeof text === 'string' && text !== '')?.toString() ?? id
}

/** Kratos keeps an empty list of security keys for everybody. @param {Identity} identity */
function methodsOf({ credentials = {} }) {
  return Object.entries(credentials).flatMap(([method, { config }]) =>
    config?.credentials?.length === 0 || (method === 'webauthn' && !config?.credentials) ? [] : [method],
  )
}

/** @param {Identity} identity */
function item(identity) {
  const name = nameOf(identity)
  const methods = methodsOf(identity)
  const hasSecond = methods.some((method) => SECOND_FACTORS.includes(method))
  return element(
    'li',
    {},
    element(
      'div',
      {},
      element('strong', { title: identity.id }, name),
      identity.state === 'active' ? undefined : element('span', { class: 'badge bad' }, identity.state),
      element('p', { class: 'faint' }, [methods.join(', ') || 'no credentials', sessionsOf(identity.id)].join('; ')),
    ),
    element(
      'div',
      { class: 'row' },
      actionButton('Sign in', () => signIn(name, identity.id, 'aal1'), {
        class: 'small',
        'aria-label': `Sign in as ${name}`,
      }),
      hasSecond
        ? actionButton('with two factors', () => signIn(name, identity.id, 'aal2'), {
            class: 'small',
            'aria-label': `Sign in as ${name} with two factors`,
          })
        : undefined,
    ),
  )
}

/** @param {string} id */
function sessionsOf(id) {
  const live = shown.sessions.filter(({ identity }) => identity === id)
  if (live.length === 0) return 'not signed in'
  const levels = live.map((one) => one.authenticator_assurance_level)
  return `${live.length} ${live.length === 1 ? 'session' : 'sessions'} (${[...new Set(levels)].join(', ')})`
}

/** @param {string} name @param {string} identity @param {'aal1' | 'aal2'} aal */
async function signIn(name, identity, aal) {
  await ask('POST', 'sessions?set_cookie=true', { identity, aal })
  return `This browser is signed in as ${name} (${aal}). Reload your app.`
}
