import type { Json } from '../../../src/json.ts'
import type { SwitchName } from '../../../src/simulation/switches/switch-names.ts'
import type { SwitchRequest } from '../../../src/state/thrown-switch.ts'

/* Switches of many kinds, each with one request that shows it: the same behind every door. */

/** A request, and what came back. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PATCH'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
}

export interface Seen {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
}

export type Ask = (asked: Asked) => Promise<Seen>

export interface Row {
  readonly name: SwitchName
  /** The only operation that it shall meet. */
  readonly operation: string
  readonly parameters?: Readonly<Record<string, Json>>
  /** Goes to where the switch can be met; answers the request that meets it. */
  readonly prepare: (ask: Ask) => Promise<Asked>
  readonly status: number
  /** What the body holds, somewhere. */
  readonly says: RegExp
  readonly header?: readonly [name: string, value: RegExp]
}

const get = (path: string) => (): Promise<Asked> => Promise.resolve({ method: 'GET', path })

async function bodyOf(seen: Promise<Seen>): Promise<Record<string, unknown>> {
  const { status, text } = await seen
  if (status !== 200) throw new Error(text)
  return JSON.parse(text)
}

/** The token of somebody of the fixture `team` who is signed in. */
async function signedIn(ask: Ask): Promise<Record<string, string>> {
  const json = { identity: 'member@example.com' }
  const { session_token } = await bodyOf(ask({ method: 'POST', path: '/__mock/sessions', json }))
  return { 'X-Session-Token': String(session_token) }
}

const whoami = async (ask: Ask): Promise<Asked> => ({
  method: 'GET',
  path: '/sessions/whoami',
  headers: await signedIn(ask),
})

async function login(ask: Ask): Promise<string> {
  return String((await bodyOf(ask({ method: 'GET', path: '/self-service/login/api' })))['id'])
}

/** What stands in front of a server has no operation: these break the contract, and say so. */
const broken = (name: SwitchName) => ['x-mock-contract-broken-by', new RegExp(`^${name}$`)] as const

export const ROWS: readonly Row[] = [
  {
    name: 'flow-expired-on-fetch',
    operation: 'getSelfServiceLoginFlow',
    prepare: async (ask) => ({ method: 'GET', path: `/self-service/login/flows?id=${await login(ask)}` }),
    status: 410,
    says: /self_service_flow_expired/,
  },
  {
    name: 'no-method-given',
    operation: 'submitSelfServiceLoginFlow',
    prepare: async (ask) => ({
      method: 'POST',
      path: `/self-service/login?flow=${await login(ask)}`,
      json: { method: 'password', identifier: 'member@example.com', password: 'x' },
    }),
    status: 400,
    says: /4010002/,
  },
  { name: 'session-expired', operation: 'toSession', prepare: whoami, status: 401, says: /No valid session cookie/ },
  { name: 'aal2-required', operation: 'toSession', prepare: whoami, status: 403, says: /session_aal2_required/ },
  {
    name: 'clock-skew',
    operation: 'toSession',
    parameters: { by: '876000h' },
    prepare: whoami,
    status: 200,
    says: /"expires_at":"21/,
  },
  {
    name: 'permission-denied',
    operation: 'getCheckMirrorStatus',
    prepare: get('/relation-tuples/check?namespace=n&object=o&relation=r&subject_id=s'),
    status: 403,
    says: /"allowed":false/,
  },
  {
    name: 'project-halted',
    operation: 'listProjects',
    prepare: get('/projects'),
    status: 200,
    says: /"state":"halted"/,
  },
  {
    name: 'internal-error',
    operation: 'listIdentitySchemas',
    prepare: get('/schemas'),
    status: 500,
    says: /"code":500/,
  },
  {
    name: 'rate-limited',
    operation: 'listIdentitySchemas',
    parameters: { window: '20s' },
    prepare: get('/schemas'),
    status: 429,
    says: /Too many requests/,
    header: ['retry-after', /^\d+$/],
  },
  {
    name: 'registration-disabled',
    operation: 'initializeSelfServiceRegistrationFlowWithoutBrowser',
    prepare: get('/self-service/registration/api'),
    status: 400,
    says: /self_service_flow_disabled/,
  },
  {
    name: 'cookie-secure-on-http',
    operation: 'initializeSelfServiceLoginFlowForBrowsers',
    prepare: get('/self-service/login/browser'),
    status: 200,
    says: /csrf_token/,
    header: ['set-cookie', /; Secure/],
  },
  {
    name: 'extra-field',
    operation: 'isAlive',
    prepare: get('/health/alive'),
    status: 200,
    says: /"unexpected_field":"surprise"/,
    header: broken('extra-field'),
  },
  {
    name: 'gateway-502-html',
    operation: 'getVersion',
    prepare: get('/version'),
    status: 502,
    says: /<center>nginx/,
    header: broken('gateway-502-html'),
  },
  {
    name: 'empty-body',
    operation: 'getSelfServiceLoginFlow',
    prepare: async (ask) => ({ method: 'GET', path: `/self-service/login/flows?id=${await login(ask)}` }),
    status: 200,
    says: /^$/,
    header: broken('empty-body'),
  },
]

/** A row as it is thrown. */
export const requestOf = ({ name, operation, parameters }: Row): SwitchRequest => ({
  name,
  operation,
  ...(parameters === undefined ? {} : { parameters }),
})
