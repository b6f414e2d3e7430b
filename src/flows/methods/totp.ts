import { Secret, TOTP, URI } from 'otpauth'
import type { Millis } from '../../state/clock.ts'
import type { Identity } from '../../state/records.ts'

/*
 * Time-based one-time passwords as Ory uses them: SHA-1, six digits, 30 seconds, one step to either side
 * (kratos-settings-recovery-verification-mfa §4.1).
 */

/** Whether a code fits the authenticator of an `otpauth://` URL at an instant; blanks around it do not count. */
export function isRightCode(totpUrl: string, code: string, now: Millis): boolean {
  const totp = URI.parse(totpUrl)
  return totp instanceof TOTP && totp.validate({ token: code.trim(), timestamp: now, window: 1 }) !== null
}

/**
 * The `otpauth://` URL of a new authenticator.
 * @param secret 20 random bytes
 */
export function newTotpUrl(secret: Buffer, issuer: string, account: string): string {
  const bytes = new Uint8Array(secret).buffer
  const query = new URLSearchParams({
    algorithm: 'SHA1',
    digits: '6',
    issuer,
    period: '30',
    secret: new Secret({ buffer: bytes }).base32,
  })
  return `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?${query}`
}

/** The secret of an `otpauth://` URL, in base32. */
export function secretOf(totpUrl: string): string {
  return new URL(totpUrl).searchParams.get('secret') ?? ''
}

/** Whether an identity has an authenticator app set up. */
export function hasTotp({ credentials: { totp } }: Identity): boolean {
  return totp !== undefined && totp.config.totp_url !== '' && totp.identifiers[0] !== undefined
}
