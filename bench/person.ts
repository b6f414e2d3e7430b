import type { Ask } from './in-process.ts'
import type { LoadRequest } from './load.ts'

export const PASSWORD = 'sand-castle-4711'

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json' }

/** The two requests that everything is measured by, for one person of the fixture `team`, and what is answered to them. */
export interface Person {
  readonly whoami: LoadRequest
  /** The password, to a live flow for native apps. */
  readonly login: LoadRequest
  readonly bodies: { readonly whoami: unknown; readonly login: unknown }
}

/** Signs somebody in on a server whose people have the password of the fixture `team`. */
export async function signIn(ask: Ask, identifier = 'admin@example.com'): Promise<Person> {
  const flow = await answered(ask, { method: 'GET', path: '/self-service/login/api' })
  const login = loginRequest(flow.id, { method: 'password', identifier, password: PASSWORD })
  const signedIn = await answered(ask, login)
  const whoami = whoamiRequest(String(signedIn.session_token))
  return { whoami, login, bodies: { whoami: await answered(ask, whoami), login: signedIn } }
}

export function whoamiRequest(token: string): LoadRequest {
  return { method: 'GET', path: '/sessions/whoami', headers: { 'x-session-token': token, accept: 'application/json' } }
}

/** The submit of a login. */
export function loginRequest(flow: string, body: Readonly<Record<string, string>>): LoadRequest {
  return post(`/self-service/login?flow=${flow}`, body)
}

export function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): LoadRequest {
  return { method: 'POST', path, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) }
}

/** What an answer says of itself, as far as anybody here reads on. */
export interface Said {
  readonly id: string
  readonly session_token?: string
  readonly identity?: { readonly id: string }
}

/** @throws unless the answer has that status, or is a success when none is named */
export async function answered(ask: Ask, request: LoadRequest, status?: number): Promise<Said> {
  const answer = await ask(request)
  const fine = status === undefined ? answer.status < 300 : answer.status === status
  if (!fine) throw new Error(`${answer.status} to ${request.method} ${request.path}: ${answer.body}`)
  return answer.body === '' ? { id: '' } : (JSON.parse(answer.body) as Said)
}
