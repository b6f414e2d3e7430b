import type { OidcProvider } from '../config/settings.ts'

/*
 * What differs between the kinds of social providers that Kratos knows. All of them are played by the built-in provider;
 * here is what a client can tell them apart by.
 */

const OPENID_CONNECT: ReadonlySet<string> = new Set(['generic', 'google', 'microsoft', 'apple', 'facebook'])
const BY_ID_TOKEN: ReadonlySet<string> = new Set(['generic', 'google', 'microsoft', 'apple'])
const SCOPE_CHECKED: ReadonlySet<string> = new Set(['github', 'discord', 'slack', 'spotify'])

/** The scopes that are asked for: `openid` comes last where the provider speaks OpenID Connect. */
export function requestedScopes({ provider, scope }: OidcProvider): readonly string[] {
  return OPENID_CONNECT.has(provider) && !scope.includes('openid') ? [...scope, 'openid'] : scope
}

/** Whether the claims come in an ID token, which must be there then. */
export const readsIdToken = ({ provider }: OidcProvider): boolean => BY_ID_TOKEN.has(provider)

/** Whether every scope that was asked for must be granted. */
export const checksScopes = ({ provider }: OidcProvider): boolean => SCOPE_CHECKED.has(provider)

/** What the sign-in address asks beside the usual. @param refresh someone is to prove anew who they are */
export function extraParameters(provider: OidcProvider, refresh: boolean): Readonly<Record<string, string>> {
  switch (provider.provider) {
    case 'dingtalk':
      return { prompt: 'consent' }
    case 'discord':
      return { prompt: refresh ? 'consent' : 'none' }
    default: {
      const claims = provider.requested_claims
      return {
        ...(refresh && OPENID_CONNECT.has(provider.provider) ? { prompt: 'login' } : {}),
        ...(claims && OPENID_CONNECT.has(provider.provider) ? { claims: JSON.stringify(claims) } : {}),
      }
    }
  }
}
