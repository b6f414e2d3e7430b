import type { SetCookie } from './http/reply.ts'
import type { JsonObject } from './json.ts'

/** The inner object of every error body, its keys in the order in which the real servers write them. */
export interface GenericError {
  readonly id?: string
  readonly code?: number
  readonly status?: string
  readonly request?: string
  readonly reason?: string
  readonly debug?: string
  readonly details?: JsonObject
  readonly message: string
}

/**
 * An error that Ory can answer. Operations throw one of the catalogue below by its name; one place (http/error-reply.ts)
 * turns it into a reply.
 */
export class OryError extends Error {
  readonly status: number
  readonly error: GenericError
  /** Keys beside `error` in the body; such "enhanced" errors never carry `error.request`. */
  readonly siblings: JsonObject | undefined
  /** Headers the reply carries beside the usual ones. */
  readonly headers: Readonly<Record<string, string>> | undefined
  /** Cookies that are set all the same. */
  cookies: readonly SetCookie[] = []

  constructor(
    status: number,
    error: Partial<GenericError>,
    rest: { siblings?: JsonObject; headers?: Record<string, string> } = {},
  ) {
    const code = error.code ?? status
    super(error.reason ?? error.message ?? MESSAGES[code] ?? '')
    this.status = status
    this.error = {
      ...(error.id === undefined ? {} : { id: error.id }),
      code,
      status: error.status ?? PHRASES[code] ?? '',
      ...(error.reason === undefined ? {} : { reason: error.reason }),
      ...(error.debug === undefined ? {} : { debug: error.debug }),
      ...(error.details === undefined ? {} : { details: error.details }),
      message: error.message ?? MESSAGES[code] ?? '',
    }
    this.siblings = rest.siblings
    this.headers = rest.headers
  }

  /** This error, in an answer that sets cookies. */
  withCookies(cookies: readonly SetCookie[]): this {
    this.cookies = cookies
    return this
  }
}

