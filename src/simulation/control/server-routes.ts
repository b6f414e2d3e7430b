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
    path: '/openapi.json',
    summary: 'The effective contract; with ?published the document as published.',
    query: ['published'],
    answer: { type: 'object' },
    handle: getDocument,
  },
]
