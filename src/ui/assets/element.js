/**
 * Makes an element. Text becomes text nodes, never markup. Attributes that are undefined or false are left out, those that
 * are true are written without a value.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} [attributes]
 * @param {readonly (Node | string | undefined)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/**
 * The element that the page's HTML has by this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no element "${id}".`)
  return found
}

/**
 * Shows what the page is about, in place of what it showed before.
 * @param {string} heading
 * @param {readonly (Node | string | undefined)[]} content
 */
export function showPage(heading, ...content) {
  const [h1] = document.getElementsByTagName('h1')
  if (h1) h1.textContent = heading
  document.title = `${heading} · ory-mock`
  const place = byId('content')
  place.replaceChildren(...content.filter((each) => each !== undefined))
  place.removeAttribute('aria-busy')
}

/**
 * A link that looks like a button.
 * @param {string} text
 * @param {string} href
 * @param {string} testId
 * @param {'primary' | 'plain'} look
 */
export function buttonLink(text, href, testId, look = 'plain') {
  return element('a', { class: `button ${look}`, href, 'data-testid': testId }, text)
}
