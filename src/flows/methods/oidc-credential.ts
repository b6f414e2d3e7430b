import type { OidcProvider } from '../../config/settings.ts'
import { badRequest } from '../../errors.ts'
import type { Tokens } from '../../oidc/exchange.ts'
import { checksScopes, readsIdToken } from '../../oidc/provider-kinds.ts'
import type { OidcConfig } from '../../state/records.ts'

type Link = OidcConfig['providers'][number]

/** A link to someone at a provider, as a credential keeps it. */
export function linkOf(provider: OidcProvider, { subject, id_token, access_token }: Tokens): Link {
  return {
    provider: provider.id,
    subject,
    initial_id_token: id_token ?? '',
    initial_access_token: access_token,
    initial_refresh_token: '',
  }
}

/** What identifies a person across providers. */
export const oidcIdentifier = ({ id }: OidcProvider, { subject }: Tokens): string => `${id}:${subject}`

/**
 * Refuses what a provider forgot to give (kratos-login-registration-sessions §6).
 * @throws OryError 400
 */
export function requireConsent(provider: OidcProvider, { id_token, scopes }: Tokens): void {
  if (readsIdToken(provider) && id_token === undefined) {
    throw badRequest(
      'Authentication failed because no id_token was returned. Please accept the "openid" permission and try again.',
    )
  }
  if (checksScopes(provider) && provider.scope.some((scope) => !scopes.includes(scope))) {
    throw badRequest(
      'Unable to finish because one or more permissions were not granted. Please retry and accept all permissions.',
    )
  }
}
