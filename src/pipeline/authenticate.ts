import { requireBearer } from '../http/bearer.ts'
import type { Exchange } from './exchange.ts'

/**
 * The gateway of Ory Network in front of the operations that the document secures with a bearer token
 * (admin-keto-projects §7). Health and version stay open.
 * @param auth `off`, `any` (whatever token counts) or the one token that counts
 * @throws OryError 401 without or with a malformed token, 403 with another token
 */
export function authenticate(auth: string, exchange: Exchange): void {
  if (auth === 'off' || !exchange.match?.operation.secured || exchange.service === 'metadata') return
  requireBearer(exchange.headers.authorization, auth)
}
