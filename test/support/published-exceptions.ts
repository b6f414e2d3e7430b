/*
 * The replies that are right and yet not in the published document: statuses, 400s that are errors where the document
 * has a flow, the script's own media type. Nothing else is let pass.
 */

export interface PublishedException {
  readonly operations: readonly string[]
  readonly status: number
  /** The component that the body has to be valid by; without it the body is text. */
  readonly schema?: 'jsonError' | 'genericError'
  /** Whether the reply is of the exceptional kind, where the document names the status for another. */
  readonly accepts: (contentType: string | undefined, body: unknown) => boolean
}

const SUBMITS = ['Login', 'Registration', 'Settings', 'Recovery', 'Verification'].map(
  (flow) => `submitSelfService${flow}Flow`,
)

/** The operations that the document secures with a bearer token, by the shape of their errors. */
const BEARER = {
  jsonError: [
    'adminListIdentities',
    'adminCreateIdentity',
    'adminDeleteIdentity',
    'adminGetIdentity',
    'adminPatchIdentity',
    'adminUpdateIdentity',
    'adminDeleteIdentitySessions',
    'adminListIdentitySessions',
    'adminCreateSelfServiceRecoveryLink',
    'adminExtendSession',
    'isAlive',
    'isReady',
    'getVersion',
  ],
  genericError: [
    'deleteRelationTuples',
    'patchRelationTuples',
    'createRelationTuple',
    'getRelationTuples',
    'getCheckMirrorStatus',
    'postCheckMirrorStatus',
    'getCheck',
    'postCheck',
    'getExpand',
    'listProjects',
    'createProject',
    'purgeProject',
    'getProject',
    'patchProject',
    'updateProject',
    'getProjectMembers',
    'removeProjectMember',
  ],
} as const

/** The operations that name no 400, under the contract's own refusal, by the shape of their errors. */
const WITHOUT_400 = {
  jsonError: [
    'getWebAuthnJavaScript',
    'adminListIdentities',
    'adminDeleteIdentity',
    'isAlive',
    'isReady',
    'getVersion',
    'listIdentitySchemas',
    'getIdentitySchema',
    'getSelfServiceError',
    'getSelfServiceLoginFlow',
    'getSelfServiceRegistrationFlow',
    'getSelfServiceSettingsFlow',
    'getSelfServiceRecoveryFlow',
    'getSelfServiceVerificationFlow',
    'createSelfServiceLogoutFlowUrlForBrowsers',
    'toSession',
  ],
  genericError: ['getProjectMembers'],
} as const

const isError = (_: string | undefined, body: unknown): boolean =>
  typeof body === 'object' && body !== null && ('error' in body || 'message' in body)

const is = (
  status: number,
  schema: 'jsonError' | 'genericError',
  ...operations: readonly string[]
): PublishedException => ({ operations, status, schema, accepts: isError })

export const EXCEPTIONS: readonly PublishedException[] = [
  // 400 is an error where there is no flow to return.
  is(400, 'jsonError', ...SUBMITS),
  // Statuses that the servers send.
  ...[401, 403, 404].map((status) => is(status, 'jsonError', 'submitSelfServiceLoginFlow')),
  ...[403, 404].map((status) => is(status, 'jsonError', 'submitSelfServiceRegistrationFlow')),
  is(404, 'jsonError', 'submitSelfServiceSettingsFlow'),
  ...[403, 404].map((status) =>
    is(status, 'jsonError', 'submitSelfServiceRecoveryFlow', 'submitSelfServiceVerificationFlow'),
  ),
  is(401, 'jsonError', 'initializeSelfServiceLoginFlowForBrowsers', 'initializeSelfServiceLoginFlowWithoutBrowser'),
  is(
    400,
    'jsonError',
    'initializeSelfServiceRegistrationFlowForBrowsers',
    'initializeSelfServiceVerificationFlowForBrowsers',
  ),
  ...[401, 403].map((status) => is(status, 'jsonError', 'initializeSelfServiceSettingsFlowWithoutBrowser')),
  is(403, 'jsonError', 'getSelfServiceRecoveryFlow'),
  is(410, 'jsonError', 'getSelfServiceVerificationFlow'),
  ...[400, 401, 403].map((status) => is(status, 'jsonError', 'submitSelfServiceLogoutFlow')),
  is(403, 'jsonError', 'submitSelfServiceLogoutFlowWithoutBrowser'),
  is(400, 'jsonError', 'adminGetIdentity'),
  is(404, 'genericError', 'createRelationTuple'),
  is(400, 'genericError', 'getRelationTuples'),
  // Members of a project that nobody has.
  is(404, 'genericError', 'getProjectMembers', 'removeProjectMember'),
  // The gateway in front of the operations with a bearer token.
  ...[401, 403].flatMap((status) => [
    is(status, 'jsonError', ...BEARER.jsonError),
    is(status, 'genericError', ...BEARER.genericError),
  ]),
  // A browser that goes where only JSON clients fetch, and is not signed in, is sent to the login page.
  {
    operations: ['getSelfServiceSettingsFlow'],
    status: 303,
    accepts: (contentType) => contentType?.startsWith('text/html') === true,
  },
  // The contract's own refusal.
  is(400, 'jsonError', ...WITHOUT_400.jsonError),
  is(400, 'genericError', ...WITHOUT_400.genericError),
  // The script as browsers need it.
  {
    operations: ['getWebAuthnJavaScript'],
    status: 200,
    accepts: (contentType, body) => contentType?.startsWith('text/javascript') === true && typeof body === 'string',
  },
]
