import { createServer } from 'node:http'

/*
 * The app of the guides: it greets who is signed in, and shows Ory's flows with forms of its own. ORY_SDK_URL says where
 * Ory is.
 */

const escaped = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** What Ory answers for the browser that sent this request. */
const ask = (oryUrl, path, request) =>
  fetch(`${oryUrl}${path}`, {
    headers: { Accept: 'application/json', Cookie: request.headers.get('cookie') ?? '' },
  })

async function home(oryUrl, request) {
  const answer = await ask(oryUrl, '/sessions/whoami', request)
  const said = await answer.json()
  if (answer.ok) return `<p>Hello ${escaped(said.identity.traits.email)}</p>`
  if (said.error?.id === 'session_aal2_required') return '<p>Please enter a code of your authenticator app.</p>'
  if (answer.status === 401) return `<a href="${oryUrl}/self-service/login/browser">Sign in</a>`
  return '<p>Signing in does not work at the moment.</p>'
}

/** A form made of the nodes of a flow. */
async function form(oryUrl, kind, request) {
  const { searchParams } = new URL(request.url)
  const answer = await ask(oryUrl, `/self-service/${kind}/flows?id=${searchParams.get('flow')}`, request)
  if (!answer.ok) return `<p>Please begin again.</p><a href="${oryUrl}/self-service/${kind}/browser">Again</a>`
  const { ui } = await answer.json()
  const messages = (ui.messages ?? []).map(({ text }) => `<p role="alert">${escaped(text)}</p>`)
  const fields = ui.nodes.filter(({ group }) => ['default', 'password', 'link'].includes(group)).map(field)
  const forgot = `<a href="${oryUrl}/self-service/recovery/browser">Forgot the password?</a>`
  return `${messages.join('')}${kind === 'login' ? forgot : ''}<form method="${ui.method}" action="${escaped(ui.action)}">${fields.join('')}</form>`
}

function field({ attributes: { name, type, value }, meta }) {
  const label = escaped(meta.label?.text ?? name)
  if (type === 'submit') return `<button name="${name}" value="${escaped(value ?? '')}">${label}</button>`
  if (type === 'hidden') return `<input type="hidden" name="${name}" value="${escaped(value ?? '')}">`
  return `<label>${label} <input type="${type}" name="${name}" value="${escaped(value ?? '')}"></label>`
}

/** The app as a function: a request goes in, an answer comes out. */
export async function handle(request, oryUrl = process.env.ORY_SDK_URL) {
  const page = new URL(request.url).pathname.slice(1)
  const body = page === '' ? await home(oryUrl, request) : await form(oryUrl, page, request)
  return new Response(`<!doctype html><title>App</title>${body}`, { headers: { 'Content-Type': 'text/html' } })
}

if (process.env.PORT) {
  createServer(async (req, res) => {
    const answer = await handle(new Request(`http://localhost${req.url}`, { headers: new Headers(req.headers) }))
    res.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  }).listen(process.env.PORT)
}
