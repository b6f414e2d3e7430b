/*
 * Which members of bodies, query parameters, headers and cookies are secret. What is found under such a name is masked
 * wherever else it stands in the same exchange.
 */

/** What stands in place of a secret. */
export const MASK = '<masked>'

const SECRET = new RegExp(
  `^(${[
    '.*password',
    '.*token',
    '.*secret',
    '.*secret_?key',
    '.*private_?key',
    '.*signature',
    '.*cookie',
    '.*api_?key(_value)?',
    'auth(orization|code)',
    'code',
    'totp_code',
    'totp_qr',
    'recovery_codes',
    // challenges, attestations and assertions of security keys
    'webauthn_(register|login)(_trigger)?',
    'challenge',
    'client_?data(_?json)?',
    'authenticator_?data',
    'attestation_?object',
  ].join('|')})$`,
)

/** They end like secrets, and are places in a list. */
const HARMLESS = new Set(['page_token', 'next_page_token'])

/** Whether a member of that name holds a secret; of a dotted name (`credentials.password`) the last part counts. */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase()
  const last = lower.slice(lower.lastIndexOf('.') + 1)
  return SECRET.test(last) && !HARMLESS.has(last)
}

/** Whatever stands below it is secret: `secrets.cookie[0]`, `kratos_secrets_cipher[0]`, `context.secrets[0].text`. */
export const isSecretTree = (name: string): boolean => /(^|_)secrets(_(cookie|cipher|default))?$/i.test(name)

/** A query parameter: what a social provider sends back is secret too. */
export const isSecretParameter = (name: string): boolean => isSecretName(name) || name.toLowerCase() === 'state'

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'x-session-token', 'x-csrf-token', 'x-api-key'])

/** @param name in lower case */
export const isSecretHeader = (name: string): boolean => SECRET_HEADERS.has(name)

/** Cookies that choose a sandbox or a switch. */
export const isOpenCookie = (name: string): boolean => name.startsWith('mock_')
