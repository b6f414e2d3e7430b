import type { OidcProvider } from '../config/settings.ts'
import type { JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import type { OidcCode } from '../state/records.ts'
import type { World } from '../state/world.ts'

/*
 * Authorization codes: issued by the sign-in page, exchanged for tokens within the process.
 */

const LIFESPAN: Millis = 10 * 60_000

export type Consent = Pick<OidcCode, 'redirect_uri' | 'scope' | 'subject' | 'claims' | 'with_id_token'>

export function issueCode(world: World, provider: OidcProvider, consent: Consent): OidcCode {
  const code: OidcCode = {
    id: world.chance.uuid(),
    provider: provider.id,
    ...consent,
    expires_at: world.now() + LIFESPAN,
  }
  world.oidcCodes.save(code)
  return code
}

/** What a provider gives for a code. */
export interface Tokens {
  readonly subject: string
  readonly claims: JsonObject
  /** The scopes that were granted. */
  readonly scopes: readonly string[]
  readonly id_token: string | undefined
  readonly access_token: string
}

/** There are no tokens; the text is that of the real servers' client. */
export class ExchangeFailed extends Error {}

function refused(description: string): ExchangeFailed {
  const answer = JSON.stringify({ error: 'invalid_grant', error_description: description })
  return new ExchangeFailed(`oauth2: cannot fetch token: 400 Bad Request\nResponse: ${answer}`)
}

/** Exchanges a code, once. @throws ExchangeFailed */
export function exchangeCode(world: World, provider: OidcProvider, text: string): Tokens {
  if (provider.failure !== undefined) throw new ExchangeFailed(provider.failure)
  const code = world.oidcCodes.get(text)
  if (code?.provider !== provider.id) throw refused('The code is unknown or was used before.')
  world.oidcCodes.delete(code.id)
  if (code.expires_at <= world.now()) throw refused('The code has expired.')
  return {
    subject: code.subject,
    claims: code.claims,
    scopes: code.scope.split(' '),
    id_token: code.with_id_token ? idToken(world, provider, code) : undefined,
    access_token: world.chance.token(),
  }
}

/** An unsigned token: nobody has a key to check a signature by. */
function idToken(world: World, provider: OidcProvider, { subject, claims }: OidcCode): string {
  const iat = Math.floor(world.now() / 1000)
  const iss = provider.issuer_url ?? `https://${provider.provider}.example`
  const body = { ...claims, iss, sub: subject, aud: provider.client_id, iat, exp: iat + 3600 }
  return `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(body)}.`
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
