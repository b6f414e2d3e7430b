import type { IncomingMessage, ServerResponse } from 'node:http'
import { isAllowedHost, readAddress, readFront, SANDBOX_COOKIE, SANDBOX_HEADER, urlsOf } from '../http/address.ts'
import type { Listener } from '../http/call.ts'
import { parseCookies } from '../http/cookies.ts'
import { misdirected, refusal } from '../http/guard.ts'
import type { Reply } from '../http/reply.ts'
import type { Mock } from '../mock.ts'
import { DEFAULT_SANDBOX, SandboxRefused } from '../simulation/sandboxes.ts'
import { Exchange } from './exchange.ts'

export type Arrival =
  | { readonly refused: Reply }
  | { readonly exchange: Exchange; readonly headers: Record<string, string> }

/** Host and sandbox: refuses foreign hosts and sandboxes that may not be, and makes the world of a new one. */
export function arrive(mock: Mock, listener: Listener, req: IncomingMessage, res: ServerResponse): Arrival {
  const { headers } = req
  const front = readFront(headers, mock.trustProxy)
  const { host = '' } = headers
  const hosts = front.host === host ? [host] : [host, front.host]
  const foreign = hosts.find((each) => !isAllowedHost(each, mock.baseHosts, mock.allowedHosts))
  if (foreign !== undefined) return { refused: misdirected(foreign) }
  const header = headers[SANDBOX_HEADER]
  const address = readAddress({
    url: cleanUrl(req.url ?? '/'),
    front,
    header: typeof header === 'string' ? header : undefined,
    cookie: cookieOf(headers.cookie),
    baseHosts: mock.baseHosts,
  })
  try {
    const { sandbox, isNew } = mock.sandboxes.enter(address.sandbox ?? DEFAULT_SANDBOX)
    const { serve } = sandbox.world.settings
    const bases = { public: serve.public.base_url, admin: serve.admin.base_url }
    const exchange = new Exchange(req, res, listener, address, sandbox, urlsOf(address, listener, bases, mock.ports))
    return { exchange, headers: isNew ? { 'X-Mock-Sandbox': `${sandbox.name}; new` } : {} }
  } catch (error) {
    if (error instanceof SandboxRefused) return { refused: refusal(404, error.message) }
    throw error
  }
}

/** The path as the real servers see it: an absolute form without its origin, doubled slashes made one. */
function cleanUrl(url: string): string {
  const path = /^https?:\/\/[^/?]*/i.test(url) ? url.replace(/^https?:\/\/[^/?]*/i, '') || '/' : url
  if (!path.includes('//')) return path
  const at = path.indexOf('?')
  return at < 0 ? path.replace(/\/{2,}/g, '/') : path.slice(0, at).replace(/\/{2,}/g, '/') + path.slice(at)
}

/** The sandbox of the cookie, without parsing all cookies of the requests that have none. */
function cookieOf(header: string | undefined): string | undefined {
  return header?.includes(`${SANDBOX_COOKIE}=`) ? parseCookies(header).get(SANDBOX_COOKIE) : undefined
}
