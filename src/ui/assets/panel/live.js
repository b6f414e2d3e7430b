import { byId } from '../element.js'
import { ask } from './control.js'

/*
 * Keeps the page like the world: asks gently, only while somebody looks, and less often where an answer takes long. What has
 * not changed is not drawn again, so that focus and open details stay.
 */

const PAUSE = 1500

/** @typedef {{ path: string, show: (seen: never) => void, pick: (answer: never) => unknown, last: string | undefined, rest: number }} Watch */

/** @type {Watch[]} */
const watches = []

/**
 * Draws a part of the page whenever what the control API says of it changes.
 * @template Seen
 * @param {string} path
 * @param {(seen: Seen) => void} show
 * @param {(answer: never) => Seen} [pick] what of the answer is shown; all of it when left out
 */
export function watch(path, show, pick = (answer) => answer) {
  watches.push({ path, show, pick, last: undefined, rest: 0 })
}

/**
 * Draws a list anew. What had the focus has it again, or the list has it where that is gone.
 * @param {HTMLElement} list
 * @param {readonly HTMLElement[]} items
 */
export function redraw(list, items) {
  const focused = document.activeElement
  const had = focused !== null && list.contains(focused) ? nameOf(focused) : undefined
  list.replaceChildren(...items)
  if (had === undefined) return
  const same = [...list.querySelectorAll('a, button, summary')].find((each) => nameOf(each) === had)
  list.tabIndex = -1
  const target = same instanceof HTMLElement ? same : list
  target.focus({ preventScroll: true })
}

/** @param {Element} control */
const nameOf = (control) => `${control.tagName} ${control.getAttribute('aria-label') ?? control.textContent}`

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
  const seen = watch.pick(/** @type {never} */ (answer))
  const text = JSON.stringify(seen)
  if (text === watch.last) return
  watch.last = text
  watch.show(/** @type {never} */ (seen))
}

/** @param {HTMLElement} place @param {string} text */
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text
}
