import { escapeHtml, type Reply } from '../http/reply.ts'
import type { KnownPerson } from './people.ts'

/*
 * The sign-in page of a built-in provider: plain HTML without scripts, whose forms come back to the page's own address.
 */

/** What the page shows. */
export interface SignInPage {
  /** The provider's name. */
  readonly provider: string
  readonly client: string
  readonly scopes: readonly string[]
  readonly people: readonly KnownPerson[]
  /** What came in the address, and must come back with the choice. */
  readonly request: readonly (readonly [string, string])[]
}

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

export function signInPage({ provider, client, scopes, people, request }: SignInPage): Reply {
  const hidden = request
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n')
  const asked = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')
  const body = `
<p>This page of the mock server stands in for ${escapeHtml(provider)}. Choose who you are there.</p>
<p>The application <strong>${escapeHtml(client)}</strong> asks for:</p>
<ul class="scopes">${asked}</ul>
${people.length === 0 ? '' : form('People of this project', hidden, people.map(personButton).join('\n') + SHARE)}
${form('Somebody else', hidden, NEW_PERSON)}
${form('Nobody', hidden, '<button name="refuse" value="true" class="refuse">Refuse, and go back</button>')}`
  return page(200, `Sign in with ${provider}`, body)
}

/** What is wrong with the address that led here, and what to do. */
export function problemPage(status: number, problem: string): Reply {
  return page(status, 'This sign-in cannot go on', `<p role="alert">${escapeHtml(problem)}</p>`)
}

function form(title: string, hidden: string, fields: string): string {
  return `<form method="get"><fieldset><legend>${escapeHtml(title)}</legend>\n${hidden}\n${fields}\n</fieldset></form>`
}

function personButton({ id, name, linked }: KnownPerson): string {
  const note = linked ? ' <small>(linked)</small>' : ''
  return `<button name="as" value="${escapeHtml(id)}">Continue as <strong>${escapeHtml(name)}</strong>${note}</button>`
}

const SHARE = `
<label class="check"><input type="checkbox" name="share_email" value="true" checked> Share the e-mail address</label>`

const NEW_PERSON = `
<label>E-mail <input name="email" type="email" autocomplete="off"></label>
<label>Name <input name="name" autocomplete="off"></label>
${SHARE}
<button name="as" value="new">Continue</button>`

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 25%, transparent); }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
fieldset { display: grid; gap: .75rem; margin: 1.5rem 0 0; padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; min-width: 0; }
legend { padding: 0 .5rem; font-weight: 600; }
label { display: grid; gap: .25rem; }
label.check { display: flex; gap: .5rem; align-items: center; }
input:not([type=checkbox]), button { font: inherit; color: inherit; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; min-width: 0; }
button { cursor: pointer; text-align: left; overflow-wrap: anywhere; }
button:hover { background: color-mix(in srgb, currentColor 8%, transparent); }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
.scopes { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
`

function page(status: number, title: string, body: string): Reply {
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`
  return { status, headers: HEADERS, text }
}
