import type { Call } from '../http/call.ts'

/** A configured address, made absolute: `/ui/login` lies on the server's own public address. */
export function absoluteUrl(call: Pick<Call, 'urls'>, url: string): string {
  return url.startsWith('/') ? call.urls.public + url : url
}

/** The address with these keys set in its query; other keys stay, and all are in Go's order (by name). */
export function withQuery(url: string, values: Readonly<Record<string, string>>): string {
  const at = new URL(url)
  for (const [key, value] of Object.entries(values)) at.searchParams.set(key, value)
  at.searchParams.sort()
  return at.href
}
