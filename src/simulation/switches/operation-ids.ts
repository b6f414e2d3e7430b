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

const FLOWS = ['Login', 'Registration', 'Settings', 'Recovery', 'Verification'] as const

/** `GET /self-service/…/flows` of every flow. */
export const FETCH = FLOWS.map((flow) => `getSelfService${flow}Flow`)

/** `POST /self-service/…` of every flow. */
export const SUBMIT = FLOWS.map((flow) => `submitSelfService${flow}Flow`)

export const INIT_BROWSER = FLOWS.map((flow) => `initializeSelfService${flow}FlowForBrowsers`)

export const INIT_API = FLOWS.map((flow) => `initializeSelfService${flow}FlowWithoutBrowser`)

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

/** Those whose document has room for a 500, by that status or by `default`. */
export const WITH_500 = ALL.filter((id) => !['getWebAuthnJavaScript', 'isReady', 'getVersion'].includes(id))
