import type { Json } from '../../src/json.ts'
import { CookieJar } from '../support/cookie-jar.ts'
import { pointed } from '../support/pointed.ts'

/** A client of some server, which sends a request and reads its JSON. */
type Ask = (
  method: string,
  path: string,
  sent?: { headers?: Record<string, string>; body?: Json | string },
) => Promise<Json>

function askAt(url: string): Ask {
  return async (method, path, { headers = {}, body } = {}) => {
    const isText = typeof body === 'string'
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        Accept: 'application/json',
        Authorization: 'Bearer any',
        ...(body === undefined || isText ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const cookies = response.headers.getSetCookie()
    return { status: response.status, cookies, body: text === '' ? null : (JSON.parse(text) as Json) }
  }
}

const member = { method: 'password', identifier: 'member@example.com', password: 'sand-castle-4711' }

/** Somebody's suite: it exercises a known part of the API (expected.ts), in one sandbox. */
export async function demonstrate(url: string): Promise<void> {
  const ask = askAt(url)
  const begin = async (path: string) => pointed((await ask('GET', path)) ?? null, '/body/id')

  // a native app signs in, the second time with a wrong password
  const login = (flow: unknown, password: string) =>
    ask('POST', `/self-service/login?flow=${flow}`, { body: { ...member, password } })
  const signedIn = await login(await begin('/self-service/login/api'), member.password)
  await login(await begin('/self-service/login/api?refresh=true'), 'wrong-horse')
  await ask('GET', '/sessions/whoami', {
    headers: { 'X-Session-Token': String(pointed(signedIn, '/body/session_token')) },
  })
  await ask('GET', '/sessions/whoami')

  // a browser without script signs in by a form
  const jar = new CookieJar()
  const page = await ask('GET', '/self-service/login/browser?return_to=&aal=aal1')
  jar.store(pointed(page, '/cookies') as string[])
  const token = (pointed(page, '/body/ui/nodes') as Json[]).find(
    (node) => pointed(node, '/attributes/name') === 'csrf_token',
  )
  const csrf_token = String(pointed(token ?? null, '/attributes/value'))
  await ask('POST', `/self-service/login?flow=${pointed(page, '/body/id')}`, {
    headers: { Cookie: jar.header() ?? '', Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...member, csrf_token }).toString(),
  }).catch(() => undefined) // the body of the redirect is HTML

  // somebody recovers an account
  const flow = await begin('/self-service/recovery/api')
  await ask('POST', `/self-service/recovery?flow=${flow}`, { body: { method: 'link', email: 'member@example.com' } })

  await ask('GET', '/admin/identities?per_page=2&page=1')
  await ask('GET', '/admin/identities/00000000-0000-4000-8000-000000000000')
  await ask('GET', '/admin/health/alive')
  await ask('GET', '/session/whoami').catch(() => undefined) // a slip of the pen, answered by a text
}
