import type { LoadRequest } from './load.ts'
import type { Server } from './server.ts'

const PASSWORD = 'sand-castle-4711'

/** The two requests that everything is measured by, for one person of the fixture `team`, and what is answered to them. */
export interface Person {
  readonly whoami: LoadRequest
  /** The password, to a live flow for native apps. */
  readonly login: LoadRequest
  readonly bodies: { readonly whoami: unknown; readonly login: unknown }
}

/** Signs somebody in on a server that was started with the fixture `team`. */
export async function signIn(server: Server, identifier = 'admin@example.com'): Promise<Person> {
  const flow = await call(server, { method: 'GET', path: '/self-service/login/api' })
  const login = loginRequest(flow.id, { method: 'password', identifier, password: PASSWORD })
  const signedIn = await call(server, login)
  const whoami = whoamiRequest(String(signedIn.session_token))
  return { whoami, login, bodies: { whoami: await call(server, whoami), login: signedIn } }
}

export function whoamiRequest(token: string): LoadRequest {
  return { method: 'GET', path: '/sessions/whoami', headers: { 'x-session-token': token, accept: 'application/json' } }
}

/** The submit of a login. */
export function loginRequest(flow: string, body: Readonly<Record<string, string>>): LoadRequest {
  return {
    method: 'POST',
    path: `/self-service/login?flow=${flow}`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  }
}

interface Answer {
  readonly id: string
  readonly session_token?: string
}

async function call(server: Server, { method, path, headers, body }: LoadRequest): Promise<Answer> {
  const response = await fetch(server.url + path, { method, ...(headers && { headers }), ...(body && { body }) })
  if (!response.ok) throw new Error(`${server.name} answers ${response.status} to ${method} ${path}`)
  return (await response.json()) as Answer
}
