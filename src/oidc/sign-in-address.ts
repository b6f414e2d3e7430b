import type { OidcProvider } from '../config/settings.ts'
import type { Call } from '../http/call.ts'
import type { World } from '../state/world.ts'
import { extraParameters, requestedScopes } from './provider-kinds.ts'

/*
 * The addresses between Ory and the built-in provider. No real provider is ever asked: wherever `issuer_url` and
 * `auth_url` point, browsers go to our own sign-in page.
 */

/** The provider of that id, as configured. */
export function findProvider(world: World, id: string): OidcProvider | undefined {
  return world.settings.selfservice.methods.oidc.config.providers.find((each) => each.id === id)
}

/** Where the provider sends browsers back to. */
export function callbackUrl(call: Pick<Call, 'urls' | 'world'>, provider: OidcProvider): string {
  const { base_redirect_uri } = call.world.settings.selfservice.methods.oidc.config
  const base = (base_redirect_uri ?? call.urls.links).replace(/\/+$/, '')
  return `${base}/self-service/methods/oidc/callback/${provider.id}`
}

/**
 * Where a browser signs in, its query in the order in which Go writes it.
 * @param refresh someone is to prove anew who they are
 */
export function signInUrl(call: Call, provider: OidcProvider, state: string, refresh: boolean): string {
  const query = new URLSearchParams({
    ...extraParameters(provider, refresh),
    client_id: provider.client_id,
    redirect_uri: callbackUrl(call, provider),
    response_type: 'code',
    scope: requestedScopes(provider).join(' '),
    state,
  })
  query.sort()
  return `${call.urls.links}/__mock/oidc/${encodeURIComponent(provider.id)}/authorize?${query}`
}
