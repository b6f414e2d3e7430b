/** @import {FlowKind, UiContainer} from '../../state/records.ts' */
/** @import {Answer} from './api.js' */
import { beginning, get, logoutUrl, objectOf, textOf } from './api.js'
import { buttonLink, byId, element, showPage } from './element.js'
import { methodForms, settingsSections } from './forms.js'
import { newestMail } from './mailbox.js'
import { showMessages, showNotice } from './messages.js'

/*
 * A page of a flow: it begins one when it has none, fetches it, shows it, and begins again when it is no longer good.
 */

/**
 * What the pages read of a flow.
 * @typedef {object} Flow
 * @property {string} id
 * @property {string} [return_to]
 * @property {boolean} [refresh]
 * @property {'aal1' | 'aal2'} [requested_aal]
 * @property {string} [state]
 * @property {UiContainer} ui
 */

/** @param {FlowKind} kind */
export async function showFlowPage(kind) {
  const query = new URLSearchParams(location.search)
  const id = query.get('flow')
  if (!id) return begin(kind, query)
  const answer = await get(`self-service/${kind}/flows?id=${encodeURIComponent(id)}`)
  if (answer.status !== 200) return recoverFrom(kind, id, answer)
  const flow = /** @type {Flow} */ (/** @type {unknown} */ (answer.body))
  remember(kind, flow)
  await show(kind, flow)
}

/** @param {FlowKind} kind @param {URLSearchParams} query what a new flow may be asked for */
function begin(kind, query) {
  const [return_to, refresh, aal] = ['return_to', 'refresh', 'aal'].map((key) => query.get(key))
  location.replace(beginning(kind, { return_to, refresh, aal }))
}

// --- a flow that cannot be shown ----------------------------------------------------------------------------------------

/** As often in a row a page begins again by itself: a browser that keeps no cookies would do so for ever. */
const RESTARTS = 2

/** @param {FlowKind} kind @param {string} id @param {Answer} answer */
function recoverFrom(kind, id, { status, body }) {
  const error = objectOf(body['error'])
  if (status === 401) return location.replace(beginning('login'))
  if (error['id'] === 'session_aal2_required') {
    return location.replace(textOf(body['redirect_browser_to']) ?? beginning('login', { aal: 'aal2' }))
  }
  const reason = textOf(error['reason']) ?? textOf(error['message']) ?? `The server answered with status ${status}.`
  const startOver = beginning(kind, { return_to: returnTo(kind, id, objectOf(error['details'])) })
  if (![403, 404, 410].includes(status) || restarts(kind) >= RESTARTS) return showProblem(reason, startOver)
  sessionStorage.setItem(`${kind}/restarts`, String(restarts(kind) + 1))
  location.replace(startOver)
}

/** @param {string} reason @param {string} startOver */
function showProblem(reason, startOver) {
  showNotice(reason)
  const hint =
    'If this happens again, the browser does not keep the cookies of this server: use one address, localhost or 127.0.0.1, for everything.'
  showPage('This form cannot be shown', element('p', {}, hint), buttonLink('Start again', startOver, 'start-again'))
}

/** @param {FlowKind} kind */
const restarts = (kind) => Number(sessionStorage.getItem(`${kind}/restarts`) ?? 0)

/**
 * Keeps where a flow leads to: when it has expired, the server no longer says so.
 * @param {FlowKind} kind
 * @param {Flow} flow
 */
function remember(kind, { id, return_to = '' }) {
  sessionStorage.removeItem(`${kind}/restarts`)
  sessionStorage.setItem(`${kind}/shown`, JSON.stringify({ id, return_to }))
}

/** @param {FlowKind} kind @param {string} id @param {ReturnType<typeof objectOf>} details of the error */
function returnTo(kind, id, details) {
  const shown = objectOf(JSON.parse(sessionStorage.getItem(`${kind}/shown`) ?? '{}'))
  return textOf(details['return_to']) ?? (shown['id'] === id ? textOf(shown['return_to']) : undefined)
}

// --- a flow that is shown -------------------------------------------------------------------------------------------------

/** @param {FlowKind} kind @param {Flow} flow */
async function show(kind, flow) {
  const forms = kind === 'settings' ? settingsSections(flow.ui) : methodForms(flow.ui)
  const nothing = element('p', {}, 'This account has no method set up that could be used here.')
  const mail = flow.state === 'sent_email' ? await newestMail(flow.ui) : undefined
  showPage(heading(kind, flow), ...(forms.length === 0 ? [nothing] : forms), mail, await elsewhere(kind, flow))
  showMessages(flow.ui.messages ?? [])
  setFocus(kind)
}

/** @param {FlowKind} kind @param {Flow} flow */
function heading(kind, { refresh, requested_aal }) {
  switch (kind) {
    case 'login':
      if (requested_aal === 'aal2') return 'Second step'
      return refresh ? 'Confirm that it is you' : 'Sign in'
    case 'registration':
      return 'Sign up'
    case 'settings':
      return 'Account settings'
    case 'recovery':
      return 'Recover your account'
    case 'verification':
      return 'Verify your account'
  }
}

/**
 * The focus goes to the first field that is wrong; else, in settings, to the section that was sent, unless there is
 * something to read first; in other flows to the first field that is empty.
 * @param {FlowKind} kind
 */
function setFocus(kind) {
  const section = sessionStorage.getItem('settings/section')
  sessionStorage.removeItem('settings/section')
  const fields = [...document.querySelectorAll('form input:not([type="hidden"])')]
  const empty = fields.find((field) => field instanceof HTMLInputElement && field.value === '' && !field.disabled)
  const sent =
    section !== null && byId('messages').childElementCount === 0 ? document.getElementById(section) : undefined
  const first = document.querySelector('[aria-invalid]') ?? (kind === 'settings' ? sent : empty)
  if (first instanceof HTMLElement) first.focus()
}

/** Links to where else a person may want to go from here. @param {FlowKind} kind @param {Flow} flow */
async function elsewhere(kind, { refresh, requested_aal, return_to }) {
  const enabled = (document.body.dataset['enabled'] ?? '').split(' ')
  const to = (/** @type {string} */ flow) => beginning(flow, { return_to })
  const link = (/** @type {string} */ text, /** @type {string} */ href, /** @type {string} */ testId) =>
    element('a', { href, 'data-testid': testId }, text)
  const signIn = link('Sign in', to('login'), 'cta-link')
  const back = link('Overview', 'welcome', 'back-button')
  const signUp = enabled.includes('registration') ? link('Sign up', to('registration'), 'cta-link') : undefined
  const recover = enabled.includes('recovery') ? link('Recover account', to('recovery'), 'forgot-password') : undefined
  const isFirstStep = kind === 'login' && !refresh && requested_aal !== 'aal2'
  const url = kind === 'settings' || (kind === 'login' && !isFirstStep) ? await logoutUrl() : undefined
  const signOut = url === undefined ? undefined : link('Sign out', url, 'logout-link')
  const links = {
    login: isFirstStep ? [signUp, recover] : [back, signOut],
    registration: [signIn],
    settings: [back, signOut],
    recovery: [signIn],
    verification: [back],
  }
  return element('nav', { 'aria-label': 'Other ways' }, ...links[kind])
}
