import { timingSafeEqual } from 'node:crypto'
import { credentialsInsufficient, credentialsInvalid } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/**
 * The gateway of Ory Network in front of the operations that the document secures with a bearer token
 * (admin-keto-projects §7). Health and version stay open.
 * @param auth `off`, `any` (whatever token counts) or the one token that counts
 * @throws OryError 401 without or with a malformed token, 403 with another token
 */
export function authenticate(auth: string, exchange: Exchange): void {
  if (auth === 'off' || !exchange.match?.operation.secured || exchange.service === 'metadata') return
  const token = /^Bearer +(\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
  if (token === undefined) throw credentialsInvalid()
  if (auth === 'any') return
  const [sent, expected] = [Buffer.from(token), Buffer.from(auth)]
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw credentialsInsufficient()
}
