import type { Call } from '../http/call.ts'
import { guardControl, refusal } from '../http/guard.ts'
import { escapeHtml, type Reply } from '../http/reply.ts'
import { assetReply, SAFE } from './files.ts'

/*
 * The panel: one page at `/__mock/` for people at a browser. Its scripts use the control API and nothing else. All addresses
 * in it are relative, so that it holds below a sandbox's prefix too.
 */

const SCRIPTS = [
  'clock',
  'control',
  'journal',
  'live',
  'mail',
  'panel',
  'people',
  'status',
  'switch-form',
  'switches',
  'world',
]

/** The files that the page may load, by their path below `/__mock/`. */
const ASSETS: ReadonlySet<string> = new Set(
  ['colours.css', 'element.js', 'icon.svg', 'panel/panel.css', ...SCRIPTS.map((name) => `panel/${name}.js`)].map(
    (name) => `assets/${name}`,
  ),
)

/**
 * Answers `/__mock/` and the files of its page.
 * @returns undefined for every other path
 */
export function answerPanel(call: Call): Reply | undefined {
  if (!call.path.startsWith('/__mock')) return undefined
  const name = call.path.slice('/__mock/'.length)
  const isPage = call.path === '/__mock' || call.path === '/__mock/'
  if (!isPage && !ASSETS.has(name)) return undefined
  const refused = guardControl(call)
  if (refused) return refused
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    const reply = refusal(
      405,
      `${call.path} is a page: it can only be read. /__mock/control.json describes the control API.`,
    )
    return { ...reply, headers: { ...reply.headers, Allow: 'GET, HEAD' } }
  }
  if (call.path === '/__mock') return { status: 302, headers: { Location: `${call.urls.request}/__mock/` } }
  return isPage ? page(call) : assetReply(name.slice('assets/'.length))
}

function page(call: Call): Reply {
  const policy = ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
  const headers = {
    ...SAFE,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
  }
  return { status: 200, headers, text: html(call.world.name) }
}

const SECTIONS = [
  ['world', 'World'],
  ['clock', 'Clock'],
  ['people', 'People'],
  ['mail', 'Mail'],
  ['switches', 'Switches'],
  ['journal', 'Journal'],
] as const

const section = (id: string, title: string): string => `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
</section>`

function html(sandbox: string): string {
  const parts = SECTIONS.map(([id, title]) => section(id, title))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Panel · ory-mock</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/colours.css">
<link rel="stylesheet" href="assets/panel/panel.css">
<script type="module" src="assets/panel/panel.js"></script>
</head>
<body data-sandbox="${escapeHtml(sandbox)}">
<header>
<h1>ory-mock</h1>
<p>sandbox <strong>${escapeHtml(sandbox)}</strong></p>
<nav aria-label="Sections"><ul>${SECTIONS.map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`).join('')}</ul></nav>
<p id="connection" role="status"></p>
</header>
<div id="status" role="status" aria-live="polite"></div>
<main>
<div class="column">
${parts.slice(0, 4).join('\n')}
</div>
<div class="column">
${parts.slice(4).join('\n')}
</div>
</main>
<noscript><p>This page uses the control API, for which it needs JavaScript.</p></noscript>
<footer>A mock of the Ory APIs. For tests only. <a href="control.json">Control API</a> · <a href="openapi.json">Contract</a></footer>
</body>
</html>
`
}
