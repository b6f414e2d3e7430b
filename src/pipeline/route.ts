import type { Contract, RouteMatch } from '../contract/contract.ts'
import type { Listener } from '../http/call.ts'
import { type Reply, redirect } from '../http/reply.ts'
import type { Service } from '../http/service.ts'

/*
 * From method and path to the operation, or to what the real servers' routers answer where there is none
 * (kratos-login-registration-sessions §1.13, admin-keto-projects §0.4).
 */

/** An operation, or the answer where no operation has the route. */
export type Routed = (
  | { readonly match: RouteMatch; readonly leftover: undefined }
  | { readonly match: undefined; readonly leftover: Reply }
) & {
  /** A handler of the real server answers, and not its router: it then sends `Cache-Control`. */
  readonly handled: boolean
}

interface Target {
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly listener: Listener
  readonly service: Service
  readonly urls: { readonly public: string; readonly admin: string }
}

export function route(contract: Contract, target: Target): Routed {
  const elsewhere = otherListener(target)
  if (elsewhere === 'unknown') return { match: undefined, leftover: notFoundPage(), handled: false }
  if (elsewhere !== undefined)
    return { match: undefined, leftover: redirect(307, elsewhere, target.method), handled: true }
  const match = findOperation(contract, target)
  if (match) return { match, leftover: undefined, handled: true }
  return { match: undefined, leftover: leftover(contract, target), handled: false }
}

/** HEAD is answered on whoami only: the routers of the real servers know no implicit HEAD. */
function findOperation(contract: Contract, { method, path }: Target): RouteMatch | undefined {
  if (method === 'HEAD' && path !== '/sessions/whoami') return undefined
  return contract.match(method, path)
}

const OPEN_METADATA = /^\/health\/(alive|ready)$/
const ADMIN_OF_PUBLIC = /^\/(admin\/)?(identities(\/.*)?|recovery\/link)$/
const PUBLIC_OF_ADMIN = /^\/admin\/(self-service\/.*|sessions(\/whoami)?|schemas(\/.*)?|\.well-known\/.*)$/

/** Where a path is served when this listener does not: an address to redirect to, or nowhere. */
function otherListener({ path, rawQuery, listener, service, urls }: Target): string | 'unknown' | undefined {
  const query = rawQuery === '' ? '' : `?${rawQuery}`
  switch (listener) {
    case 'all':
      return /^\/(identities(\/.*)?|recovery\/link)$/.test(path) ? `${urls.admin}/admin${path}${query}` : undefined
    case 'public':
      if (service === 'kratos-public' && !ADMIN_OF_PUBLIC.test(path)) return undefined
      if (ADMIN_OF_PUBLIC.test(path)) return `${urls.admin}/admin${path.replace(/^\/admin/, '')}${query}`
      return OPEN_METADATA.test(path) ? undefined : 'unknown'
    case 'admin':
      if (PUBLIC_OF_ADMIN.test(path)) return `${urls.public}${path.replace(/^\/admin/, '')}${query}`
      if (service === 'kratos-admin') return undefined
      return `/admin${path}${query}`
    case 'read':
    case 'write':
      if (service === 'metadata') return undefined
      return service === 'keto' && path.startsWith('/admin') === (listener === 'write') ? undefined : 'unknown'
  }
}

function leftover(contract: Contract, target: Target): Reply {
  const { method, path, rawQuery } = target
  const methods = contract.methodsOf(path)
  if (methods.length > 0) {
    const allow = [...new Set([...methods, 'OPTIONS'])].sort().join(', ')
    if (method === 'OPTIONS') return { status: 200, headers: { Allow: allow } }
    return textPage(405, 'Method Not Allowed\n', { Allow: allow })
  }
  const canonical = canonicalPath(contract, path)
  if (canonical === undefined) return notFoundPage()
  return redirect(method === 'GET' ? 301 : 307, rawQuery === '' ? canonical : `${canonical}?${rawQuery}`, method)
}

/** The path that a client meant which wrote a slash too much, or letters in another case. */
function canonicalPath(contract: Contract, path: string): string | undefined {
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  if (bare !== path && contract.methodsOf(bare).length > 0) return bare
  const lower = bare.toLowerCase()
  return lower !== bare && contract.methodsOf(lower).length > 0 ? lower : undefined
}

const notFoundPage = (): Reply => textPage(404, '404 page not found\n')

function textPage(status: number, text: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', ...headers },
    text,
  }
}
