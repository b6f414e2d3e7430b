/*
 * Addresses as Go's `net/url` reads them: what it cannot parse has none of the formats `uri`, `uri-reference` and
 * `uri-template`.
 */

/** The path of an address, `''` when it has none; `undefined` when Go refuses the address. */
interface ParsedUrl {
  readonly scheme: string
  readonly path: string
}

export function isUri(text: string): boolean {
  const url = parseUrl(text)
  return url !== undefined && url.scheme !== ''
}

export function isUriReference(text: string): boolean {
  return parseUrl(text) !== undefined
}

/** An address whose braces pair up within each segment of the path. */
export function isUriTemplate(text: string): boolean {
  const path = parseUrl(text)?.path
  return path?.split('/').every((segment) => /^(?:[^{}]|\{[^{}]*\})*$/s.test(segment)) ?? false
}

function parseUrl(text: string): ParsedUrl | undefined {
  const [rest, fragment] = cut(text, '#')
  if (hasControl(rest) || hasBrokenEscape(fragment)) return undefined
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(rest)?.[1] ?? ''
  if (rest.startsWith(':')) return undefined
  const [hierarchy] = cut(scheme === '' ? rest : rest.slice(scheme.length + 1), '?')
  if (!hierarchy.startsWith('/')) {
    if (scheme !== '') return { scheme, path: '' }
    if (cut(hierarchy, '/')[0].includes(':')) return undefined
  }
  const hasAuthority = hierarchy.startsWith('//') && (scheme !== '' || !hierarchy.startsWith('///'))
  const path = hasAuthority ? hierarchy.slice(2).replace(/^[^/]*/, '') : hierarchy
  if (hasAuthority && !isAuthority(cut(hierarchy.slice(2), '/')[0])) return undefined
  return hasBrokenEscape(path) ? undefined : { scheme, path }
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) return false
  if (at >= 0 && hasBrokenEscape(authority.slice(0, at))) return false
  return isHost(authority.slice(at + 1))
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']')
    return end > 0 && isPort(host.slice(end + 1)) && hasHostCharacters(host.slice(0, end))
  }
  const colon = host.lastIndexOf(':')
  return (colon === -1 || isPort(host.slice(colon))) && hasHostCharacters(host)
}

const isPort = (text: string) => text === '' || /^:\d*$/.test(text)

/** Only bytes beyond ASCII, and `%25`, may stand escaped in a host. */
function hasHostCharacters(host: string): boolean {
  if (/%(?!25|[89A-Fa-f][0-9A-Fa-f])/.test(host)) return false
  return /^(?:[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]|\P{ASCII})*$/u.test(host)
}

function hasControl(text: string): boolean {
  return [...text].some((char) => char < ' ' || char === '\x7f')
}

function hasBrokenEscape(text: string): boolean {
  return /%(?![0-9A-Fa-f]{2})/.test(text)
}

function cut(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
