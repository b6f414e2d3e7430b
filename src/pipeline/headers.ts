import { csrfIgnores } from '../flows/csrf.ts'
import { corsHeaders, preflightHeaders } from '../http/cors.ts'
import type { Reply } from '../http/reply.ts'
import { breaksContract } from '../simulation/switches/switch.ts'
import type { Exchange } from './exchange.ts'

const NO_CACHE = 'private, no-cache, no-store, must-revalidate'

/** The answer to a CORS preflight; undefined for every other request. */
export function preflight(exchange: Exchange): Reply | undefined {
  const { origin } = exchange.headers
  const wanted = exchange.headers['access-control-request-method']
  const { cors } = exchange.world.settings.serve.public
  if (exchange.method !== 'OPTIONS' || origin === undefined || wanted === undefined || !cors.enabled) return undefined
  if (exchange.path.startsWith('/__mock')) return undefined
  const allowed = preflightHeaders(cors, origin, wanted, exchange.headers['access-control-request-headers'])
  return {
    status: 204,
    headers: { Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers', ...allowed },
  }
}

/** The headers that Ory's servers put around what their handlers answer, with that status. */
export function serverHeaders(exchange: Exchange, status: number): Record<string, string> {
  const { service, handled } = exchange
  const kratos = service === 'kratos-public' || service === 'kratos-admin'
  const { cors } = exchange.world.settings.serve.public
  const vary = varyOf(cors.enabled, exchange.throughCsrfLayer)
  const headers: Record<string, string> = {}
  if (kratos && handled) headers['Cache-Control'] = NO_CACHE
  if (vary !== undefined) headers['Vary'] = vary
  if (exchange.headers.origin !== undefined) Object.assign(headers, corsHeaders(cors, exchange.headers.origin))
  if (exchange.violations.length > 0) Object.assign(headers, violationHeader(exchange))
  if (exchange.switches.length > 0) Object.assign(headers, switchHeaders(exchange, status))
  return headers
}

function varyOf(origin: boolean, cookie: boolean): string | undefined {
  if (origin) return cookie ? 'Origin, Cookie' : 'Origin'
  return cookie ? 'Cookie' : undefined
}

/** Which switches met the call, and which of them break the contract on purpose. */
function switchHeaders({ switches }: Exchange, status: number): Record<string, string> {
  const breaking = switches.filter(({ definition }) => breaksContract(definition, status)).map(({ name }) => name)
  return {
    'X-Mock-Switch': switches.map(({ name }) => name).join(', '),
    ...(breaking.length > 0 ? { 'X-Mock-Contract-Broken-By': breaking.join(', ') } : {}),
  }
}

/** How many violations the request has, and where the first one is: ASCII, at most 1 KB. */
export function violationHeader({ violations }: Pick<Exchange, 'violations'>): Record<string, string> {
  const [first] = violations
  if (!first) return {}
  const where = `${first.in}${first.pointer === '' ? '' : ` ${first.pointer}`}: ${first.message}`
  return { 'X-Mock-Violations': `${violations.length}; ${where}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 1024) }
}

/** A reply with the cookies of the CSRF layer before its own. */
export function withCsrfCookies(exchange: Exchange, reply: Reply): Reply {
  const layered = exchange.throughCsrfLayer && !csrfIgnores(exchange.path)
  const cookies = (layered ? exchange.csrf : exchange.csrfInUse)?.cookies ?? []
  return cookies.length === 0 ? reply : { ...reply, cookies: [...cookies, ...(reply.cookies ?? [])] }
}
