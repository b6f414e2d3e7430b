/* What the page of a report carries within itself. */

export const STYLE = `
:root { --ink: #1c2330; --paper: #fff; --faint: #667; --line: #dde1e8; --good: #17693a; --good-paper: #e3f4e9; --bad: #a3231c; --bad-paper: #fdeceb }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ee; --paper: #14171d; --faint: #9aa3b2; --line: #2b313c; --good: #7ad39b; --good-paper: #17301f; --bad: #ff9b92; --bad-paper: #3a1c1a }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 70rem; margin: 0 auto; padding: 1rem }
header { position: sticky; top: 0; background: var(--paper); border-bottom: 1px solid var(--line); z-index: 1 }
h1 { margin: .5rem 0 0; font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem }
header p { margin: .25rem 0; } small, .route, .sum, time { color: var(--faint) }
.passed { color: var(--good) } .failed { color: var(--bad) }
progress { width: 100%; accent-color: var(--good) }
input { font: inherit; color: inherit; background: transparent; border: 1px solid var(--faint); border-radius: 4px; padding: .2rem .5rem; width: min(24rem, 60vw) }
ul { padding-left: 1.2rem } li { overflow-wrap: anywhere }
details { border-bottom: 1px solid var(--line) } summary { cursor: pointer; padding: .35rem 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem }
summary code { font-weight: 600 } .sum { margin-left: auto }
summary::before { content: '▸'; color: var(--faint) } details[open] > summary::before { content: '▾' }
table { border-collapse: collapse; margin: 0 0 .75rem 1.5rem } th { text-align: left; font-weight: normal; color: var(--faint); vertical-align: top; padding: .2rem 1rem .2rem 0; white-space: nowrap }
td span { display: inline-block; border-radius: 4px; padding: 0 .4rem; margin: .1rem 0 }
.seen { background: var(--good-paper); color: var(--good) } .never { background: var(--bad-paper); color: var(--bad) } i { font-style: normal; font-size: .85em }
[hidden] { display: none !important }
`

/** Hides what does not say all the words that are looked for, and opens what does. */
export const SCRIPT = `
const search = document.getElementById('search')
const found = document.getElementById('found')
const nothing = document.getElementById('nothing')
const parts = [...document.querySelectorAll('[data-search]')].map((element) => ({ element, text: element.textContent.toLowerCase() }))
search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let shown = 0
  for (const { element, text } of parts) {
    const fits = words.every((word) => text.includes(word))
    element.hidden = !fits
    if (element.matches('details')) element.open = fits && words.length > 0
    if (fits) shown++
  }
  for (const section of document.querySelectorAll('section')) section.hidden = !section.querySelector('li:not([hidden])')
  found.textContent = words.length > 0 ? shown + ' of ' + parts.length : ''
  nothing.hidden = shown > 0
})
`
