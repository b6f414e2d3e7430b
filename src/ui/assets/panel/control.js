/** @import {Json} from '../../../json.ts' */

/*
 * The control API, as the page's address reaches it: directly, below a sandbox's prefix, or on the sandbox's host.
 */

/**
 * Asks the control API.
 * @template T what it answers
 * @param {'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'} method
 * @param {string} path below `/__mock/`
 * @param {Json} [body]
 * @returns {Promise<T>} undefined where the answer has no body
 * @throws {Error} with what the server says is wrong
 */
export async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { Accept: 'application/json', ...(method === 'GET' ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const answer = text === '' ? undefined : JSON.parse(text)
  if (!response.ok) throw new Error(answer?.error ?? `The server answered ${response.status}.`)
  return answer
}
