import { timingSafeEqual } from 'node:crypto'
import { credentialsInsufficient, credentialsInvalid } from '../errors.ts'

/**
 * What the gateway of Ory Network asks of a bearer token (admin-keto-projects §7).
 * @param authorization the header
 * @param auth `any` (whatever token counts) or the one token that counts
 * @throws OryError 401 without or with a malformed token, 403 with another token
 */
export function requireBearer(authorization: string | undefined, auth: string): void {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw credentialsInvalid()
  if (auth === 'any') return
  const [sent, expected] = [Buffer.from(token), Buffer.from(auth)]
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw credentialsInsufficient()
}
