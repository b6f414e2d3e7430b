import type { Dialect } from '../../src/contract/contract.ts'
import type { JsonObject } from '../../src/json.ts'
import {
  type Answer,
  Browser,
  type FlowBody,
  type FlowName,
  fieldOf,
  PASSWORD,
  type Server,
} from '../support/people.ts'

/* A flow of every kind, begun by somebody for whom it is, and what they would submit in it. */

export const ANN = 'ann@example.org'
export const BOB = 'bob@example.org'

export const KINDS = ['login', 'registration', 'settings', 'recovery', 'verification'] as const

/** What goes well in a flow of that kind: Ann is there, Bob is not. */
export const VALUES: Readonly<Record<FlowName, JsonObject>> = {
  login: { method: 'password', identifier: ANN, password: PASSWORD },
  registration: { method: 'password', 'traits.email': BOB, password: PASSWORD },
  settings: { method: 'profile', 'traits.email': ANN },
  recovery: { method: 'link', email: ANN },
  verification: { method: 'link', email: ANN },
}

/** A flow that is begun. */
export interface OpenFlow {
  readonly client: Browser
  readonly kind: FlowName
  readonly flow: FlowBody
}

/** Begins a flow: as a browser's JSON client, or as a native app. Whoever changes settings is Ann, signed in. */
export async function openFlow(
  server: Server,
  kind: FlowName,
  type: 'browser' | 'api' = 'browser',
  query = '',
): Promise<OpenFlow> {
  const client = await clientFor(server, kind, type)
  return { client, kind, flow: await client.begin(kind, type, query) }
}

function clientFor(server: Server, kind: FlowName, type: 'browser' | 'api'): Promise<Browser> | Browser {
  if (type === 'browser') return kind === 'settings' ? server.signedIn(ANN) : server.browser()
  return kind === 'settings' ? server.signedInApp(ANN) : new Browser(server, 'app')
}

export const fetched = ({ client, kind, flow }: OpenFlow): Promise<Answer> =>
  client.get(`/self-service/${kind}/flows?id=${flow.id}`)

/** Submits what goes well, as JSON. */
export const submitted = ({ client, kind, flow }: OpenFlow): Promise<Answer> => client.submit(kind, flow, VALUES[kind])

/** Submits what goes well, as a browser submits its form. */
export function submittedAsForm({ client, kind, flow }: OpenFlow): Promise<Answer> {
  const texts = Object.entries(VALUES[kind]).map(([name, value]) => [name, String(value)] as const)
  const form = { ...Object.fromEntries(texts), csrf_token: String(fieldOf(flow, 'csrf_token')) }
  return client.post(`/self-service/${kind}?flow=${flow.id}`, { form, html: true })
}

/** What went over the wire, as far as §4 of the catalogue speaks of it. */
export function errorOf({ status, body }: Answer): { readonly status: number; readonly id: string | undefined } {
  return { status, id: body.error?.id }
}

/** By which status a browser is sent back to a page: the servers take another one for registrations than the document has. */
export const sentBackBy = (dialect: Dialect, location: string | undefined): number =>
  dialect === 'wire' && location?.includes('/ui/registration') ? 302 : 303
