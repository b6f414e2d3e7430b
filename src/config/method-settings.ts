import type { Millis } from '../state/clock.ts'
import type { Section } from './section.ts'
import type { OidcProvider, Settings } from './settings.ts'

const HOUR: Millis = 3_600_000

/** `selfservice.methods` with Kratos' defaults (kratos-login-registration-sessions §0). */
export function resolveMethods(methods: Section): Settings['selfservice']['methods'] {
  const config = (name: string) => methods.section(name).section('config')
  const enabled = (name: string, otherwise: boolean) => methods.section(name).flag('enabled', otherwise)
  return {
    password: { enabled: enabled('password', true), config: resolvePassword(config('password')) },
    profile: { enabled: enabled('profile', true) },
    link: {
      enabled: enabled('link', true),
      config: {
        lifespan: config('link').duration('lifespan', HOUR),
        base_url: config('link').textUnlessEmpty('base_url'),
      },
    },
    totp: { enabled: enabled('totp', false), config: { issuer: config('totp').textUnlessEmpty('issuer') } },
    lookup_secret: { enabled: enabled('lookup_secret', false) },
    webauthn: { enabled: enabled('webauthn', false), config: resolveWebAuthn(config('webauthn')) },
    oidc: {
      enabled: enabled('oidc', false),
      config: {
        base_redirect_uri: config('oidc').textUnlessEmpty('base_redirect_uri'),
        providers: (config('oidc').sections('providers') ?? []).flatMap(resolveProvider),
      },
    },
  }
}

function resolvePassword(config: Section): Settings['selfservice']['methods']['password']['config'] {
  return {
    min_password_length: config.integer('min_password_length') ?? 8,
    identifier_similarity_check_enabled: config.flag('identifier_similarity_check_enabled', true),
    haveibeenpwned_enabled: config.flag('haveibeenpwned_enabled', true),
    max_breaches: config.integer('max_breaches') ?? 0,
  }
}

function resolveWebAuthn(config: Section): Settings['selfservice']['methods']['webauthn']['config'] {
  const rp = config.section('rp')
  return {
    passwordless: config.flag('passwordless', false),
    rp: {
      id: rp.textUnlessEmpty('id'),
      origin: rp.textUnlessEmpty('origin'),
      display_name: rp.text('display_name') ?? '',
    },
  }
}

function resolveProvider(entry: Section): OidcProvider[] {
  const id = entry.text('id')
  const provider = entry.text('provider')
  if (id === undefined)
    entry.problem('id', 'is missing.', 'Give every provider an id: it stands in the callback address.')
  if (provider === undefined) entry.problem('provider', 'is missing.', 'Write "generic", "google", "github" …')
  if (id === undefined || provider === undefined) return []
  return [
    {
      id,
      provider,
      label: entry.textUnlessEmpty('label'),
      client_id: entry.text('client_id') ?? '',
      issuer_url: entry.textUnlessEmpty('issuer_url'),
      scope: entry.texts('scope', []),
      requested_claims: entry.object('requested_claims'),
    },
  ]
}
