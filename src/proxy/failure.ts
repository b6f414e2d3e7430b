import { encodeJson } from '../http/encode.ts'
import type { FinalReply } from '../http/send.ts'
import { TooSlow } from './upstream.ts'

/** How the server behind the proxy is broken. */
export type FailureKind = 'refused' | 'unreachable' | 'reset' | 'slow' | 'garbage' | 'certificate' | 'failed'

export interface Failure {
  readonly kind: FailureKind
  readonly status: 502 | 504
  /** One sentence, with the server's address. */
  readonly reason: string
}

const CODES: readonly (readonly [RegExp, FailureKind, string])[] = [
  [/^ECONNREFUSED$/, 'refused', 'refuses connections'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'unreachable', 'has a name that nobody knows'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'unreachable', 'cannot be reached'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'slow', 'does not answer'],
  [/^(ECONNRESET|EPIPE|ECONNABORTED)$/, 'reset', 'broke the connection before its answer had ended'],
  [/^HPE_/, 'garbage', 'answered something that is not HTTP'],
  [/CERT|SSL|TLS|ALTNAME|SELF_SIGNED|EPROTO/, 'certificate', 'could not be spoken to in TLS'],
]

/** What broke, in words. @param base the address of the server behind */
export function failureOf(error: unknown, base: string): Failure {
  if (error instanceof TooSlow) {
    return { kind: 'slow', status: 504, reason: `The server at ${base} is too slow: ${error.message}.` }
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const [, kind = 'failed', what = 'failed'] = CODES.find(([pattern]) => pattern.test(code)) ?? []
  const detail = code === '' ? String(error instanceof Error ? error.message : error) : code
  return { kind, status: kind === 'slow' ? 504 : 502, reason: `The server at ${base} ${what} (${detail}).` }
}

/** The answer in its stead: the proxy's own, and said to be so. */
export function failureReply({ kind, status, reason }: Failure): FinalReply {
  return ownReply(status, kind, status === 504 ? 'Gateway Timeout' : 'Bad Gateway', reason)
}

/** An answer of the proxy's own, in the shape of Ory's errors. */
export function ownReply(code: number, kind: string, status: string, reason: string): FinalReply {
  const message = 'This is an answer of ory-mock proxy, and not of the server behind it.'
  const payload = encodeJson({ error: { code, status, reason, message } })
  return { status: code, headers: { 'Content-Type': 'application/json', 'X-Mock-Proxy': kind }, payload }
}
