import type { Listener, Urls } from './call.ts'

/*
 * Where a request was sent to: which host, which sandbox, and what its own addresses are (design.md §4 "Which sandbox",
 * §5 on foreign hosts).
 */

export const SANDBOX_HEADER = 'x-mock-sandbox'
export const SANDBOX_COOKIE = 'mock_sandbox'

/** What names the sandbox of a request, before it is looked up. */
export interface Address {
  /** The name, or undefined for the default sandbox. */
  readonly sandbox: string | undefined
  readonly chosenBy: 'path' | 'host' | 'header' | 'cookie' | undefined
  /** `/~NAME`, or `''` when the path chose no sandbox. */
  readonly prefix: string
  /** Path without prefix, and query without `?`. */
  readonly path: string
  readonly rawQuery: string
  /** The `Host` header. */
  readonly host: string
}

export interface AddressInput {
  readonly url: string
  readonly host: string
  readonly header: string | undefined
  readonly cookie: string | undefined
  /** Host names (without port) of configured base URLs: they choose no sandbox. */
  readonly baseHosts: ReadonlySet<string>
}

const PREFIX = /^\/~([^/?]*)/
const RESERVED = new Set(['api', 'project'])

/** Reads sandbox, path and query off a request. The first choice that applies counts: path, host, header, cookie. */
export function readAddress({ url, host, header, cookie, baseHosts }: AddressInput): Address {
  const at = url.indexOf('?')
  const rawQuery = at < 0 ? '' : url.slice(at + 1)
  const whole = at < 0 ? url : url.slice(0, at)
  const prefixed = PREFIX.exec(whole)
  if (prefixed) {
    const path = whole.slice(prefixed[0].length) || '/'
    return { sandbox: prefixed[1] ?? '', chosenBy: 'path', prefix: prefixed[0], path, rawQuery, host }
  }
  const rest = { prefix: '', path: whole, rawQuery, host }
  const named = sandboxOfHost(host, baseHosts)
  if (named !== undefined) return { sandbox: named, chosenBy: 'host', ...rest }
  if (header) return { sandbox: header, chosenBy: 'header', ...rest }
  if (cookie) return { sandbox: cookie, chosenBy: 'cookie', ...rest }
  return { sandbox: undefined, chosenBy: undefined, ...rest }
}

/** `NAME.localhost` names a sandbox, and so does `NAME.projects.localhost`, as Ory's CLI calls a project. */
function sandboxOfHost(host: string, baseHosts: ReadonlySet<string>): string | undefined {
  const name = hostname(host)
  if (!name.endsWith('.localhost') || baseHosts.has(name)) return undefined
  const label = name.slice(0, -'.localhost'.length).replace(/\.projects$/, '')
  return RESERVED.has(label) || label.includes('.') ? undefined : label
}

/** The lower-cased host name of a `Host` header or origin, without port; of `[::1]:4000` it is `::1`. */
export function hostname(host: string): string {
  const bare = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '')
  return bare.toLowerCase().replace(/\.$/, '')
}

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/

/** Whether a host name can only mean this machine. */
export const isLoopback = (name: string): boolean => LOOPBACK.test(name)

/** A `Host` is answered when it is loopback, of a configured base URL, or allowed by name: else DNS rebinding could reach us. */
export function isAllowedHost(host: string, baseHosts: ReadonlySet<string>, allowed: ReadonlySet<string>): boolean {
  const name = hostname(host)
  return isLoopback(name) || baseHosts.has(name) || allowed.has(name) || allowed.has(host.toLowerCase())
}

/** Ports of a server that has one address for each API; empty for the one-port server. */
export interface Ports {
  readonly public?: number
  readonly admin?: number
}

export interface BaseUrls {
  readonly public: string | undefined
  readonly admin: string | undefined
}

/**
 * The addresses that the replies to a request are made of: the configured base URLs, or else the request's own host, with
 * the sandbox wherever path or host chose it.
 */
export function urlsOf(address: Address, listener: Listener, bases: BaseUrls, ports: Ports): Urls {
  const { prefix, host, chosenBy, sandbox } = address
  const own = `http://${host}`
  const at = (configured: string | undefined, port: number | undefined, mine: Listener): string => {
    if (configured !== undefined && chosenBy !== 'host') return trimSlash(configured)
    return port === undefined || listener === mine || listener === 'all' ? own : withPort(own, port)
  }
  const publicRoot = at(bases.public, ports.public, 'public')
  const byPath = chosenBy === 'header' || chosenBy === 'cookie' ? `/~${sandbox}` : prefix
  return {
    request: own + prefix,
    public: publicRoot + prefix,
    admin: at(bases.admin, ports.admin, 'admin') + prefix,
    links: publicRoot + byPath,
    publicBase:
      prefix === '' && bases.public !== undefined && chosenBy !== 'host' ? bases.public : `${publicRoot}${prefix}/`,
  }
}

const trimSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url)

function withPort(origin: string, port: number): string {
  const url = new URL(origin)
  url.port = String(port)
  return url.origin
}
