import { pipeline } from 'node:stream/promises'
import type { Violation } from '../contract/contract.ts'
import { type FinalReply, send } from '../http/send.ts'
import type { Json } from '../json.ts'
import type { Exchange } from '../pipeline/exchange.ts'
import { violationHeader } from '../pipeline/headers.ts'
import { record } from '../pipeline/record.ts'
import type { Failure } from './failure.ts'
import { passedOn } from './header-list.ts'
import type { OryProxy } from './proxy.ts'
import type { ProxiedAnswer } from './rewriting.ts'

/** What a request came to: an answer of the server behind, or one of the proxy's own. */
export type Handled = { readonly answer: ProxiedAnswer } | { readonly own: FinalReply; readonly failure?: Failure }

/** The control API of a mock behind is no part of Ory's contract. */
export const isControl = ({ path }: Pick<Exchange, 'path'>): boolean => path.startsWith('/__mock')

/** Judges the answer, sends it, and remembers the exchange. */
export async function conclude(proxy: OryProxy, exchange: Exchange, handled: Handled): Promise<void> {
  const isRemembered = proxy.checks && !isControl(exchange)
  if ('own' in handled) {
    if (handled.failure) exchange.replyViolations = [brokenBy(handled.failure)]
    send(exchange.res, handled.own, Date.now())
    if (isRemembered) record(proxy.mock, exchange, handled.own)
    return
  }
  const { answer } = handled
  if (!isRemembered) {
    await write(exchange, answer, NO_HEADERS)
    return
  }
  const reply = replyOf(answer)
  const violations = violationsOf(proxy, exchange, answer, reply)
  // waiting for what is there already costs a turn of the loop
  exchange.replyViolations = violations instanceof Promise ? await violations : violations
  const writing = write(exchange, answer, proxy.rewrite ? verdictHeaders(exchange) : NO_HEADERS)
  const broken = writing instanceof Promise ? await writing : writing
  if (broken) exchange.replyViolations = [{ in: 'body', pointer: '', message: 'broke off in the middle' }]
  record(proxy.mock, exchange, reply, answer.cookies)
  proxy.recorder?.saw(exchange, answer, reply.body as Json | undefined, proxy.addressNames)
}

const NO_HEADERS: Readonly<Record<string, string>> = {}

const brokenBy = ({ reason }: Failure): Violation => ({ in: 'status', pointer: '', message: reason })

/** The answer in the form in which the mock's own are judged and remembered. */
function replyOf({ status, headers, text }: ProxiedAnswer): FinalReply {
  const named: Record<string, string> = {}
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    if (name !== 'set-cookie') named[name] = headers[at + 1] ?? ''
  }
  const payload = text ?? ''
  const json = named['content-type']?.includes('json') ? parse(payload) : undefined
  return json === undefined
    ? { status, headers: named, payload, text: payload }
    : { status, headers: named, payload, body: json }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const NONE: readonly Violation[] = []

/** What HEAD answers has no body, and what was not read cannot be judged. */
function violationsOf(
  { contract }: OryProxy,
  { method, match }: Exchange,
  { text, status }: ProxiedAnswer,
  reply: FinalReply,
): readonly Violation[] | Promise<readonly Violation[]> {
  if (method === 'HEAD' || status === 304 || text === undefined) return NONE
  return contract.validateReply(match, {
    status,
    headers: reply.headers,
    contentType: reply.headers['content-type'],
    body: reply.body,
    text: reply.text,
  })
}

/** What the contract says of the exchange, for whoever looks at it from the client's side. */
function verdictHeaders(exchange: Exchange): Readonly<Record<string, string>> {
  const { violations, replyViolations } = exchange
  if (violations.length + replyViolations.length === 0) return NO_HEADERS
  const [first] = replyViolations
  const headers = violations.length > 0 ? violationHeader({ violations }) : {}
  if (first === undefined) return headers
  const [header = ''] = Object.values(violationHeader({ violations: replyViolations }))
  return { ...headers, 'X-Mock-Contract-Violation': header }
}

/** Writes the answer as it is; what is larger than was held follows as it comes. @returns whether it broke off */
function write(
  { res, method }: Exchange,
  answer: ProxiedAnswer,
  more: Readonly<Record<string, string>>,
): boolean | Promise<boolean> {
  const { status, phrase, headers, body, rest } = answer
  const ours = new Set(Object.keys(more).map((name) => name.toLowerCase()))
  // a mock behind says the same of its own
  const others = ours.size === 0 ? headers : passedOn(headers, (value, name) => (ours.has(name) ? undefined : value))
  const all = [...others, ...Object.entries(more).flat()]
  const named = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-length')
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  if (!named && rest === undefined && hasBody) all.push('Content-Length', String(body.length))
  res.writeHead(status, phrase, all)
  if (rest === undefined) {
    res.end(hasBody ? body : undefined)
    return false
  }
  res.write(body)
  return pipeline(rest, res).then(
    () => false,
    () => {
      res.destroy()
      return true
    },
  )
}
