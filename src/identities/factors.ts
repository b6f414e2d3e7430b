import type { AuthenticatorAssuranceLevel, Identity } from '../state/records.ts'
import { isFirstFactorHash } from './passwords.ts'

/*
 * How many ways to prove who one is an identity has, whether or not their methods are enabled
 * (kratos-login-registration-sessions §5.3, kratos-settings-recovery-verification-mfa §1.4, §4.4).
 */

/** Usable passwords, every link to a social provider, passwordless security keys. */
export function countFirstFactors({ credentials }: Identity): number {
  const { password, oidc, webauthn } = credentials
  const passwords = password && isFirstFactorHash(password.config.hashed_password) && password.identifiers[0] ? 1 : 0
  const keys = webauthn?.identifiers.length ? webauthn.config.credentials.filter((key) => key.is_passwordless) : []
  return passwords + countLinks(oidc) + keys.length
}

/** An authenticator app, backup codes (used up or not), security keys that are not passwordless. */
export function countSecondFactors({ credentials }: Identity): number {
  const { totp, lookup_secret, webauthn } = credentials
  const apps = totp?.config.totp_url && totp.identifiers[0] ? 1 : 0
  const codes = lookup_secret?.config.recovery_codes.length ? 1 : 0
  const keys = webauthn?.identifiers.length ? webauthn.config.credentials.filter((key) => !key.is_passwordless) : []
  return apps + codes + keys.length
}

/** The highest level that the identity can reach. */
export function availableAal(identity: Identity): AuthenticatorAssuranceLevel {
  if (countSecondFactors(identity) > 0) return 'aal2'
  return countFirstFactors(identity) > 0 ? 'aal1' : 'aal0'
}

/** Links whose identifier and provider agree; one whose subject or provider is a single letter is not counted. */
function countLinks(oidc: Identity['credentials']['oidc']): number {
  let count = 0
  for (const identifier of oidc?.identifiers ?? []) {
    const [provider = '', subject = '', ...rest] = identifier.split(':')
    if (rest.length > 0 || provider.length < 2 || subject.length < 2) continue
    count += oidc?.config.providers.filter((link) => link.provider === provider && link.subject === subject).length ?? 0
  }
  return count
}
