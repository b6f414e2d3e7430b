import type { Json } from '../../src/json.ts'
import { pointed } from '../support/pointed.ts'
import { publishedOperation } from '../support/published-routes.ts'

/*
 * The errors of 5xx that the real servers answer to input of their clients: each with the place of the reference that
 * names it, and for the requests alone that it is named for.
 */

interface NamedError {
  readonly namedBy: string
  /** Operations, or `METHOD /path` where the document has none. */
  readonly of: readonly string[]
  /** The whole reason, or the whole message where there is no reason. */
  readonly text: RegExp
}

const STARTS = ['Login', 'Registration', 'Settings', 'Recovery', 'Verification'].flatMap((flow) => [
  `initializeSelfService${flow}FlowForBrowsers`,
  `initializeSelfService${flow}FlowWithoutBrowser`,
])

export const NAMED_ERRORS: readonly NamedError[] = [
  {
    namedBy: 'kratos-login-registration-sessions §1.9',
    of: STARTS,
    text: /^Unable to parse the return_to query parameter as an URL: parse ".+": .+$/,
  },
  {
    namedBy: 'kratos-login-registration-sessions §1.3: JSON of a browser that does not parse',
    of: ['submitSelfServiceLoginFlow', 'submitSelfServiceRegistrationFlow'],
    text: /^(unexpected EOF|invalid character .+)$/,
  },
  {
    namedBy: 'kratos-login-registration-sessions §6: token exchange failure',
    of: ['GET /self-service/methods/oidc/callback/acme'],
    text: /^oauth2: cannot fetch token: 400 Bad Request\nResponse: \{.+\}$/,
  },
  {
    namedBy: 'kratos-settings-recovery-verification-mfa §1.6: a flow that has been completed is submitted again',
    of: ['submitSelfServiceSettingsFlow'],
    text: /^Could not find they TOTP key in the internal context\. This is a code bug and should be reported to https:\/\/github\.com\/ory\/kratos\/\.$/,
  },
  {
    namedBy: 'kratos-settings-recovery-verification-mfa §1.6: the answer of a key to another challenge, or to none',
    of: ['submitSelfServiceSettingsFlow'],
    text: /^(Unable to create WebAuthn credential: .+|Expected WebAuthN in internal context to be an object\.)$/,
  },
  {
    namedBy: 'admin-keto-projects §1.5: no traits at all',
    of: ['adminCreateIdentity', 'adminUpdateIdentity'],
    text: /^invalid character '}' looking for beginning of value$/,
  },
  {
    namedBy: 'admin-keto-projects §1.5',
    of: ['adminCreateIdentity', 'adminUpdateIdentity', 'adminPatchIdentity'],
    text: /^Unable to create identity credentials with missing or empty identifier\.$/,
  },
  {
    namedBy: 'admin-keto-projects §1.5',
    of: ['adminCreateIdentity', 'adminUpdateIdentity'],
    text: /^I\[#\/password\] S\[\] the password does not fulfill the password policy because: passwords are limited to a maximum length of 72 characters$/,
  },
]

/** Whether the body is an error that is named for the request. */
export function isNamedError(method: string, path: string, body: Json | undefined): boolean {
  const asked = publishedOperation(method, path) ?? `${method} ${path.split('?')[0]}`
  const text = pointed(body, '/error/reason') ?? pointed(body, '/error/message')
  return NAMED_ERRORS.some((named) => named.of.includes(asked) && typeof text === 'string' && named.text.test(text))
}
