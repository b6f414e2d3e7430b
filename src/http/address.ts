import type { IncomingHttpHeaders } from 'node:http'
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
  /** How the client addressed the server. */
  readonly front: Front
}

/** Where a client sees the server: as its request says, or as a trusted proxy in between says. */
export interface Front {
  readonly scheme: 'http' | 'https'
  /** With the port, when it is not the usual one. */
  readonly host: string
  /** What a proxy took off the path, such as `/auth`; `''` without. */
  readonly prefix: string
}

export interface AddressInput {
  readonly url: string
  readonly front: Front
  readonly header: string | undefined
  readonly cookie: string | undefined
  /** Host names (without port) of configured base URLs: they choose no sandbox. */
  readonly baseHosts: ReadonlySet<string>
}

const PREFIX = /^\/~([^/?]*)/
const RESERVED = new Set(['api', 'project'])

/**
 * Where the client sees the server.
 * @param trusted whether a proxy in front may say so (`X-Forwarded-Host`, `-Proto`, `-Port`, `-Prefix`); of several proxies
 * the first counts, which is the client's
 */
export function readFront(headers: IncomingHttpHeaders, trusted: boolean): Front {
  const host = headers.host ?? ''
  if (!trusted) return { scheme: 'http', host, prefix: '' }
  const scheme = forwarded(headers, 'proto') === 'https' ? 'https' : 'http'
  const port = forwarded(headers, 'port')
  const prefix = forwarded(headers, 'prefix')
  return {
    scheme,
    host: withPortOf(forwarded(headers, 'host') ?? host, scheme, port),
    prefix: prefix !== undefined && /^(\/[\w.~-]+)+\/?$/.test(prefix) ? trimSlash(prefix) : '',
  }
}

function forwarded(headers: IncomingHttpHeaders, what: 'proto' | 'host' | 'port' | 'prefix'): string | undefined {
  const [first = ''] = String(headers[`x-forwarded-${what}`] ?? '').split(',')
  return first.trim() === '' ? undefined : first.trim()
}

function withPortOf(host: string, scheme: 'http' | 'https', port: string | undefined): string {
  const usual = scheme === 'https' ? '443' : '80'
  const named = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(host)
  if (named) return named[2] === usual ? (named[1] ?? host) : host
  return port === undefined || port === usual || !/^\d{1,5}$/.test(port) ? host : `${host}:${port}`
}

/** Reads sandbox, path and query off a request. The first choice that applies counts: path, host, header, cookie. */
export function readAddress({ url, front, header, cookie, baseHosts }: AddressInput): Address {
  const at = url.indexOf('?')
  const rawQuery = at < 0 ? '' : url.slice(at + 1)
  const whole = at < 0 ? url : url.slice(0, at)
  const prefixed = PREFIX.exec(whole)
  if (prefixed) {
    const path = whole.slice(prefixed[0].length) || '/'
    return { sandbox: prefixed[1] ?? '', chosenBy: 'path', prefix: prefixed[0], path, rawQuery, front }
  }
  const rest = { prefix: '', path: whole, rawQuery, front }
  const named = sandboxOfHost(front.host, baseHosts)
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
  const { prefix, front, chosenBy, sandbox } = address
  const own = `${front.scheme}://${front.host}${front.prefix}`
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

function withPort(own: string, port: number): string {
  const url = new URL(own)
  url.port = String(port)
  return trimSlash(url.href)
}
