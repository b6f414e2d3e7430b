import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as errors from '../src/errors.ts'
import { messages } from '../src/flows/messages.ts'

/*
 * The catalogues of errors and of UI texts, compared with what the document and Kratos name (`herodot` errors and
 * `text/message_*.go` of July 2022). The lists below are the reference: nothing in them is read from the code.
 */

interface ErrorOfReference {
  readonly status: number
  readonly reason: string
  readonly message: string
}

const FORBIDDEN = 'The requested action was forbidden'
const MALFORMED = 'The request was malformed or contained invalid parameters'

/** Every error id that can be sent, with its texts. */
const ERRORS: Readonly<Record<string, ErrorOfReference>> = {
  session_already_available: {
    status: 400,
    reason: 'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?',
    message: 'you are already logged in',
  },
  session_aal1_required: {
    status: 401,
    reason: 'You can not requested a higher AAL (AAL2/AAL3) without an active session.',
    message: 'aal2 and aal3 can only be requested if a session exists already',
  },
  session_aal2_required: {
    status: 403,
    reason:
      'An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please verify yourself with a second factor to resolve this issue.',
    message: 'Session does not fulfill the requested Authenticator Assurance Level',
  },
  session_inactive: {
    status: 401,
    reason: 'No active session was found in this request.',
    message: 'request does not have a valid authentication session',
  },
  session_refresh_required: {
    status: 403,
    reason: 'The login session is too old and thus not allowed to update these fields. Please re-authenticate.',
    message: FORBIDDEN,
  },
  self_service_flow_expired: {
    status: 410,
    reason: 'The self-service flow expired 1.50 minutes ago, initialize a new one.',
    message: 'self-service flow expired',
  },
  self_service_flow_disabled: {
    status: 400,
    reason: 'Registration is not allowed because it was disabled.',
    message: 'registration flow disabled',
  },
  self_service_flow_return_to_forbidden: {
    status: 400,
    reason: 'Requested return_to URL "https://evil.example" is not allowed.',
    message: MALFORMED,
  },
  security_csrf_violation: {
    status: 403,
    reason:
      'Please retry the flow and optionally clear your cookies. The request was rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal information, and other serious security issues.',
    message: 'the request was rejected to protect you from Cross-Site-Request-Forgery',
  },
  security_identity_mismatch: {
    status: 403,
    reason: 'The request was made for another identity and has been blocked for security reasons.',
    message: FORBIDDEN,
  },
  browser_location_change_required: {
    status: 422,
    reason: 'In order to complete this flow please redirect the browser to: /next',
    message: 'browser location change required',
  },
}

/** Defined by Kratos and never sent. */
const NEVER_SENT = ['session_verified_address_required', 'session_aal_already_fulfilled']

/** What the catalogue makes of each error id. */
const thrown: readonly errors.OryError[] = [
  errors.sessionAlreadyAvailable('login'),
  errors.sessionAal1Required(),
  errors.sessionAal2Required('/next'),
  errors.sessionInactive(),
  errors.sessionRefreshRequired('/next'),
  errors.flowExpiredOnSubmit(90_000, 'id'),
  errors.registrationDisabled(),
  errors.returnToForbidden('https://evil.example', []),
  errors.csrfViolation(),
  errors.identityMismatch(),
  errors.browserLocationChangeRequired('/next'),
]

describe('the catalogue of errors', () => {
  it('has every error id that Kratos sends, with its status and texts', () => {
    const made = thrown.map(({ status, error: { id = '', reason, message } }) => [id, { status, reason, message }])
    expect(Object.fromEntries(made)).toEqual(ERRORS)
  })

  it('has no other id', () => {
    const source = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8')
    const ids = [...source.matchAll(/\bid: '(\w+)'/g)].map(([, id]) => id)
    expect(new Set(ids)).toEqual(new Set(Object.keys(ERRORS)))
  })

  it('has every error id that the document names', () => {
    const document = readFileSync(new URL('../spec/ory-api.json', import.meta.url), 'utf8')
    const named = [...document.matchAll(/`((?:session|security|browser|self_service)_\w+)`: /g)].map(
      ([, id = '']) => id,
    )
    expect(new Set(named).size).toBe(9)
    expect([...new Set(named)].filter((id) => !Object.hasOwn(ERRORS, id))).toEqual([])
    expect(NEVER_SENT.filter((id) => named.includes(id))).toEqual([])
  })
})

