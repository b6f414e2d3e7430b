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
export const fetchOf = <Flow extends FlowName>(...flows: readonly Flow[]) =>
  flows.map((flow) => `getSelfService${flow}Flow` as const)

/** `POST /self-service/…` of these flows. */
export const submitOf = <Flow extends FlowName>(...flows: readonly Flow[]) =>
  flows.map((flow) => `submitSelfService${flow}Flow` as const)

/** `GET /self-service/…/browser` of these flows. */
export const initBrowserOf = <Flow extends FlowName>(...flows: readonly Flow[]) =>
  flows.map((flow) => `initializeSelfService${flow}FlowForBrowsers` as const)

/** `GET /self-service/…/api` of these flows. */
export const initApiOf = <Flow extends FlowName>(...flows: readonly Flow[]) =>
  flows.map((flow) => `initializeSelfService${flow}FlowWithoutBrowser` as const)

/** The beginnings of these flows, for browsers and for native apps. */
export const initOf = (...flows: readonly FlowName[]) => [...initBrowserOf(...flows), ...initApiOf(...flows)]

export const FETCH = fetchOf(...FLOWS)
export const SUBMIT = submitOf(...FLOWS)
export const INIT_BROWSER = initBrowserOf(...FLOWS)
export const INIT_API = initApiOf(...FLOWS)

/** Whatever people and their browsers do in flows. */
export const SELF_SERVICE = [
  ...FETCH,
  ...SUBMIT,
  ...INIT_BROWSER,
  ...INIT_API,
  'createSelfServiceLogoutFlowUrlForBrowsers',
  'submitSelfServiceLogoutFlow',
  'submitSelfServiceLogoutFlowWithoutBrowser',
  'getSelfServiceError',
] as const

export const SCHEMAS = ['listIdentitySchemas', 'getIdentitySchema'] as const

/** What administrators do with people. */
export const ADMIN = [
  ...IDENTITIES,
  ...IDENTITY_SESSIONS,
  'adminExtendSession',
  'adminCreateSelfServiceRecoveryLink',
] as const

/** All 61. */
const DOCUMENTED = [
  ...SELF_SERVICE,
  'getWebAuthnJavaScript',
  ...MY_SESSIONS,
  ...ADMIN,
  ...SCHEMAS,
  ...TUPLES,
  ...CHECK,
  ...CHECK_MIRROR,
  'getExpand',
  ...CONSOLE,
  ...MEMBERS,
  'isAlive',
  'isReady',
  'getVersion',
] as const

/** Routes of the real servers that the document lacks, unless they do what a documented operation does. */
const UNDOCUMENTED = [
  'openSelfServiceRecoveryLink',
  'openSelfServiceVerificationLink',
  'receiveSelfServiceOidcCallback',
  'forwardSelfServiceOidcCallback',
] as const

/** An operation that a switch can meet. */
export type OperationId = (typeof DOCUMENTED)[number] | (typeof UNDOCUMENTED)[number]

export const ALL: readonly string[] = DOCUMENTED
export const ADDITIONAL: readonly string[] = UNDOCUMENTED

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
