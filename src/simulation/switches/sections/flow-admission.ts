import { flowDisabled, type OryError, registrationDisabled } from '../../../errors.ts'
import type { Call } from '../../../http/call.ts'
import type { JsonObject } from '../../../json.ts'
import { configured, flowOf, keepSignedIn, refuse, signedIn, signedOut, somebody } from '../arrange.ts'
import { fetchOf, INIT_BROWSER, initOf, SUBMIT, submitOf } from '../operation-ids.ts'
import { withFields, withQuery } from '../request-change.ts'
import type { Arrangement, RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/** The flow is turned off. The servers look at that where a flow begins or is fetched; a submit is refused here. */
function closed(
  context: SwitchContext,
  flow: 'registration' | 'recovery' | 'verification',
  error: OryError,
): Arrangement {
  if (context.operationId.startsWith('submit')) return refuse(context, error)
  return configured(context.call, { selfservice: { flows: { [flow]: { enabled: false } } } })
}

const METHODS = ['password', 'profile', 'link', 'totp', 'lookup_secret', 'webauthn', 'oidc'] as const

const everyMethod = (enabled: boolean): JsonObject => Object.fromEntries(METHODS.map((method) => [method, { enabled }]))

/** Fields by which a method is chosen too, without its name. */
const CHOOSING = ['provider', 'link', 'unlink', 'webauthn_register', 'webauthn_remove', 'webauthn_login'] as const

function withoutMethod(call: Call): RequestChange {
  return withFields(call, Object.fromEntries(['method', ...CHOOSING].map((field) => [field, undefined])))
}

function signsInAnew(call: Call): RequestChange {
  const flow = flowOf(call)
  if (flow?.kind === 'login') call.world.flows.save({ ...flow, refresh: false, requested_aal: 'aal1' })
  return signedIn(call)
}

/** The settings are somebody else's. */
function handOver(call: Call): undefined {
  const flow = flowOf(call)
  if (flow?.kind !== 'settings') return undefined
  const { id } = somebody(call.world, flow.identity_id)
  call.world.flows.save({ ...flow, identity_id: id })
  return undefined
}

function asksForSecondFactor(call: Call): RequestChange {
  const flow = flowOf(call)
  if (flow?.kind === 'login') call.world.flows.save({ ...flow, requested_aal: 'aal2' })
  return { ...signedOut(call), ...(flow ? {} : withQuery(call, { aal: 'aal2' })) }
}

/** ecosystem §4.1, second half: who and what is admitted to a flow. */
export const flowAdmission = {
  'return-to-forbidden': {
    title: 'The return_to is not allowed',
    operations: [...INIT_BROWSER, 'submitSelfServiceLogoutFlow'],
    how: 'The address of a preview is not in allowed_return_urls.',
    status: 400,
    sees: '400 self_service_flow_return_to_forbidden; a browser is sent to the error page. A logout has ended the session all the same.',
    effect: { before: ({ call }) => withQuery(call, { return_to: 'https://preview.example.org/' }) },
  },
  'registration-disabled': {
    title: 'Registration is closed',
    operations: [...initOf('Registration'), ...fetchOf('Registration'), ...submitOf('Registration')],
    how: 'New people are invited only.',
    status: 400,
    sees: '400 self_service_flow_disabled; a browser is sent to the error page. It is open again when the switch is cleared.',
    effect: { before: (context) => closed(context, 'registration', registrationDisabled()) },
  },
  'recovery-disabled': {
    title: 'Recovery is turned off',
    operations: [...initOf('Recovery'), ...fetchOf('Recovery'), ...submitOf('Recovery')],
    how: 'A feature flag.',
    status: 400,
    sees: '400 without an id; a browser is sent to the error page. It is on again when the switch is cleared.',
    effect: { before: (context) => closed(context, 'recovery', flowDisabled('Recovery')) },
  },
  'verification-disabled': {
    title: 'Verification is turned off',
    operations: [...initOf('Verification'), ...fetchOf('Verification'), ...submitOf('Verification')],
    how: 'A feature flag.',
    status: 400,
    sees: '400 without an id; a browser is sent to the error page. It is on again when the switch is cleared.',
    effect: { before: (context) => closed(context, 'verification', flowDisabled('Verification')) },
  },
  'method-disabled': {
    title: 'The submitted method is turned off',
    operations: SUBMIT,
    how: 'The form was made before the configuration changed. The methods are on again when the switch is cleared.',
    status: 404,
    sees: '404: the endpoint was disabled by the system administrator.',
    effect: { before: ({ call }) => configured(call, { selfservice: { methods: everyMethod(false) } }) },
  },
  'no-method-given': {
    title: 'The submit names no method',
    operations: SUBMIT,
    how: 'A wrong value of method, or a button that is not sent along.',
    status: 400,
    sees: '400 with the flow and 4010002 (login), 4010003 (registration), 4010004 (settings), 4010005 (recovery) or 4010006 (verification).',
    effect: { before: ({ call }) => withoutMethod(call) },
  },
  'already-logged-in-on-init': {
    title: 'Who begins the flow is signed in already',
    operations: initOf('Login', 'Registration', 'Recovery'),
    how: 'A second tab. Whoever is not signed in is so from now on, as somebody.',
    status: 400,
    sees: '400 session_already_available; a browser is sent on.',
    effect: {
      before: ({ call }) => ({ ...signedIn(call), ...withQuery(call, { refresh: undefined, aal: undefined }) }),
      after: keepSignedIn,
    },
  },
  'already-logged-in-on-submit': {
    title: 'Who submits the login is signed in already',
    operations: submitOf('Login'),
    how: 'The form of a stale tab. Whoever is not signed in is so from now on, as somebody.',
    status: 400,
    sees: '400 with the flow and 4000001 in it; a browser is sent on.',
    effect: { before: ({ call }) => signsInAnew(call), after: keepSignedIn },
  },
  'already-logged-in-on-register': {
    title: 'Who submits the registration is signed in already',
    operations: submitOf('Registration'),
    how: 'The form of a stale tab. Whoever is not signed in is so from now on, as somebody.',
    status: 400,
    sees: '400 session_already_available; a browser is sent on.',
    effect: { before: ({ call }) => signedIn(call), after: keepSignedIn },
  },
  'foreign-flow': {
    title: 'The settings flow is of somebody else',
    operations: fetchOf('Settings'),
    how: 'Another account signs in, in another tab. The flow stays the other’s.',
    status: 403,
    sees: '403 security_identity_mismatch.',
    effect: { before: ({ call }) => handOver(call) },
  },
  'foreign-flow-on-submit': {
    title: 'The settings flow is of somebody else when it is submitted',
    operations: submitOf('Settings'),
    how: 'Another account signs in, in another tab. The flow stays the other’s.',
    status: 400,
    sees: '400 with the flow and one more message 4000001 in it.',
    effect: { before: ({ call }) => handOver(call) },
  },
  'unknown-aal': {
    title: 'The aal is unknown',
    operations: initOf('Login'),
    how: 'A typing error in the query parameter aal.',
    status: 400,
    sees: '400 without an id.',
    effect: { before: ({ call }) => withQuery(call, { aal: 'aal9' }) },
  },
  'aal2-without-session': {
    title: 'A second factor is asked for without a first',
    operations: [...initOf('Login'), ...submitOf('Login')],
    how: 'The link to the second factor is opened after the session has ended.',
    status: 401,
    sees: '401 session_aal1_required.',
    effect: { before: ({ call }) => asksForSecondFactor(call) },
  },
} as const satisfies Record<string, SwitchDefinition>
