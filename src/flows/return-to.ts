import type { AfterFlow } from '../config/settings.ts'
import { internal, OryError, returnToForbidden } from '../errors.ts'
import { hostname, isLoopback } from '../http/address.ts'
import type { Call } from '../http/call.ts'
import { goQuote } from '../http/go-text.ts'
import { absoluteUrl } from './ui-url.ts'

/*
 * Where a browser is sent when a flow is done, and where it may be sent (kratos-login-registration-sessions §1.9).
 */

/**
 * The `return_to` of a query, made absolute; undefined when there is none.
 * @throws OryError 400 self_service_flow_return_to_forbidden, 500 when it cannot be parsed
 */
export function readReturnTo(call: Call, query: URLSearchParams = call.query): string | undefined {
  return checkedReturnTo(call, query.get('return_to') ?? undefined)
}

/** A `return_to` that a flow keeps, made absolute. @throws as `readReturnTo` does */
export function checkedReturnTo(call: Call, wanted: string | undefined): string | undefined {
  if (!wanted) return undefined
  const fallback = new URL(defaultTarget(call))
  const url = parse(wanted, fallback)
  if (!isAllowed(call, url)) throw returnToForbidden(wanted, call.world.settings.selfservice.allowed_return_urls)
  return /^[a-z][a-z0-9+.-]*:/i.test(wanted) ? wanted : url.href
}

/** The `return_to` of a flow, which it keeps in the address that began it. */
export function returnToOf(call: Call, requestUrl: string): string | undefined {
  return readReturnTo(call, new URL(requestUrl).searchParams)
}

/** The configured target after a flow: of its method, of the flow, of the project. */
export function configuredTarget(call: Call, after: AfterFlow, method: string): string {
  const url = after.methods[method]?.default_browser_return_url ?? after.default_browser_return_url
  return url === undefined ? defaultTarget(call) : absoluteUrl(call, url)
}

/** Where a browser goes that has nowhere else to go. */
export function defaultTarget(call: Call): string {
  return absoluteUrl(call, call.world.settings.selfservice.default_browser_return_url)
}

/** Where one who is signed in already is sent instead: to a `return_to` on the server itself, else to the default. */
export function signedInTarget(call: Call): string {
  try {
    const wanted = readReturnTo(call)
    if (wanted?.startsWith(`${call.urls.public}/self-service`)) return wanted
  } catch (error) {
    if (!(error instanceof OryError)) throw error
  }
  return defaultTarget(call)
}

/** Parses what the browser's parser and Go's both accept: it alone would repair what Go refuses. */
function parse(text: string, base: URL): URL {
  const reason = reasonAgainst(text) ?? (URL.canParse(text, base.href) ? undefined : brokenHost(text))
  if (reason === undefined) return new URL(text, base)
  throw internal(`Unable to parse the return_to query parameter as an URL: parse ${goQuote(text)}: ${reason}`)
}

/** What Go's url.Parse says against a text, in the order in which it looks. */
function reasonAgainst(text: string): string | undefined {
  const isControl = (c: string) => c < ' ' || c === '\u007f'
  if ([...text].some(isControl)) return 'net/url: invalid control character in URL'
  if (text.startsWith(':')) return 'missing protocol scheme'
  const broken = /%(?![0-9a-f]{2}).{0,2}/i.exec(text)?.[0]
  return broken === undefined ? undefined : `invalid URL escape ${goQuote(broken)}`
}

function isAllowed(call: Call, url: URL): boolean {
  const { allowed_return_urls, allow_loopback_return_urls } = call.world.settings.selfservice
  if (allow_loopback_return_urls && /^https?:$/.test(url.protocol) && isLoopback(hostname(url.host))) return true
  return [...allowed_return_urls, `${call.urls.public}/self-service`].some((entry) =>
    covers(absoluteUrl(call, entry), url),
  )
}

/** Scheme and host equal (or the host ends as a `*` pattern wants), and the path begins as the entry's does. */
function covers(entry: string, url: URL): boolean {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/i.exec(entry)
  if (!parts) return false
  const [, scheme = '', host = '', path = ''] = parts
  if (`${scheme.toLowerCase()}:` !== url.protocol || !url.pathname.startsWith(path || '/')) return false
  if (!host.startsWith('*')) return host.toLowerCase() === url.host
  const suffix = host.slice(1).toLowerCase()
  // a pattern for a whole public suffix (`*`, `*.com`) allows nothing
  return suffix.split('.').filter((label) => label !== '').length > 1 && url.host.endsWith(suffix)
}

const brokenHost = (text: string): string =>
  /^[^/]*\/\/\[[^\]]*$/.test(text) ? "missing ']' in host" : 'invalid character in host name'
