import { readReturnTo } from '../../flows/return-to.ts'
import { SANDBOX_COOKIE } from '../../http/address.ts'
import { noContent, ok, type Reply, redirect } from '../../http/reply.ts'
import { instant } from '../../state/clock.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

function listSandboxes({ mock }: ControlCall): Reply {
  return ok(
    mock.sandboxes.list().map(({ name, world, usedAt, start }) => ({
      name,
      used_at: instant(usedAt),
      scenario: start.scenario?.name ?? null,
      identities: world.identities.size,
      sessions: world.sessions.size,
    })),
  )
}

function deleteSandbox({ mock, params }: ControlCall): Reply {
  const name = params['name'] ?? ''
  if (!mock.sandboxes.dispose(name)) throw new ControlError(404, `There is no sandbox "${name}".`)
  return noContent()
}

/** Sets the cookie that keeps a browser in a sandbox, and sends it on. */
function enter({ mock, exchange, params }: ControlCall): Reply {
  const name = params['name'] ?? ''
  mock.sandboxes.enter(name)
  const target = readReturnTo(exchange) ?? `${exchange.urls.public}/ui/welcome`
  const cookie = { name: SANDBOX_COOKIE, value: name, path: '/', sameSite: 'Lax', secure: false } as const
  return redirect(303, target, exchange.method, { cookies: [cookie] })
}

/** The newest `limit` exchanges, or all that are kept. */
function getJournal({ exchange }: ControlCall): Reply {
  const limit = exchange.query.get('limit')
  if (limit !== null && !/^[1-9]\d{0,8}$/.test(limit)) throw new ControlError(400, 'limit is a whole number above 0.')
  const entries = exchange.sandbox.journal.entries()
  const newest = limit === null ? entries : entries.slice(-Number(limit))
  return ok(newest.map((entry) => ({ ...entry, at: instant(entry.at) })))
}

function deleteJournal({ exchange }: ControlCall): Reply {
  exchange.sandbox.journal.clear()
  return noContent()
}

function getDocument({ mock, exchange }: ControlCall): Reply {
  return ok(exchange.query.has('published') ? mock.contract.published() : mock.contract.document)
}

export const serverRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/sandboxes',
    summary: 'All sandboxes.',
    answer: { type: 'array', items: { type: 'object' } },
    handle: listSandboxes,
  },
  {
    method: 'DELETE',
    path: '/sandboxes/{name}',
    summary: 'Disposes of a sandbox; default is made anew.',
    handle: deleteSandbox,
  },
  {
    method: 'GET',
    path: '/enter/{name}',
    summary: 'Sets the cookie that keeps a browser in a sandbox, and redirects.',
    query: ['return_to'],
    handle: enter,
  },
  {
    method: 'GET',
    path: '/journal',
    summary: 'What was called, answered and violated, oldest first; with `limit` the newest so many.',
    query: ['limit'],
    answer: { type: 'array', items: { type: 'object' } },
    handle: getJournal,
  },
  { method: 'DELETE', path: '/journal', summary: 'Empties the journal.', handle: deleteJournal },
  {
    method: 'GET',
    path: '/openapi.json',
    summary: 'The effective contract; with ?published the document as published.',
    query: ['published'],
    answer: { type: 'object' },
    handle: getDocument,
  },
]