export const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  421: 'Misdirected Request',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** What `message` says when the error has no text of its own (herodot's defaults). */
const MESSAGES: Readonly<Record<number, string>> = {
  400: 'The request was malformed or contained invalid parameters',
  401: 'The request could not be authorized',
  403: 'The requested action was forbidden',
  404: 'The requested resource could not be found',
  409: 'The resource could not be created due to a conflict',
  410: 'The requested resource is no longer available because it has expired or is otherwise invalid.',
  500: 'An internal server error occurred, please contact the system administrator',
}

// --- without an id -------------------------------------------------------------------------------------------------

/** 400 whose `reason` says what is wrong. Inside a flow it becomes the message 4000001. */
export const badRequest = (reason: string, rest: Partial<GenericError> = {}) => new OryError(400, { reason, ...rest })

/** 400 whose `message` says it, with no reason: Keto's, and the UUID parser's. */
export const badRequestMessage = (message: string, debug?: string) =>
  new OryError(400, debug === undefined ? { message } : { message, debug })

/** A row that the database does not have. */
export const notFound = () => new OryError(404, { message: 'Unable to locate the resource' })

/** 404 of a handler, with its reason. */
export const notFoundBecause = (reason: string) => new OryError(404, { reason })

export const uniqueViolation = () =>
  new OryError(409, {
    message: 'Unable to insert or update resource because a resource with that value exists already',
  })

export const forbidden = (reason: string) => new OryError(403, { reason })

export const internal = (reason: string, debug?: string) =>
  new OryError(500, debug === undefined ? { reason } : { reason, debug })

/** An error without a status of its own: body 500 with its text, sent with the status that the handler forces. */
export const plainError = (message: string, status = 500) => new OryError(status, { code: 500, message })

export const flowParameterMissing = () => badRequest('The flow query parameter is missing or malformed.')

export const methodDisabled = () =>
  notFoundBecause(
    'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.',
  )

export const flowDisabled = (flow: 'Recovery' | 'Verification') =>
  badRequest(`${flow} is not allowed because it was disabled.`)

export const sessionMissing = () => new OryError(401, { reason: 'No valid session cookie found.' })

export const settingsSessionMissing = () =>
  new OryError(401, { reason: 'A valid Ory Session Cookie or Ory Session Token is missing.' })

export const identityDisabled = (identityId: string) =>
  new OryError(401, {
    reason: 'This account was disabled.',
    details: { identity_id: identityId },
    message: 'identity is disabled',
  })

/** An identity schema that cannot be read (admin-keto-projects §3.2). */
export const schemaFileMissing = (debug: string) =>
  internal('The file for this JSON Schema ID could not be found or opened. This is a configuration issue.', debug)

// --- relation tuples (admin-keto-projects §5.2, §5.3) -------------------------------------------------------------------

/** @param quoted the name as Go quotes it */
export const unknownNamespace = (quoted: string) => notFoundBecause(`Unknown namespace with name ${quoted}.`)

export const subjectMissing = () => badRequestMessage('subject is not allowed to be nil', 'Please provide a subject.')

export const subjectAmbiguous = () => badRequestMessage('exactly one of subject_set or subject_id has to be provided')

export const subjectIncomplete = () =>
  badRequestMessage('incomplete subject, provide "subject_id" or a complete "subject_set.*"')

export const subjectKeyDropped = () =>
  new OryError(400, { debug: 'provide "subject_id" or "subject_set.*"; support for "subject" was dropped' })

// --- projects (admin-keto-projects §6.2) ----------------------------------------------------------------------------------

export const projectNotFound = () => new OryError(404, {})

export const lastProjectMember = () => new OryError(406, { message: 'The last member of a project cannot be removed' })

/** 406 of the members of a project, whose meaning is published nowhere. */
export const membersNotAcceptable = () =>
  new OryError(406, { message: 'The members of this project cannot be given in an acceptable form' })

/** 400 of the removal of a member. */
export const memberNotRemovable = () => badRequest('The member cannot be removed from this project.')

// --- what stands before and around the servers ------------------------------------------------------------------------------

export const internalError = () => new OryError(500, {})

export const notAlive = () => new OryError(500, {})

export const notReady = () =>
  new OryError(503, { code: 500, status: PHRASES[500] ?? '', message: 'database: connection refused' })

/** @param seconds until the window begins anew */
export const rateLimited = (seconds: number) =>
  new OryError(
    429,
    { reason: 'The rate limit for this project has been exceeded.', message: 'Too many requests' },
    { headers: { 'Retry-After': String(seconds) } },
  )

/** 502, 503 or 504 of the proxy before a server that is not there. */
export const upstreamFailed = (status: number) =>
  new OryError(status, { reason: 'The upstream server is not available.', message: 'no healthy upstream' })

/** Any other error: what a document that names no statuses calls `default`. */
export const otherError = (status: number) => new OryError(status, { message: PHRASES[status] ?? 'Unexpected error' })

// --- the gateway of Ory Network (admin-keto-projects §7) -----------------------------------------------------------------

export const credentialsInvalid = () => new OryError(401, { message: 'Access credentials are invalid' })

export const credentialsInsufficient = () =>
  new OryError(403, { message: 'Access credentials are not sufficient to access this resource' })

// --- with an id (kratos-login-registration-sessions §7.2, kratos-settings-recovery-verification-mfa §7.3) -----------------

export const sessionAlreadyAvailable = (flow: 'login' | 'registration' | 'recovery') =>
  new OryError(400, {
    id: 'session_already_available',
    reason:
      flow === 'login'
        ? 'A valid session was detected and thus login is not possible. Did you forget to set `?refresh=true`?'
        : `A valid session was detected and thus ${flow} is not possible.`,
    ...(flow === 'recovery' ? {} : { message: 'you are already logged in' }),
  })

export const sessionAal1Required = () =>
  new OryError(401, {
    id: 'session_aal1_required',
    reason: 'You can not requested a higher AAL (AAL2/AAL3) without an active session.',
    message: 'aal2 and aal3 can only be requested if a session exists already',
  })

export const sessionAal2Required = (redirectBrowserTo: string) =>
  new OryError(
    403,
    {
      id: 'session_aal2_required',
      reason:
        'An active session was found but it does not fulfill the requested Authenticator Assurance Level. Please verify yourself with a second factor to resolve this issue.',
      details: { redirect_browser_to: redirectBrowserTo },
      message: 'Session does not fulfill the requested Authenticator Assurance Level',
    },
    { siblings: { redirect_browser_to: redirectBrowserTo } },
  )

/** @param guard the settings routes for native apps word it otherwise than the others. */
export const sessionInactive = (guard = false) =>
  new OryError(401, {
    id: 'session_inactive',
    reason: guard
      ? 'This endpoint can only be accessed with a valid session. Please log in and try again.'
      : 'No active session was found in this request.',
    message: 'request does not have a valid authentication session',
  })

export const sessionRefreshRequired = (redirectBrowserTo: string) =>
  new OryError(
    403,
    {
      id: 'session_refresh_required',
      reason: 'The login session is too old and thus not allowed to update these fields. Please re-authenticate.',
    },
    { siblings: { redirect_browser_to: redirectBrowserTo } },
  )

/** Of a fetched flow (`…/flows?id=`). Settings, recovery and verification send it without the id. */
export const flowExpiredOnFetch = (id: string | undefined, reason: string, details: JsonObject) =>
  new OryError(410, { ...(id === undefined ? {} : { id }), reason, details })

/**
 * Of a submitted flow.
 * @param ago how long ago it expired, in milliseconds
 */
export const flowExpiredOnSubmit = (ago: number, useFlowId: string) =>
  new OryError(
    410,
    {
      id: 'self_service_flow_expired',
      reason: `The self-service flow expired ${(ago / 60_000).toFixed(2)} minutes ago, initialize a new one.`,
      message: 'self-service flow expired',
    },
    { siblings: { since: Math.round(ago * 1_000_000), use_flow_id: useFlowId } },
  )

export const registrationDisabled = () =>
  new OryError(400, {
    id: 'self_service_flow_disabled',
    reason: 'Registration is not allowed because it was disabled.',
    message: 'registration flow disabled',
  })

export const returnToForbidden = (url: string, allowed: readonly string[]) =>
  new OryError(400, {
    id: 'self_service_flow_return_to_forbidden',
    reason: `Requested return_to URL "${url}" is not allowed.`,
    debug: `Allowed domains are: [${allowed.join(' ')}]`,
  })

export const csrfViolation = () =>
  new OryError(403, {
    id: 'security_csrf_violation',
    reason:
      'Please retry the flow and optionally clear your cookies. The request was rejected to protect you from Cross-Site-Request-Forgery (CSRF) which could cause account takeover, leaking personal information, and other serious security issues.',
    details: {
      docs: 'https://www.ory.sh/kratos/docs/debug/csrf',
      hint: 'The anti-CSRF cookie was found but the CSRF token was not included in the HTTP request body (csrf_token) nor in the HTTP Header (X-CSRF-Token).',
      reject_reason:
        'The HTTP Cookie Header was set and a CSRF token was sent but they do not match. We recommend deleting all cookies for this domain and retrying the flow.',
    },
    message: 'the request was rejected to protect you from Cross-Site-Request-Forgery',
  })

export const identityMismatch = () =>
  new OryError(403, {
    id: 'security_identity_mismatch',
    reason: 'The request was made for another identity and has been blocked for security reasons.',
  })

export const browserLocationChangeRequired = (url: string) =>
  new OryError(
    422,
    {
      id: 'browser_location_change_required',
      reason: `In order to complete this flow please redirect the browser to: ${url}`,
      message: 'browser location change required',
    },
    { siblings: { redirect_browser_to: url } },
  )
