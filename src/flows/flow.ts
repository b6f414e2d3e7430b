import { csrfViolation, flowExpiredOnFetch, flowParameterMissing, notFound } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { lenientUuid } from '../http/uuid.ts'
import { instant, type Millis } from '../state/clock.ts'
import type { Flow, FlowKind, UiContainer } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { csrfMatches, maskedCsrf } from './csrf.ts'

/*
 * What all self-service flows share: how they begin, are found and are written.
 */

export type FlowOf<K extends FlowKind> = Extract<Flow, { kind: K }>

/** The common part of a new flow. */
export interface NewFlow {
  readonly id: string
  readonly type: 'api' | 'browser'
  readonly issued_at: Millis
  readonly expires_at: Millis
  readonly request_url: string
  readonly return_to?: string
  readonly ui: UiContainer
  readonly csrf_token: string
  readonly created_at: Millis
  readonly updated_at: Millis
}

/**
 * Begins a flow; it is not saved. Its `return_to` must have been checked.
 * @param requestUrl the address that it keeps, by default the one of this request
 */
export function beginFlow(
  call: Call,
  kind: FlowKind,
  type: 'api' | 'browser',
  requestUrl = requestUrlOf(call),
): NewFlow {
  const { world } = call
  const now = world.now()
  const id = world.chance.uuid()
  const returnTo = new URL(requestUrl).searchParams.get('return_to')
  return {
    id,
    type,
    issued_at: now,
    expires_at: now + world.settings.selfservice.flows[kind].lifespan,
    request_url: requestUrl,
    ...(returnTo ? { return_to: returnTo } : {}),
    ui: { action: `${call.urls.public}/self-service/${kind}?flow=${id}`, method: 'POST', nodes: null, messages: [] },
    csrf_token: type === 'api' ? '' : maskedCsrf(call),
    created_at: now,
    updated_at: now,
  }
}

/** The full address of a request: scheme, `Host`, path and query as sent. */
export function requestUrlOf(call: Call): string {
  return call.urls.request + call.path + (call.rawQuery === '' ? '' : `?${call.rawQuery}`)
}

/** The flow of that kind; an id of another kind of flow finds nothing. */
export function findFlow<K extends FlowKind>(world: World, kind: K, id: string | null): FlowOf<K> | undefined {
  const flow = id === null ? undefined : world.flows.get(id.toLowerCase())
  return flow?.kind === kind ? (flow as FlowOf<K>) : undefined
}

/** The id in the `flow` query parameter of a submit. @throws OryError 400 when it is missing or no UUID */
export function flowParameter(call: Call): string {
  const id = lenientUuid(call.query.get('flow') ?? '')
  if (id === undefined || id === NIL) throw flowParameterMissing()
  return id
}

const NIL = '00000000-0000-0000-0000-000000000000'

export function isExpired(world: World, flow: Flow): boolean {
  return flow.expires_at <= world.now()
}

/** How long ago an expired flow expired. */
export function flowExpiredAgo(world: World, flow: Flow): Millis {
  return world.now() - flow.expires_at
}

/**
 * The flow of `…/flows?id=`, for the browser that began it (§1.7).
 * @param expiredId the `error.id` of an expired flow, which only login and registration send
 * @throws OryError 404, 403 security_csrf_violation, 410
 */
export function fetchableFlow<K extends Exclude<FlowKind, 'settings'>>(
  call: Call,
  kind: K,
  expiredId?: string,
): FlowOf<K> {
  const flow: Flow | undefined = findFlow(call.world, kind, call.query.get('id'))
  if (!flow) throw notFound()
  if (flow.type === 'browser' && !csrfMatches(call, flow.csrf_token)) throw csrfViolation()
  if (isExpired(call.world, flow)) throw expiredOnFetch(call, flow, expiredId)
  return flow as FlowOf<K>
}

/** 410 for a fetched flow: where to begin another one. */
export function expiredOnFetch(call: Call, { kind, type, return_to = '' }: Flow, id?: string) {
  const base = `${call.urls.public}/self-service/${kind}`
  if (type === 'api') {
    const reason = `The ${kind} flow has expired. Call the ${kind} flow init API endpoint to initialize a new ${kind} flow.`
    return flowExpiredOnFetch(id, reason, { api: `${base}/api` })
  }
  const reason = `The ${kind} flow has expired. Redirect the user to the ${kind} flow init endpoint to initialize a new ${kind} flow.`
  const query = return_to === '' ? '' : `?return_to=${encodeURIComponent(return_to)}`
  return flowExpiredOnFetch(id, reason, { redirect_to: `${base}/browser${query}`, return_to })
}

/** The keys that begin every flow's JSON, in their order (§1.10, §2.2). */
export function flowHead(flow: Flow) {
  return {
    id: flow.id,
    type: flow.type,
    expires_at: instant(flow.expires_at),
    issued_at: instant(flow.issued_at),
    request_url: flow.request_url,
    ...(flow.return_to === undefined ? {} : { return_to: flow.return_to }),
    ...(flow.active === undefined ? {} : { active: flow.active }),
    ui: uiBody(flow.ui),
  }
}

function uiBody({ action, method, nodes, messages }: UiContainer) {
  return { action, method, nodes, ...(messages.length === 0 ? {} : { messages }) }
}
