/** @import {JsonObject} from '../../json.ts' */

/*
 * The public API, as the page's address reaches it: directly, below a sandbox's prefix, or on the sandbox's host.
 */

/**
 * What the API answered. Without a JSON object as its body, `body` is empty.
 * @typedef {{ readonly status: number, readonly body: JsonObject }} Answer
 */

/**
 * GET with the browser's cookies, as JSON.
 * @param {string} path below the public address, e.g. `sessions/whoami`
 * @returns {Promise<Answer>}
 */
export async function get(path) {
  const response = await fetch(`../${path}`, { credentials: 'include', headers: { Accept: 'application/json' } })
  const text = await response.text()
  return { status: response.status, body: parse(text) }
}

/** @param {string} text @returns {JsonObject} */
function parse(text) {
  try {
    return objectOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/**
 * The value if it is a JSON object, else an empty one.
 * @param {unknown} value
 * @returns {JsonObject}
 */
export function objectOf(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? /** @type {JsonObject} */ (value) : {}
}

/** @param {unknown} value @returns {string | undefined} undefined for everything but a text with something in it */
export function textOf(value) {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * Where a flow of that kind begins.
 * @param {string} kind
 * @param {Readonly<Record<string, string | null | undefined>>} [query] what is empty is left out
 */
export function beginning(kind, query = {}) {
  const given = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value) given.set(key, value)
  const text = given.toString()
  return `../self-service/${kind}/browser${text === '' ? '' : `?${text}`}`
}

/**
 * The address that signs this browser out.
 * @returns {Promise<string | undefined>} undefined when nobody is signed in
 */
export async function logoutUrl() {
  const { body } = await get('self-service/logout/browser')
  return textOf(body['logout_url'])
}
