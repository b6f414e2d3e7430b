import { csrfCookieName } from '../../../flows/csrf.ts'
import type { Call } from '../../../http/call.ts'
import type { LinkFlowState } from '../../../state/records.ts'
import { configured, expireFlow, flowOf } from '../arrange.ts'
import { fetchOf, SUBMIT, submitOf } from '../operation-ids.ts'
import { withCookies, withFields, withHeaders, withQuery } from '../request-change.ts'
import type { RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

const LINKS = ['openSelfServiceRecoveryLink', 'openSelfServiceVerificationLink'] as const

/** Another 32 bytes than anybody has. */
const FOREIGN_TOKEN = Buffer.alloc(32, 7).toString('base64')

const csrf = (title: string, how: string, operations: readonly string[], change: (call: Call) => RequestChange) => ({
  title,
  operations,
  how,
  status: 403,
  sees: '403 security_csrf_violation; a form is sent to the error page. Flows of native apps have no token and are not met.',
  effect: {
    concerns: (call: Call) => flowOf(call)?.type === 'browser',
    before: ({ call }: SwitchContext) => change(call),
  },
})

/** What a browser adds to the request of a native app. */
const fromBrowser = (title: string, how: string, header: string, change: (call: Call) => RequestChange) => ({
  title,
  operations: SUBMIT,
  how,
  status: 400,
  sees: `400 with the flow, whose message 4000001 names the header ${header}. Flows of browsers are not met.`,
  effect: {
    concerns: (call: Call) => flowOf(call)?.type === 'api',
    before: ({ call }: SwitchContext) => ({
      ...configured(call, { mock: { disable_api_flow_enforcement: false } }),
      ...change(call),
    }),
  },
})

/** A recovery or verification that has gone that far. */
function setState({ call }: SwitchContext, state: LinkFlowState): undefined {
  const flow = flowOf(call)
  if (flow?.kind === 'recovery' || flow?.kind === 'verification') call.world.flows.save({ ...flow, state })
  return undefined
}

/** The replacement of an expired flow begins as the flow itself did: without a `return_to`, if it had none. */
function forgetReturnTo(call: Call): undefined {
  const flow = flowOf(call)
  if (!flow) return undefined
  const url = new URL(flow.request_url)
  url.searchParams.delete('return_to')
  const { return_to: _, ...rest } = flow
  call.world.flows.save({ ...rest, request_url: url.href })
  return expireFlow(call)
}

/** ecosystem §4.1, first half: flows and the requests that are theirs. */
export const flowLifecycle = {
  'flow-expired-on-fetch': {
    title: 'The flow has expired when it is fetched',
    operations: fetchOf('Login', 'Registration', 'Settings', 'Recovery', 'Verification'),
    how: 'A tab stays open past the lifespan of the flow and is reloaded.',
    status: 410,
    sees: '410; error.id self_service_flow_expired for login and registration, none for the others.',
    effect: { before: ({ call }) => expireFlow(call) },
  },
  'flow-expired-on-submit': {
    title: 'The flow has expired when it is submitted',
    operations: submitOf('Login', 'Registration', 'Settings'),
    how: 'Somebody types slowly.',
    status: 410,
    sees: '410 self_service_flow_expired with since and use_flow_id; forms are redirected to a new flow with 4010001, 4040001 or 4050001.',
    effect: { before: ({ call }) => expireFlow(call) },
  },
  'flow-expired-on-submit-link': {
    title: 'The recovery or verification has expired when it is submitted',
    operations: [...submitOf('Recovery', 'Verification'), ...LINKS],
    how: 'Somebody types slowly, or reads mails late.',
    status: 303,
    sees: '303, for JSON clients too, to a new flow of browsers with 4060005 or 4070005; native apps then fail with security_csrf_violation.',
    effect: { before: ({ call }) => expireFlow(call) },
  },
  'flow-not-found': {
    title: 'The flow does not exist',
    operations: [...fetchOf('Login', 'Registration', 'Settings', 'Recovery', 'Verification'), ...SUBMIT],
    how: 'A bookmark, a database that was reset. The flow is deleted.',
    status: 404,
    sees: '404; settings answer 401 to those who are not signed in.',
    effect: {
      before: ({ call }) => {
        const flow = flowOf(call)
        if (flow) call.world.flows.delete(flow.id)
        return undefined
      },
    },
  },
  'flow-id-missing': {
    title: 'The submit names no flow',
    operations: SUBMIT,
    how: 'An address built by hand.',
    status: 400,
    sees: '400 with an error, for there is no flow to return: "The flow query parameter is missing or malformed."',
    effect: { before: ({ call }) => withQuery(call, { flow: undefined }) },
  },
  'flow-state-already-done': {
    title: 'The recovery or verification is done already',
    operations: submitOf('Recovery', 'Verification'),
    how: 'The form is submitted again after the link in the mail was opened.',
    status: 303,
    sees: '303 to a new flow with 4060001 or 4070002.',
    effect: { before: (context) => setState(context, 'passed_challenge') },
  },
  'flow-state-failure': {
    title: 'The recovery or verification is in a state that nobody knows',
    operations: submitOf('Recovery', 'Verification'),
    how: 'A row that is corrupted. It is gone afterwards.',
    status: 303,
    sees: '303 to a new flow with 4060002 or 4070003.',
    effect: {
      before: (context) => setState(context, 'failed'),
      after: (reply, { call }) => {
        const flow = flowOf(call)
        if (flow && 'state' in flow && flow.state === 'failed') call.world.flows.delete(flow.id)
        return reply
      },
    },
  },
  'flow-replacement-lost-return-to': {
    title: 'The replacement of an expired flow has lost its return_to',
    operations: submitOf('Login', 'Registration'),
    how: 'An old defect of the servers, met behind deep links.',
    status: 410,
    sees: '410 self_service_flow_expired; the flow of use_flow_id has no return_to.',
    effect: { before: ({ call }) => forgetReturnTo(call) },
  },
  'csrf-on-fetch': csrf(
    'The browser does not send its anti-CSRF cookie when it fetches a flow',
    'A server-side renderer forgets to forward cookies; another browser profile. (Settings are guarded by the session instead.)',
    fetchOf('Login', 'Registration', 'Recovery', 'Verification'),
    (call) => withCookies(call, { [csrfCookieName(call)]: undefined }),
  ),
  'csrf-on-submit': csrf(
    'The form was made for another browser',
    'localhost and 127.0.0.1 are mixed: the cookie is the one of another address.',
    SUBMIT,
    (call) => withCookies(call, { [csrfCookieName(call)]: FOREIGN_TOKEN }),
  ),
  'csrf-cookie-missing': csrf('The anti-CSRF cookie is missing', 'The browser blocks cookies.', SUBMIT, (call) =>
    withCookies(call, { [csrfCookieName(call)]: undefined }),
  ),
  'csrf-token-missing': csrf(
    'The form has no csrf_token',
    'A page of one’s own leaves the hidden field out.',
    SUBMIT,
    (call) => withFields(call, { csrf_token: undefined }),
  ),
  'csrf-mismatch': csrf('The csrf_token is none of this browser', 'A page from a cache.', SUBMIT, (call) =>
    withFields(call, { csrf_token: FOREIGN_TOKEN }),
  ),
  'api-flow-with-origin': fromBrowser(
    'A browser submits a flow of native apps',
    'A single-page app begins its flows at …/api.',
    'Origin',
    (call) => withHeaders(call, { origin: 'https://app.example.org' }),
  ),
  'api-flow-with-cookie': fromBrowser(
    'A flow of native apps is submitted with a cookie',
    'fetch with credentials, or an HTTP library that keeps cookies.',
    'Cookie',
    (call) => withCookies(call, { visited: 'yes' }),
  ),
} as const satisfies Record<string, SwitchDefinition>
