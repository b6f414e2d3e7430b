import type { Call } from '../http/call.ts'
import type { SetCookie } from '../http/reply.ts'
import type { Millis } from '../state/clock.ts'
import type { Session } from '../state/records.ts'

/*
 * The session cookie (kratos-login-registration-sessions §5.2). Its value is opaque to clients; it holds the token, when
 * the cookie was made and when the session then expired, so that an extended session is noticed and an old cookie refused.
 */

const MAX_AGE_OF_COOKIE: Millis = 30 * 24 * 3_600_000

export interface CookieContent {
  readonly token: string
  readonly issuedAt: Millis
  readonly expiresAt: Millis
}

/** The value for a session, now. */
export function encodeSessionCookie(session: Session, now: Millis): string {
  return Buffer.from(`${now}|${session.expires_at}|${session.token}`).toString('base64url')
}

/** What a value says, or undefined for one that is not ours or older than 30 days. */
export function decodeSessionCookie(value: string, now: Millis): CookieContent | undefined {
  const parts = /^(\d+)\|(\d+)\|(\w+)$/.exec(Buffer.from(value, 'base64url').toString('latin1'))
  if (!parts) return undefined
  const issuedAt = Number(parts[1])
  if (now - issuedAt > MAX_AGE_OF_COOKIE) return undefined
  return { token: parts[3] ?? '', issuedAt, expiresAt: Number(parts[2]) }
}

/** The content of the request's session cookie, be it in the header `X-Session-Cookie` or in a cookie. */
export function readSessionCookie(call: Call): CookieContent | undefined {
  const header = call.headers['x-session-cookie']
  const value =
    typeof header === 'string' && header !== '' ? header : call.cookies.get(call.world.settings.session.cookie.name)
  return value === undefined ? undefined : decodeSessionCookie(value, call.world.now())
}

export function sessionTokenOfCookie(call: Call): string | undefined {
  return readSessionCookie(call)?.token
}

/** The cookie that carries a session. */
export function sessionCookie(call: Call, session: Session): SetCookie {
  const { cookie } = call.world.settings.session
  const now = call.world.now()
  const remaining = Math.max(0, Math.floor((session.expires_at - now) / 1000))
  return {
    ...attributes(call),
    value: encodeSessionCookie(session, now),
    ...(cookie.persistent ? { maxAge: remaining } : {}),
  }
}

/** The cookie that takes the session cookie away. */
export function endedSessionCookie(call: Call): SetCookie {
  const value = call.cookies.get(call.world.settings.session.cookie.name) ?? ''
  return { ...attributes(call), value, maxAge: 0 }
}

function attributes(call: Call): Omit<SetCookie, 'value'> {
  const { name, path, domain, same_site } = call.world.settings.session.cookie
  return { name, path, domain, sameSite: same_site, expires: true, secure: false }
}
