import type { SetCookie } from './reply.ts'

const NONE: ReadonlyMap<string, string> = new Map()

/** The cookies of a `Cookie` header. Of two with one name the first counts, as in Go's net/http. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  if (header === undefined || header === '') return NONE
  const cookies = new Map<string, string>()
  for (const part of header.split(';')) {
    const at = part.indexOf('=')
    if (at < 0) continue
    const name = part.slice(0, at).trim()
    let value = part.slice(at + 1).trim()
    if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) value = value.slice(1, -1)
    if (name !== '' && !cookies.has(name)) cookies.set(name, value)
  }
  return cookies
}

/**
 * A `Set-Cookie` line with the attributes in the order of Go's net/http.
 * @param now the world's time in milliseconds, which `Expires` counts from
 */
export function serialiseCookie(cookie: SetCookie, now: number): string {
  let line = `${cookie.name}=${cookie.value}; Path=${cookie.path}`
  if (cookie.domain !== undefined) line += `; Domain=${cookie.domain}`
  if (cookie.maxAge !== undefined) {
    if (cookie.expires) {
      const at = cookie.maxAge > 0 ? new Date(now + cookie.maxAge * 1000) : new Date(1000)
      line += `; Expires=${at.toUTCString()}`
    }
    line += `; Max-Age=${cookie.maxAge}`
  }
  line += '; HttpOnly'
  if (cookie.secure) line += '; Secure'
  return `${line}; SameSite=${cookie.sameSite}`
}
