/** @import {JsonObject} from '../../json.ts' */
import { beginning, get, logoutUrl, objectOf, textOf } from './api.js'
import { buttonLink, element, showPage } from './element.js'
import { showNotice } from './messages.js'

/** Who is signed in, and where to go from here. */
export async function showWelcomePage() {
  const { status, body } = await get('sessions/whoami')
  const error = objectOf(body['error'])
  if (status === 200) return showSession(body, await logoutUrl())
  if (error['id'] === 'session_aal2_required') return showStepUp(error, body, await logoutUrl())
  showSignedOut()
}

function showSignedOut() {
  showPage(
    'Welcome',
    element('p', { class: 'lead' }, 'Nobody is signed in with this browser.'),
    element(
      'nav',
      { 'aria-label': 'Account' },
      buttonLink('Sign in', beginning('login'), 'login', 'primary'),
      ...ifEnabled('registration', buttonLink('Sign up', beginning('registration'), 'sign-up')),
      ...ifEnabled('recovery', buttonLink('Recover account', beginning('recovery'), 'recover-account')),
      ...ifEnabled('verification', buttonLink('Verify account', beginning('verification'), 'verify-account')),
    ),
  )
}

/** @param {JsonObject} error @param {JsonObject} body @param {string | undefined} signOut */
function showStepUp(error, body, signOut) {
  showNotice(textOf(error['reason']) ?? 'A second factor is required.')
  const stepUp = textOf(body['redirect_browser_to']) ?? beginning('login', { aal: 'aal2' })
  showPage(
    'One more step',
    element(
      'nav',
      { 'aria-label': 'Account' },
      buttonLink('Use second factor', stepUp, 'step-up', 'primary'),
      signOut === undefined ? undefined : buttonLink('Sign out', signOut, 'logout'),
    ),
  )
}

/** @param {JsonObject} session @param {string | undefined} signOut */
function showSession(session, signOut) {
  const identity = objectOf(session['identity'])
  showPage(
    'Welcome',
    element('p', { class: 'lead' }, 'You are signed in as ', element('strong', {}, nameOf(identity)), '.'),
    element(
      'nav',
      { 'aria-label': 'Account' },
      buttonLink('Account settings', beginning('settings'), 'account-settings', 'primary'),
      ...ifEnabled('verification', buttonLink('Verify account', beginning('verification'), 'verify-account')),
      signOut === undefined ? undefined : buttonLink('Sign out', signOut, 'logout'),
    ),
    element('h2', {}, 'Session'),
    sessionFacts(session),
    ...addresses(identity),
    element(
      'details',
      {},
      element('summary', {}, 'As JSON'),
      element('pre', { tabindex: 0, 'data-testid': 'session' }, JSON.stringify(session, null, 2)),
    ),
  )
}

/** How a person is called: by the trait that says most, else by the identity's id. @param {JsonObject} identity */
function nameOf(identity) {
  const traits = objectOf(identity['traits'])
  const texts = [traits['email'], traits['username'], ...Object.values(traits)].map(textOf)
  return texts.find((text) => text !== undefined) ?? textOf(identity['id']) ?? ''
}

/** @param {JsonObject} session */
function sessionFacts(session) {
  const methods = Array.isArray(session['authentication_methods']) ? session['authentication_methods'] : []
  return element(
    'dl',
    {},
    ...row('Level', textOf(session['authenticator_assurance_level'])),
    ...row('Methods', methods.map((each) => textOf(objectOf(each)['method'])).join(', ')),
    ...row('Signed in', time(session['authenticated_at'])),
    ...row('Expires', time(session['expires_at'])),
    ...row('Identity', textOf(objectOf(session['identity'])['id'])),
    ...row('Session', textOf(session['id'])),
  )
}

/** @param {JsonObject} identity */
function addresses(identity) {
  const list = Array.isArray(identity['verifiable_addresses']) ? identity['verifiable_addresses'] : []
  if (list.length === 0) return []
  const items = list.map((each) => {
    const { value, verified } = objectOf(each)
    const state = element('span', { class: verified ? 'yes' : 'no' }, verified ? 'verified' : 'not verified')
    return element('li', {}, `${value} `, state)
  })
  return [element('h2', {}, 'Addresses'), element('ul', { class: 'list' }, ...items)]
}

/** @param {string} name @param {string | Node | undefined} value */
function row(name, value) {
  return value ? [element('dt', {}, name), element('dd', {}, value)] : []
}

/** @param {unknown} instant */
function time(instant) {
  const text = textOf(instant)
  if (text === undefined) return undefined
  return element('time', { datetime: text }, new Date(text).toLocaleString())
}

/** @param {string} flow @param {HTMLElement} link */
function ifEnabled(flow, link) {
  return (document.body.dataset['enabled'] ?? '').split(' ').includes(flow) ? [link] : []
}
