import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { SANDBOX_HEADER } from '../http/address.ts'
import type { Listener } from '../http/call.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { isBelow, rewriteCookie } from './addresses.ts'
import { passedOn, valuesOf } from './header-list.ts'
import type { OryProxy } from './proxy.ts'
import type { ForwardedRequest, Upstream, UpstreamAnswer } from './upstream.ts'

/** An answer as the client gets it. */
export interface ProxiedAnswer {
  readonly status: number
  readonly phrase: string
  /** Names and values in turn; without `Content-Length` when the body has one of its own. */
  readonly headers: string[]
  readonly cookies: readonly string[]
  /** As it is sent. */
  readonly body: Buffer
  /** What it says; undefined where it could not be read whole. */
  readonly text: string | undefined
  /** What is still to come, to be passed on unread. */
  readonly rest: UpstreamAnswer['message'] | undefined
}

/** The request as the server behind gets it. */
export function outgoing(
  proxy: OryProxy,
  upstream: Upstream,
  api: Listener,
  exchange: Exchange,
  body: Buffer,
): ForwardedRequest {
  const { req, method } = exchange
  // whoever writes the address out in full means this one
  const target = (req.url ?? '/').replace(/^https?:\/\/[^/?]*(?=[/?]|$)/i, '') || '/'
  // in TLS a server is found by its name, whatever was asked for
  const host = upstream.secure || proxy.rewrite ? upstream.host : undefined
  const rewrite = proxy.rewrite ? proxy.rewritesFor(api, frontOf(exchange)).back : undefined
  const sent = rewrite && isText(exchange.headers['content-type']) ? Buffer.from(rewrite(exchange.body.text)) : body
  const hasBody = body.length > 0 || exchange.headers['content-length'] !== undefined
  const headers = passedOn(req.rawHeaders, (value, name) => {
    if (name === 'host') return host ?? value
    if (name === 'content-length') return undefined
    if (rewrite === undefined) return value
    // what is rewritten has to be readable
    return name === 'accept-encoding' ? 'identity' : rewrite(value)
  })
  const { chosenBy, sandbox } = exchange.address
  // a mock behind does not see the host that chose it
  if (rewrite && chosenBy === 'host' && sandbox !== undefined) headers.push(SANDBOX_HEADER, sandbox)
  if (hasBody) headers.push('Content-Length', String(sent.length))
  return { method, target: rewrite ? rewrite(target) : target, headers, body: sent }
}

const frontOf = ({ address: { front } }: Exchange): string => `${front.scheme}://${front.host}${front.prefix}`

/** The answer as the client gets it. */
export async function rewritten(
  proxy: OryProxy,
  upstream: Upstream,
  api: Listener,
  exchange: Exchange,
  { message, body, isWhole }: UpstreamAnswer,
): Promise<ProxiedAnswer> {
  const { statusCode: status = 502, statusMessage: phrase = '', rawHeaders } = message
  const cookies = valuesOf(rawHeaders, 'set-cookie')
  const raw = { status, phrase, cookies, body, text: undefined, rest: isWhole ? undefined : message }
  const plain = isWhole ? await decoded(body, message.headers['content-encoding']) : undefined
  const text = plain?.toString('utf8')
  if (!proxy.rewrite) return { ...raw, headers: passedOn(rawHeaders), text }
  const { out } = proxy.rewritesFor(api, frontOf(exchange))
  const changed = text !== undefined && isText(message.headers['content-type']) ? out(text) : undefined
  const isChanged = changed !== undefined && changed !== text
  const headers = passedOn(rawHeaders, (value, name) => {
    if (name === 'set-cookie') return rewriteCookie(value, upstream)
    if (name === 'location') return local(out(value), upstream.prefix)
    if (isChanged && (name === 'content-length' || name === 'content-encoding')) return undefined
    return out(value)
  })
  return {
    ...raw,
    headers,
    cookies: valuesOf(headers, 'set-cookie'),
    body: isChanged ? Buffer.from(changed) : body,
    text: changed ?? text,
  }
}

/** A path of the server behind as one of the proxy's. */
const local = (location: string, prefix: string): string =>
  prefix !== '' && isBelow(location, prefix) ? location.slice(prefix.length) || '/' : location

/** What may hold addresses. */
const isText = (type: string | undefined): boolean =>
  type !== undefined &&
  /^(text\/|application\/([\w.-]+\+)?(json|xml)|application\/(javascript|x-www-form-urlencoded))/i.test(type)

const DECODERS: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
}

/** A body without its encoding; undefined for one that cannot be read. */
async function decoded(body: Buffer, encoding: string | undefined): Promise<Buffer | undefined> {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body
  try {
    return await DECODERS[encoding.toLowerCase()]?.(body)
  } catch {
    return undefined
  }
}
