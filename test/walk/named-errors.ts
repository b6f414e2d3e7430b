import type { Json } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'

/*
 * The errors of 5xx that the real servers answer to input of their clients, as the references name them.
 */

const NAMED: readonly RegExp[] = [
  // kratos-login-registration-sessions
  /^Unable to parse the return_to query parameter as an URL: /,
  /^This is a stub error\.$/,
  // what a provider's code is worth once it was used
  /^oauth2: cannot fetch token: /,
  // kratos-settings-recovery-verification-mfa: a flow that has been completed is submitted again
  /^Could not find they TOTP key in the internal context\. /,
  /^Unable to create WebAuthn credential: /,
  /^Expected WebAuthN in internal context to be an object/,
  // JSON that Go's decoder refuses, in flows of browsers
  /^(unexpected EOF|EOF|invalid character .+|json: .+)$/,
  // admin-keto-projects
  /^Unable to create identity credentials with missing or empty identifier\.$/,
  /^I\[#\/password\] S\[\] the password does not fulfill the password policy because: passwords are limited to /,
]

/** Whether the body is one of them. */
export function isNamedError(body: Json | undefined): boolean {
  const texts = ['/error/reason', '/error/message', '/message'].map((pointer) => pointed(body, pointer))
  return texts.some((text) => typeof text === 'string' && NAMED.some((pattern) => pattern.test(text)))
}
