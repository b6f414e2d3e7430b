import { badRequest, plainError } from '../errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Credential, Credentials, OidcConfig } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { hashPassword, kindOfHash, PasswordTooLong } from './passwords.ts'

/*
 * Credentials that the administrator brings along (admin-keto-projects §1.5 "Credential import", §1.6).
 */

/**
 * The credentials of an identity with the imported ones: a password replaces, links to social providers are added.
 * @param known what the identity has already
 * @param imported `credentials` of the body, decoded
 * @throws OryError 400 for a hash of no known kind; 500 for a password that bcrypt cannot hash
 */
export function importCredentials(world: World, known: Credentials, imported: Json | undefined): Credentials {
  const password = member(imported, 'password')
  const oidc = member(imported, 'oidc')
  return {
    ...known,
    ...(password && { password: importPassword(world, member(password, 'config') ?? {}) }),
    ...(oidc && { oidc: importLinks(world, known.oidc, member(oidc, 'config') ?? {}) }),
  }
}

function importPassword(world: World, config: JsonObject): NonNullable<Credentials['password']> {
  const password = text(config, 'password')
  const hashed_password = password === '' ? text(config, 'hashed_password') : hash(world, password)
  if (password === '' && kindOfHash(hashed_password) === undefined) {
    throw badRequest(
      'The imported password does not match any known hash format. For more information see https://www.ory.sh/dr/2',
    )
  }
  return newCredential(world, [], { hashed_password })
}

/** No policy applies: people must be able to sign in with the password that they have. */
function hash(world: World, password: string): string {
  try {
    return hashPassword(world, password)
  } catch (error) {
    throw error instanceof PasswordTooLong ? plainError(error.message) : error
  }
}

function importLinks(world: World, known: Credential<OidcConfig> | undefined, config: JsonObject) {
  const listed = config['providers']
  const links = (Array.isArray(listed) ? (listed as readonly Json[]) : []).map((each) => {
    const link = isJsonObject(each) ? each : {}
    const tokens = { initial_id_token: '', initial_access_token: '', initial_refresh_token: '' }
    return { provider: text(link, 'provider'), subject: text(link, 'subject'), ...tokens }
  })
  const identifiers = links.map((link) => `${link.provider}:${link.subject}`)
  if (known === undefined) return newCredential(world, identifiers, { providers: links })
  return {
    ...known,
    identifiers: [...known.identifiers, ...identifiers],
    config: { providers: [...known.config.providers, ...links] },
  }
}

function newCredential<Config>(world: World, identifiers: readonly string[], config: Config): Credential<Config> {
  const now = world.now()
  return { identifiers, config, version: 0, created_at: now, updated_at: now }
}

function member(object: Json | undefined, key: string): JsonObject | undefined {
  const value = isJsonObject(object) ? object[key] : undefined
  return isJsonObject(value) ? value : undefined
}

function text(object: JsonObject, key: string): string {
  const value = object[key]
  return typeof value === 'string' ? value : ''
}
