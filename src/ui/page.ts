import type { Call } from '../http/call.ts'
import { refusal } from '../http/guard.ts'
import { escapeHtml, type Reply } from '../http/reply.ts'
import { DEFAULT_SANDBOX } from '../simulation/sandboxes.ts'
import { assetReply, SAFE } from './files.ts'

/*
 * Our own pages, at the addresses of Ory Network's (ecosystem §6.4). They are the same HTML for everybody: the script in
 * assets/ fetches the flow and renders it, as any front end does. All addresses in them are relative, so that they hold
 * below a sandbox's prefix too.
 */

const PAGES: ReadonlyMap<string, string> = new Map([
  ['login', 'Sign in'],
  ['registration', 'Sign up'],
  ['settings', 'Account settings'],
  ['recovery', 'Recover your account'],
  ['verification', 'Verify your account'],
  ['error', 'Something went wrong'],
  ['welcome', 'Welcome'],
])

const SCRIPTS = [
  'page',
  'api',
  'element',
  'error',
  'flow',
  'forms',
  'mailbox',
  'messages',
  'nodes',
  'security-key',
  'welcome',
]

/** The files that the pages may load, by their path below `/ui/`. */
const ASSETS: ReadonlySet<string> = new Set(
  ['colours.css', 'pages.css', 'forms.css', 'icon.svg', ...SCRIPTS.map((name) => `${name}.js`)].map(
    (name) => `assets/${name}`,
  ),
)

/**
 * Answers `/ui` and what lies below it, where the public API is served.
 * @returns undefined for every other path
 */
export function answerUi(call: Call): Reply | undefined {
  if (!/^\/ui(\/|$)/.test(call.path)) return undefined
  if (call.listener !== 'all' && call.listener !== 'public') return undefined
  if (call.method !== 'GET' && call.method !== 'HEAD') {
    const reply = refusal(405, `${call.path} is a page: it can only be read. Forms are sent to the flow's "ui.action".`)
    return { ...reply, headers: { ...reply.headers, Allow: 'GET, HEAD' } }
  }
  const name = call.path.slice('/ui/'.length)
  if (name === '') return { status: 302, headers: { Location: `${call.urls.request}/ui/welcome` } }
  if (PAGES.has(name)) return page(call, name)
  return ASSETS.has(name) ? assetReply(name.slice('assets/'.length)) : unknown(call.path)
}

function unknown(path: string): Reply {
  return refusal(
    404,
    `There is no page ${path}. There are: ${[...PAGES.keys()].map((name) => `/ui/${name}`).join(', ')}.`,
  )
}

function page(call: Call, name: string): Reply {
  const headers = {
    ...SAFE,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentPolicy(call),
    'Cache-Control': 'no-store',
  }
  return { status: 200, headers, text: html(call, name, PAGES.get(name) ?? name) }
}

/**
 * Nothing but our own files, the QR code's image, and the security key script where the public API has another address.
 * Where forms may go is not narrowed: browsers apply that to the redirect back to the app too.
 */
function contentPolicy({ urls }: Call): string {
  const ownOrigin = new URL(urls.request).origin
  const apiOrigin = new URL(urls.public).origin
  const scripts = apiOrigin === ownOrigin ? "'self'" : `'self' ${apiOrigin}`
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function html(call: Call, name: string, title: string): string {
  const { flows } = call.world.settings.selfservice
  const enabled = (['registration', 'recovery', 'verification'] as const).filter((kind) => flows[kind].enabled)
  const { name: world } = call.world
  const sandbox = world === DEFAULT_SANDBOX ? '' : ` <span>sandbox ${escapeHtml(world)}</span>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title} · ory-mock</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/colours.css">
<link rel="stylesheet" href="assets/pages.css">
<link rel="stylesheet" href="assets/forms.css">
<script type="module" src="assets/page.js"></script>
</head>
<body data-page="${name}" data-enabled="${enabled.join(' ')}">
<header><a href="welcome">ory-mock</a> ${sandbox}</header>
<main>
<h1>${title}</h1>
<div id="messages" aria-live="polite"></div>
<div id="content" aria-busy="true"></div>
<noscript><p>This page fetches and renders a flow, for which it needs JavaScript.</p></noscript>
</main>
<footer>A mock of the Ory APIs. For tests only.</footer>
</body>
</html>
`
}
