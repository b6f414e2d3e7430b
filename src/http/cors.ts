import type { Settings } from '../config/settings.ts'
import { hostname, isLoopback } from './address.ts'

type Cors = Settings['serve']['public']['cors']

/** Headers of ours that scripts of another origin may read. */
const OURS = [
  'X-Mock-Sandbox',
  'X-Mock-Violations',
  'X-Mock-Contract-Violation',
  'X-Mock-Contract-Broken-By',
  'X-Mock-Switch',
  'X-Mock-Generated',
]

/** Whether scripts of that origin may call. Patterns may hold one `*`, as in kratos.yml. */
export function originAllowed(cors: Cors, origin: string): boolean {
  if (!cors.enabled) return false
  if (cors.allow_loopback && URL.canParse(origin) && isLoopback(hostname(new URL(origin).host))) return true
  return cors.allowed_origins.some((pattern) => {
    const [before = '', after] = pattern.toLowerCase().split('*')
    const name = origin.toLowerCase()
    if (after === undefined) return name === before
    return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
  })
}

/** The headers that an allowed origin gets on every answer; none for others. */
export function corsHeaders(cors: Cors, origin: string | undefined): Record<string, string> {
  if (origin === undefined || !originAllowed(cors, origin)) return {}
  return {
    'Access-Control-Allow-Origin': origin,
    ...(cors.allow_credentials ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
    'Access-Control-Expose-Headers': [...new Set([...cors.exposed_headers, ...OURS])].join(', '),
  }
}

/** The answer's headers to a preflight; undefined when the origin or the method is not allowed. */
export function preflightHeaders(
  cors: Cors,
  origin: string,
  method: string,
  headers: string | undefined,
): Record<string, string> | undefined {
  if (!originAllowed(cors, origin) || !cors.allowed_methods.includes(method.toUpperCase())) return undefined
  const wanted = (headers ?? '')
    .split(',')
    .map((h) => h.trim())
    .filter((h) => h !== '')
  const allowed = new Set(cors.allowed_headers.map((h) => h.toLowerCase()))
  // ours are for tests, whatever the configuration allows in earnest
  const isAllowed = (h: string) => h.startsWith('x-mock-') || allowed.has(h)
  if (!allowed.has('*') && !wanted.every((h) => isAllowed(h.toLowerCase()))) return undefined
  return {
    'Access-Control-Allow-Origin': origin,
    ...(cors.allow_credentials ? { 'Access-Control-Allow-Credentials': 'true' } : {}),
    'Access-Control-Allow-Methods': method.toUpperCase(),
    ...(wanted.length > 0 ? { 'Access-Control-Allow-Headers': wanted.join(', ') } : {}),
    ...(cors.max_age > 0 ? { 'Access-Control-Max-Age': String(cors.max_age) } : {}),
  }
}
