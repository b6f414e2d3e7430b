import { createHash } from 'node:crypto'
import type { Settings } from '../config/settings.ts'
import { csrfViolation } from '../errors.ts'
import type { Call, CsrfToken } from '../http/call.ts'
import type { SetCookie } from '../http/reply.ts'

/*
 * The anti-CSRF token of browser flows: a cookie of 32 random bytes, and in every form the same bytes behind a mask
 * (kratos-login-registration-sessions §1.6).
 */

const LENGTH = 32
const ONE_YEAR = 31_536_000

/** Paths that the CSRF layer leaves alone: no check, and no cookie of their own. */
const IGNORED =
  /^\/(self-service\/(login|registration|settings|recovery|verification)(\/api)?|self-service\/logout\/api|self-service\/methods\/oidc\/callback\/apple|sessions(\/[^/]*)?|(admin\/)?identities.*|schemas\/.*|admin(\/.*)?|recovery\/link)$/

/** `csrf_token_` and the SHA-256 of the public base URL, slash and all. */
export function csrfCookieName(call: Pick<Call, 'urls'>): string {
  return `csrf_token_${createHash('sha256').update(call.urls.publicBase).digest('hex')}`
}

/** Whether the CSRF layer leaves a public path alone. */
export const csrfIgnores = (path: string): boolean => IGNORED.test(path)

/** Reads the token of a request on the public API, and makes one where the layer has to. */
export function readCsrf(call: Pick<Call, 'path' | 'cookies' | 'urls' | 'world'>): CsrfToken {
  const sent = call.cookies.get(csrfCookieName(call))
  if (sent !== undefined && decode(sent)?.length === LENGTH) return { value: sent, cookies: [] }
  const value = call.world.chance.bytes(LENGTH).toString('base64')
  if (IGNORED.test(call.path)) return { value, cookies: [] }
  return { value, cookies: [csrfCookie(call, value)] }
}

/** A new token, which makes the forms of older flows invalid: done when another principal signs in or out. */
export function regenerateCsrf(call: Call): void {
  const value = call.world.chance.bytes(LENGTH).toString('base64')
  call.csrf = { value, cookies: [...call.csrf.cookies, csrfCookie(call, value)] }
}

function csrfCookie(call: Pick<Call, 'urls' | 'world'>, value: string): SetCookie {
  const { cookies }: Settings = call.world.settings
  return {
    name: csrfCookieName(call),
    value,
    path: cookies.path,
    domain: cookies.domain,
    maxAge: ONE_YEAR,
    sameSite: 'Lax',
    secure: false,
  }
}

/** The request's token behind a new mask, for a form. */
export function maskedCsrf(call: Call): string {
  const token = Buffer.from(call.csrf.value, 'base64')
  const mask = call.world.chance.bytes(LENGTH)
  return Buffer.concat([mask, xor(token, mask)]).toString('base64')
}

/** Whether the browser has the request's token, or gets it with the reply: on paths that the layer ignores it may have none. */
export function hasCsrf(call: Call): boolean {
  return call.csrf.cookies.length > 0 || call.cookies.get(csrfCookieName(call)) === call.csrf.value
}

/** What a form of a flow of that type carries: API flows have the field, and leave it empty. */
export function csrfTokenFor(call: Call, type: 'api' | 'browser'): string {
  return type === 'api' ? '' : maskedCsrf(call)
}

/** Whether a token from a form belongs to the request's cookie. The bare cookie value counts too. */
export function csrfMatches(call: Call, token: string): boolean {
  if (!call.cookies.has(csrfCookieName(call))) return false
  const real = Buffer.from(call.csrf.value, 'base64')
  const sent = decode(token)
  if (sent?.length === LENGTH) return sent.equals(real)
  if (sent?.length !== 2 * LENGTH) return false
  return xor(sent.subarray(LENGTH), sent.subarray(0, LENGTH)).equals(real)
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * What the layer in front of the public routes checks: unsafe methods on paths that it does not ignore, known or not,
 * need the token in the header `X-CSRF-Token` or in a form field.
 * @throws OryError 403 security_csrf_violation
 */
export function guardCsrf(call: Call): void {
  if (SAFE.has(call.method) || IGNORED.test(call.path)) return
  const header = call.headers['x-csrf-token']
  const form = call.body.contentType?.startsWith('application/x-www-form-urlencoded')
  const token =
    typeof header === 'string' ? header : form ? new URLSearchParams(call.body.text).get('csrf_token') : undefined
  if (!token || decode(token)?.length !== 2 * LENGTH || !csrfMatches(call, token)) throw csrfViolation()
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const out = Buffer.alloc(a.length)
  for (let i = 0; i < a.length; i++) out[i] = (a[i] ?? 0) ^ (b[i] ?? 0)
  return out
}

function decode(text: string): Buffer | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}
