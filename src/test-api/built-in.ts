/** The fixtures that come with the package. */
export const BUILT_IN_FIXTURES = ['empty', 'team'] as const

/** The scenarios that come with the package. */
export const BUILT_IN_SCENARIOS = [
  'aal2-redirect-loop',
  'aal2-required',
  'account-switch-between-tabs',
  'address-not-verified',
  'back-button-after-logout',
  'backup-codes',
  'blocked-cookies',
  'blocked-while-signed-in',
  'client-clock-is-wrong',
  'duplicate-sign-up',
  'expired-flow',
  'flaky-network',
  'gateway-down',
  'many-identities',
  'native-flow-in-a-browser',
  'newer-server',
  'not-ready',
  'permission-through-groups',
  'privileged-session',
  'rate-limit-in-a-suite',
  'recovery-link-expired',
  'recovery-link-used-twice',
  'recovery-unknown-address',
  'recovery-with-second-factor',
  'registration-closed',
  'return-address-forbidden',
  'second-provider-off',
  'second-tab',
  'seed-run-twice',
  'session-expires-on-settings',
  'session-near-its-end',
  'settings-need-second-factor',
  'signed-out-elsewhere',
  'slow-sign-in',
  'social-account-exists',
  'social-sign-in-cancelled',
  'social-sign-up-without-email',
  'totp-set-up',
  'unknown-namespace',
  'verification-on-other-device',
  'weak-password',
  'wrong-password',
] as const

export type BuiltInFixture = (typeof BUILT_IN_FIXTURES)[number]

export type BuiltInScenario = (typeof BUILT_IN_SCENARIOS)[number]
