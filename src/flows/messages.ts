import type { Json, JsonObject } from '../json.ts'
import { instant, type Millis } from '../state/clock.ts'
import type { UiText } from '../state/records.ts'

/*
 * Every text that a flow can show, one function a message id, worded as the real servers word it
 * (kratos-login-registration-sessions §7.1, kratos-settings-recovery-verification-mfa §7.1). `context` is `{}`, an object
 * or absent, as there.
 */

const info = (id: number, text: string, context?: JsonObject): UiText => ({
  id,
  text,
  type: 'info',
  ...(context === undefined ? {} : { context }),
})

const error = (id: number, text: string, context?: JsonObject): UiText => ({
  id,
  text,
  type: 'error',
  ...(context === undefined ? {} : { context }),
})

export const messages = {
  // login
  signIn: () => info(1010001, 'Sign in', {}),
  signInWithSecurityKey: () => info(1010001, 'Sign in with security key', {}),
  signInWith: (provider: string) => info(1010002, `Sign in with ${provider}`, { provider }),
  confirmItIsYou: () => info(1010003, 'Please confirm this action by verifying that it is you.', {}),
  completeSecondChallenge: () => info(1010004, 'Please complete the second authentication challenge.', {}),
  authenticationCode: () => info(1010006, 'Authentication code', {}),
  backupRecoveryCode: () => info(1010007, 'Backup recovery code', {}),
  useSecurityKey: () => info(1010008, 'Use security key'),
  useAuthenticator: () => info(1010009, 'Use Authenticator', {}),
  useBackupRecoveryCode: () => info(1010010, 'Use backup recovery code', {}),
  prepareWebAuthnDevice: () =>
    info(1010012, 'Prepare your WebAuthn device (e.g. security key, biometrics scanner, ...) and press continue.', {}),
  continueWithSecurityKey: () => info(1010013, 'Continue'),

  // registration
  signUp: () => info(1040001, 'Sign up', {}),
  signUpWith: (provider: string) => info(1040002, `Sign up with ${provider}`, { provider }),
  continueSignUp: () => info(1040003, 'Continue'),
  signUpWithSecurityKey: () => info(1040004, 'Sign up with security key'),

  // settings
  changesSaved: () => info(1050001, 'Your changes have been saved!'),
  link: (provider: string) => info(1050002, `Link ${provider}`, { provider }),
  unlink: (provider: string) => info(1050003, `Unlink ${provider}`, { provider }),
  unlinkTotp: () => info(1050004, 'Unlink TOTP Authenticator App'),
  totpQrCode: () => info(1050005, 'Authenticator app QR code'),
  totpSecret: (secret: string) => info(1050006, secret, { secret }),
  revealLookupSecrets: () => info(1050007, 'Reveal backup recovery codes'),
  regenerateLookupSecrets: () => info(1050008, 'Generate new backup recovery codes'),
  lookupSecret: (secret: string) => info(1050009, secret, { secret }),
  lookupSecretsLabel: () => info(1050010, 'These are your back up recovery codes. Please keep them in a safe place!'),
  confirmLookupSecrets: () => info(1050011, 'Confirm backup recovery codes'),
  addSecurityKey: () => info(1050012, 'Add security key'),
  securityKeyName: () => info(1050013, 'Name of the security key'),
  lookupSecretUsed: (at: Millis) =>
    info(1050014, `Secret was used at ${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`, {
      used_at: instant(Math.floor(at / 1000) * 1000),
    }),
  lookupSecrets: (codes: readonly UiText[]) =>
    info(1050015, codes.map((c) => (c.id === 1050014 ? 'used' : c.text)).join(', '), {
      secrets: codes as unknown as Json,
    }),
  disableLookupSecrets: () => info(1050016, 'Disable this method'),
  totpSecretLabel: () =>
    info(1050017, 'This is your authenticator app secret. Use it if you can not scan the QR code.'),
  removeSecurityKey: (displayName: string, addedAt: Millis) =>
    info(1050018, `Remove security key "${displayName || 'unnamed'}"`, {
      added_at: instant(addedAt),
      display_name: displayName,
    }),

  // recovery, verification
  recovered: (privilegedFor: Millis, now: Millis) =>
    info(
      1060001,
      `You successfully recovered your account. Please change your password or set up an alternative login method (e.g. social sign in) within the next ${minutes(privilegedFor)} minutes.`,
      { privilegedSessionExpiresAt: instant(now + privilegedFor) },
    ),
  recoveryEmailSent: () =>
    info(1060002, 'An email containing a recovery link has been sent to the email address you provided.', {}),
  verificationEmailSent: () =>
    info(1080001, 'An email containing a verification link has been sent to the email address you provided.', {}),
  emailVerified: () => info(1080002, 'You successfully verified your email address.'),

  // labels
  passwordLabel: () => info(1070001, 'Password'),
  traitLabel: (title: string) => info(1070002, title),
  save: () => info(1070003, 'Save'),
  identifierLabel: () => info(1070004, 'ID'),
  submit: () => info(1070005, 'Submit'),
  verifyCode: () => info(1070006, 'Verify code'),
  emailLabel: () => info(1070007, 'Email'),

  // errors
  validation: (reason: string) => error(4000001, reason),
  missing: (property: string) => error(4000002, `Property ${property} is missing.`, { property }),
  passwordPolicy: (reason: string) => error(4000005, `The password can not be used because ${reason}.`, { reason }),
  invalidCredentials: () =>
    error(
      4000006,
      'The provided credentials are invalid, check for spelling mistakes in your password or username, email address, or phone number.',
      {},
    ),
  accountExists: () =>
    error(4000007, 'An account with the same identifier (email, phone, username, ...) exists already.', {}),
  invalidCode: () => error(4000008, 'The provided authentication code is invalid, please try again.', {}),
  noIdentifiers: () =>
    error(
      4000009,
      'Could not find any login identifiers. Did you forget to set them? This could also be caused by a server misconfiguration.',
    ),
  notActiveYet: () => error(4000010, 'Account not active yet. Did you forget to verify your email address?'),
  noTotp: () => error(4000011, 'You have no TOTP device set up.', {}),
  lookupSecretAlreadyUsed: () => error(4000012, 'This backup recovery code has already been used.', {}),
  noWebAuthn: () => error(4000013, 'You have no WebAuthn device set up.', {}),
  noLookupSecrets: () => error(4000014, 'You have no backup recovery codes set up.', {}),
  noSecurityKey: () => error(4000015, 'This account does not exist or has no security key set up.', {}),
  invalidLookupSecret: () => error(4000016, 'The backup recovery code is not valid.', {}),

  loginExpired: (ago: Millis, now: Millis) => expired(4010001, 'login', ago, now),
  registrationExpired: (ago: Millis, now: Millis) => expired(4040001, 'registration', ago, now),
  settingsExpired: (ago: Millis, now: Millis) => expired(4050001, 'settings', ago, now),
  recoveryExpired: (ago: Millis, now: Millis) => expired(4060005, 'recovery', ago, now),
  verificationExpired: (ago: Millis, now: Millis) => expired(4070005, 'verification', ago, now),

  noLoginStrategy: () => noStrategy(4010002, 'log you in'),
  noRegistrationStrategy: () => noStrategy(4010003, 'sign you up'),
  noSettingsStrategy: () =>
    error(4010004, 'Could not find a strategy to update your settings. Did you fill out the form correctly?'),
  noRecoveryStrategy: () => noStrategy(4010005, 'recover your account'),
  noVerificationStrategy: () => noStrategy(4010006, 'verify your account'),

  recoveryRetry: () => error(4060001, 'The request was already completed successfully and can not be retried.', {}),
  recoveryFailed: () => error(4060002, 'The recovery flow reached a failure state and must be retried.', {}),
  recoveryTokenInvalid: () =>
    error(4060004, 'The recovery token is invalid or has already been used. Please retry the flow.', {}),
  verificationTokenInvalid: () =>
    error(4070001, 'The verification token is invalid or has already been used. Please retry the flow.', {}),
  verificationRetry: () => error(4070002, 'The request was already completed successfully and can not be retried.', {}),
  verificationFailed: () => error(4070003, 'The verification flow reached a failure state and must be retried.', {}),
} as const

const minutes = (length: Millis): string => (length / 60_000).toFixed(2)

/** `expired_at` lies in the future, by as much as the flow is late: so the real servers compute it. */
const expired = (id: number, flow: string, ago: Millis, now: Millis): UiText =>
  error(id, `The ${flow} flow expired ${minutes(ago)} minutes ago, please try again.`, {
    expired_at: instant(now + ago),
  })

const noStrategy = (id: number, what: string): UiText =>
  error(id, `Could not find a strategy to ${what} with. Did you fill out the form correctly?`)