/** `undefined` for a text without `context`. */
type Context = readonly string[] | undefined
type TextOfReference = readonly [id: number, text: string, context: Context]

const NONE: Context = undefined
const EMPTY: Context = []
const AT = Date.parse('2022-07-27T12:00:00Z')
const LATE = 90_000

/** Every UI text that can be shown, with the keys of its context; ids from 4000000 on are errors, the others information. */
const TEXTS: readonly TextOfReference[] = [
  [1010001, 'Sign in', EMPTY],
  [1010001, 'Sign in with security key', EMPTY],
  [1010002, 'Sign in with Acme', ['provider']],
  [1010003, 'Please confirm this action by verifying that it is you.', EMPTY],
  [1010004, 'Please complete the second authentication challenge.', EMPTY],
  [1010006, 'Authentication code', EMPTY],
  [1010007, 'Backup recovery code', EMPTY],
  [1010008, 'Use security key', NONE],
  [1010009, 'Use Authenticator', EMPTY],
  [1010010, 'Use backup recovery code', EMPTY],
  [1010012, 'Prepare your WebAuthn device (e.g. security key, biometrics scanner, ...) and press continue.', EMPTY],
  [1010013, 'Continue', NONE],
  [1040001, 'Sign up', EMPTY],
  [1040002, 'Sign up with Acme', ['provider']],
  [1040003, 'Continue', NONE],
  [1040004, 'Sign up with security key', NONE],
  [1050001, 'Your changes have been saved!', NONE],
  [1050002, 'Link Acme', ['provider']],
  [1050003, 'Unlink Acme', ['provider']],
  [1050004, 'Unlink TOTP Authenticator App', NONE],
  [1050005, 'Authenticator app QR code', NONE],
  [1050006, 'SECRET', ['secret']],
  [1050007, 'Reveal backup recovery codes', NONE],
  [1050008, 'Generate new backup recovery codes', NONE],
  [1050009, 'abcd1234', ['secret']],
  [1050010, 'These are your back up recovery codes. Please keep them in a safe place!', NONE],
  [1050011, 'Confirm backup recovery codes', NONE],
  [1050012, 'Add security key', NONE],
  [1050013, 'Name of the security key', NONE],
  [1050014, 'Secret was used at 2022-07-27 12:00:00 +0000 UTC', ['used_at']],
  [1050015, 'abcd1234, used', ['secrets']],
  [1050016, 'Disable this method', NONE],
  [1050017, 'This is your authenticator app secret. Use it if you can not scan the QR code.', NONE],
  [1050018, 'Remove security key "Blue"', ['added_at', 'display_name']],
  [
    1060001,
    'You successfully recovered your account. Please change your password or set up an alternative login method (e.g. social sign in) within the next 1.50 minutes.',
    ['privilegedSessionExpiresAt'],
  ],
  [1060002, 'An email containing a recovery link has been sent to the email address you provided.', EMPTY],
  [1070001, 'Password', NONE],
  [1070002, 'E-Mail', NONE],
  [1070003, 'Save', NONE],
  [1070004, 'ID', NONE],
  [1070005, 'Submit', NONE],
  [1070006, 'Verify code', NONE],
  [1070007, 'Email', NONE],
  [1080001, 'An email containing a verification link has been sent to the email address you provided.', EMPTY],
  [1080002, 'You successfully verified your email address.', NONE],
  [4000001, 'whatever is wrong', NONE],
  [4000002, 'Property email is missing.', ['property']],
  [4000005, 'The password can not be used because it is short.', ['reason']],
  [
    4000006,
    'The provided credentials are invalid, check for spelling mistakes in your password or username, email address, or phone number.',
    EMPTY,
  ],
  [4000007, 'An account with the same identifier (email, phone, username, ...) exists already.', EMPTY],
  [4000008, 'The provided authentication code is invalid, please try again.', EMPTY],
  [
    4000009,
    'Could not find any login identifiers. Did you forget to set them? This could also be caused by a server misconfiguration.',
    NONE,
  ],
  [4000010, 'Account not active yet. Did you forget to verify your email address?', NONE],
  [4000011, 'You have no TOTP device set up.', EMPTY],
  [4000012, 'This backup recovery code has already been used.', EMPTY],
  [4000013, 'You have no WebAuthn device set up.', EMPTY],
  [4000014, 'You have no backup recovery codes set up.', EMPTY],
  [4000015, 'This account does not exist or has no security key set up.', EMPTY],
  [4000016, 'The backup recovery code is not valid.', EMPTY],
  [4010001, 'The login flow expired 1.50 minutes ago, please try again.', ['expired_at']],
  [4010002, 'Could not find a strategy to log you in with. Did you fill out the form correctly?', NONE],
  [4010003, 'Could not find a strategy to sign you up with. Did you fill out the form correctly?', NONE],
  [4010004, 'Could not find a strategy to update your settings. Did you fill out the form correctly?', NONE],
  [4010005, 'Could not find a strategy to recover your account with. Did you fill out the form correctly?', NONE],
  [4010006, 'Could not find a strategy to verify your account with. Did you fill out the form correctly?', NONE],
  [4040001, 'The registration flow expired 1.50 minutes ago, please try again.', ['expired_at']],
  [4050001, 'The settings flow expired 1.50 minutes ago, please try again.', ['expired_at']],
  [4060001, 'The request was already completed successfully and can not be retried.', EMPTY],
  [4060002, 'The recovery flow reached a failure state and must be retried.', EMPTY],
  [4060004, 'The recovery token is invalid or has already been used. Please retry the flow.', EMPTY],
  [4060005, 'The recovery flow expired 1.50 minutes ago, please try again.', ['expired_at']],
  [4070001, 'The verification token is invalid or has already been used. Please retry the flow.', EMPTY],
  [4070002, 'The request was already completed successfully and can not be retried.', EMPTY],
  [4070003, 'The verification flow reached a failure state and must be retried.', EMPTY],
  [4070005, 'The verification flow expired 1.50 minutes ago, please try again.', ['expired_at']],
]

