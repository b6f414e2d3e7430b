/** The documented operations, by the names that other parts of the catalogue group them by. */

export const CONSOLE = [
  'listProjects',
  'createProject',
  'purgeProject',
  'getProject',
  'patchProject',
  'updateProject',
] as const

export const MEMBERS = ['getProjectMembers', 'removeProjectMember'] as const

export const IDENTITIES = [
  'adminListIdentities',
  'adminCreateIdentity',
  'adminDeleteIdentity',
  'adminGetIdentity',
  'adminPatchIdentity',
  'adminUpdateIdentity',
] as const

export const IDENTITY_SESSIONS = ['adminDeleteIdentitySessions', 'adminListIdentitySessions'] as const

export const CHECK_MIRROR = ['getCheckMirrorStatus', 'postCheckMirrorStatus'] as const

export const CHECK = ['getCheck', 'postCheck'] as const

export const TUPLES = [
  'createRelationTuple',
  'patchRelationTuples',
  'deleteRelationTuples',
  'getRelationTuples',
] as const

export const MY_SESSIONS = ['toSession', 'listSessions', 'revokeSessions', 'revokeSession'] as const

type FlowName = 'Login' | 'Registration' | 'Settings' | 'Recovery' | 'Verification'

const FLOWS = ['Login', 'Registration', 'Settings', 'Recovery', 'Verification'] as const

/** `GET /self-service/…/flows` of these flows. */
export const fetchOf = (...flows: readonly FlowName[]): readonly string[] =>
  flows.map((flow) => `getSelfService${flow}Flow`)

/** `POST /self-service/…` of these flows. */
export const submitOf = (...flows: readonly FlowName[]): readonly string[] =>
  flows.map((flow) => `submitSelfService${flow}Flow`)

/** `GET /self-service/…/browser` of these flows. */
export const initBrowserOf = (...flows: readonly FlowName[]): readonly string[] =>
  flows.map((flow) => `initializeSelfService${flow}FlowForBrowsers`)

/** `GET /self-service/…/api` of these flows. */
export const initApiOf = (...flows: readonly FlowName[]): readonly string[] =>
  flows.map((flow) => `initializeSelfService${flow}FlowWithoutBrowser`)

/** The beginnings of these flows, for browsers and for native apps. */
export const initOf = (...flows: readonly FlowName[]): readonly string[] => [
  ...initBrowserOf(...flows),
  ...initApiOf(...flows),
]

export const FETCH = fetchOf(...FLOWS)
export const SUBMIT = submitOf(...FLOWS)
export const INIT_BROWSER = initBrowserOf(...FLOWS)
export const INIT_API = initApiOf(...FLOWS)

/** All 61. */
export const ALL: readonly string[] = [
  ...FETCH,
  ...SUBMIT,
  ...INIT_BROWSER,
  ...INIT_API,
  'createSelfServiceLogoutFlowUrlForBrowsers',
  'submitSelfServiceLogoutFlow',
  'submitSelfServiceLogoutFlowWithoutBrowser',
  'getSelfServiceError',
  'getWebAuthnJavaScript',
  ...MY_SESSIONS,
  'adminExtendSession',
  ...IDENTITIES,
  ...IDENTITY_SESSIONS,
  'adminCreateSelfServiceRecoveryLink',
  'listIdentitySchemas',
  'getIdentitySchema',
  ...TUPLES,
  ...CHECK,
  ...CHECK_MIRROR,
  'getExpand',
  ...CONSOLE,
  ...MEMBERS,
  'isAlive',
  'isReady',
  'getVersion',
]

/** Routes of the real servers that the document lacks, unless they do what a documented operation does. */
export const ADDITIONAL: readonly string[] = [
  'openSelfServiceRecoveryLink',
  'openSelfServiceVerificationLink',
  'receiveSelfServiceOidcCallback',
  'forwardSelfServiceOidcCallback',
]

/** Every operation that a switch can meet. */
export const EVERY: ReadonlySet<string> = new Set([...ALL, ...ADDITIONAL])

/**
 * Where a browser is sent to the error page, while JSON clients and native apps get the error itself
 * (kratos-login-registration-sessions §1.5).
 */
export const WITH_ERROR_UI: ReadonlySet<string> = new Set([
  ...INIT_BROWSER,
  ...SUBMIT,
  'submitSelfServiceLogoutFlow',
  'openSelfServiceRecoveryLink',
  'openSelfServiceVerificationLink',
  'receiveSelfServiceOidcCallback',
])

/** Those whose document has room for a 500, by that status or by `default`. */
export const WITH_500 = ALL.filter((id) => !['getWebAuthnJavaScript', 'isReady', 'getVersion'].includes(id))
