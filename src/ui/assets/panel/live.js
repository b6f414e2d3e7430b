import { byId } from '../element.js'
import { ask } from './control.js'

/*
 * Keeps the page like the world: asks gently, only while somebody looks, and less often where an answer takes long. What has
 * not changed is not drawn again, so that focus and open details stay.
 */

const PAUSE = 1500

/** @typedef {{ path: string, show: (answer: never) => void, last: string | undefined, rest: number }} Watch */

/** @type {Watch[]} */
const watches = []

/**
 * Draws a part of the page whenever what the control API says of it changes.
 * @template T
 * @param {string} path
 * @param {(answer: T) => void} show
 */
export function watch(path, show) {
  watches.push({ path, show, last: undefined, rest: 0 })
}

/** Looks at everything now. */
export async function refresh() {
  await Promise.all(watches.map(look))
}

/** Looks again and again, as long as the page is open. */
export async function keepLooking() {
  await tryToRefresh(refresh)
  setTimeout(keepLooking, PAUSE)
}

document.addEventListener('visibilitychange', () => void tryToRefresh(refresh))

/** @param {() => Promise<void>} look */
async function tryToRefresh(look) {
  if (document.hidden) return
  const place = byId('connection')
  try {
    await look()
    setText(place, '')
  } catch {
    setText(place, 'The server does not answer.')
  }
}

/** @param {Watch} watch */
async function look(watch) {
  const began = performance.now()
  if (began < watch.rest) return
  const answer = await ask('GET', watch.path)
  const took = performance.now() - began
  watch.rest = took < 200 ? 0 : began + 10 * took
  const text = JSON.stringify(answer)
  if (text === watch.last) return
  watch.last = text
  watch.show(/** @type {never} */ (answer))
}

/** @param {HTMLElement} place @param {string} text */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text
}