const codes = [messages.lookupSecret('abcd1234'), messages.lookupSecretUsed(AT)]

/** What the texts with a variable part are made from. */
const GIVEN: { readonly [Name in keyof typeof messages]?: Parameters<(typeof messages)[Name]> } = {
  signInWith: ['Acme'],
  signUpWith: ['Acme'],
  link: ['Acme'],
  unlink: ['Acme'],
  totpSecret: ['SECRET'],
  lookupSecret: ['abcd1234'],
  lookupSecretUsed: [AT],
  lookupSecrets: [codes],
  removeSecurityKey: ['Blue', AT],
  recovered: [LATE, AT],
  traitLabel: ['E-Mail'],
  validation: ['whatever is wrong'],
  missing: ['email'],
  passwordPolicy: ['it is short'],
  loginExpired: [LATE, AT],
  registrationExpired: [LATE, AT],
  settingsExpired: [LATE, AT],
  recoveryExpired: [LATE, AT],
  verificationExpired: [LATE, AT],
}

describe('the catalogue of UI texts', () => {
  const shown = Object.entries(messages).map(([name, make]) => {
    const given: readonly unknown[] = GIVEN[name as keyof typeof messages] ?? []
    return Reflect.apply(make, undefined, given) as ReturnType<typeof messages.signIn>
  })

  it('has every text that Kratos shows, and no other', () => {
    const made = shown.map(({ id, text, context }): TextOfReference => [id, text, context && Object.keys(context)])
    const inOrder = (texts: readonly TextOfReference[]) =>
      [...texts].sort(([id, text], [other, words]) => id - other || (text < words ? -1 : 1))
    expect(inOrder(made)).toEqual(inOrder(TEXTS))
  })

  it('calls errors what has an error id, and everything else information', () => {
    expect(shown.filter(({ id, type }) => type !== (id >= 4_000_000 ? 'error' : 'info'))).toEqual([])
  })
})
