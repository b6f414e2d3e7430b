import { beginning, get, objectOf, textOf } from './api.js'
import { buttonLink, element, showPage } from './element.js'
import { showNotice } from './messages.js'

/** The page that flows send a browser to when they cannot go on: what the server says about it. */
export async function showErrorPage() {
  const query = new URLSearchParams(location.search)
  const id = query.get('error') || query.get('id')
  const links = element(
    'nav',
    { 'aria-label': 'Ways on' },
    buttonLink('Overview', 'welcome', 'back-button', 'primary'),
    buttonLink('Sign in', beginning('login'), 'login'),
  )
  if (!id) return showPage('Something went wrong', element('p', {}, 'The address names no error.'), links)
  const { status, body } = await get(`self-service/errors?id=${encodeURIComponent(id)}`)
  const error = objectOf(body['error'])
  if (status !== 200) showNotice('The server does not know this error; it may have been forgotten.')
  const said = element('p', { class: 'lead' }, textOf(error['reason']) ?? textOf(error['message']) ?? '')
  showPage('Something went wrong', said, facts(error, id), links)
}

/** @param {ReturnType<typeof objectOf>} error @param {string} id */
function facts(error, id) {
  const status = [error['code'], error['status']].filter((part) => part !== undefined).join(' ')
  const details = objectOf(error['details'])
  /** @type {readonly (readonly [string, string | undefined])[]} */
  const rows = [
    ['Status', status],
    ['Error id', textOf(error['id'])],
    ['Message', textOf(error['reason']) === undefined ? undefined : textOf(error['message'])],
    ['Debug', textOf(error['debug'])],
    ['Details', Object.keys(details).length === 0 ? undefined : JSON.stringify(details, null, 2)],
    ['Stored as', id],
  ]
  return element(
    'dl',
    {},
    ...rows.flatMap(([name, value]) => (value ? [element('dt', {}, name), element('dd', {}, value)] : [])),
  )
}
