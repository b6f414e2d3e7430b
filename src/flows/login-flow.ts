import { badRequest, sessionAal1Required, sessionAlreadyAvailable } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { type ActiveSession, findSession, isBelow } from '../sessions/session.ts'
import { instant } from '../state/clock.ts'
import type { LoginFlow, NodeGroup, UiNode, UiText } from '../state/records.ts'
import { csrfTokenFor } from './csrf.ts'
import { beginFlow, flowHead } from './flow.ts'
import type { LoginContext, LoginStrategy } from './login-strategy.ts'
import { messages } from './messages.ts'
import { lookupLogin } from './methods/lookup-login.ts'
import { oidcLogin } from './methods/oidc-login.ts'
import { passwordLogin } from './methods/password-login.ts'
import { totpLogin } from './methods/totp-login.ts'
import { asksForKey, loginCeremony, newChallenge } from './methods/webauthn.ts'
import { webAuthnLogin } from './methods/webauthn-login.ts'
import { csrfNode, sortNodes, uniqueNodes } from './nodes.ts'
import { readReturnTo } from './return-to.ts'
import { absoluteUrl, withQuery } from './ui-url.ts'

/*
 * Login flows: how they begin, whom they admit and how they are written (kratos-login-registration-sessions §2).
 */

/** The ways to sign in, in the order in which a submit is offered to them (§2.4). */
export const loginStrategies: readonly LoginStrategy[] = [
  passwordLogin,
  oidcLogin,
  totpLogin,
  webAuthnLogin,
  lookupLogin,
]

const GROUPS: readonly NodeGroup[] = ['oidc', 'default', 'webauthn', 'password', 'totp', 'lookup_secret']
const KEYS: readonly string[] = ['csrf_token', 'identifier', 'password']

export const sortLogin = (nodes: readonly UiNode[]): readonly UiNode[] => sortNodes(nodes, GROUPS, KEYS)

/** What the query of an init asks for. */
export interface LoginRequest {
  readonly refresh: boolean
  readonly requested_aal: 'aal1' | 'aal2'
}

/** @throws OryError 400 for a forbidden `return_to` or an unknown `aal` */
export function readLoginRequest(call: Call): LoginRequest {
  readReturnTo(call)
  return { refresh: call.query.get('refresh') === 'true', requested_aal: readAal(call.query.get('aal')) }
}

function readAal(text: string | null): 'aal1' | 'aal2' {
  const aal = (text ?? '').toLowerCase()
  if (aal === '' || aal === 'aal1') return 'aal1'
  if (aal === 'aal2') return 'aal2'
  throw badRequest(
    `Unable to parse AuthenticationMethod Assurance Level (AAL): expected one of [aal1, aal2] but got ${aal}`,
  )
}

/**
 * The session that a new flow is to refresh or to raise (§2.1).
 * @throws OryError 401 session_aal1_required, 400 session_already_available
 */
export function admitToInit(call: Call, { refresh, requested_aal }: LoginRequest): ActiveSession | undefined {
  const active = findSession(call)
  if (!active) {
    if (requested_aal === 'aal2') throw sessionAal1Required()
    return undefined
  }
  if (!refresh && !isBelow(active.session.authenticator_assurance_level, requested_aal)) {
    throw sessionAlreadyAvailable('login')
  }
  return active
}

/**
 * Whom a submit continues for: the session to refresh or raise, nobody, or one who is signed in already (§2.4 step 2).
 * @throws OryError 401 session_aal1_required
 */
export function resumable(call: Call, flow: LoginFlow): ActiveSession | 'signed in' | undefined {
  const active = findSession(call)
  if (!active) {
    if (flow.requested_aal === 'aal2') throw sessionAal1Required()
    return undefined
  }
  if (flow.refresh || isBelow(active.session.authenticator_assurance_level, flow.requested_aal)) return active
  return 'signed in'
}

/** Begins a flow and saves it. @param requestUrl the address that it keeps, by default the one of this request */
export function beginLogin(
  call: Call,
  wanted: LoginContext,
  requestUrl?: string,
  notes: readonly UiText[] = [],
): LoginFlow {
  // refreshing without a session is no refreshing
  const context = { ...wanted, refresh: wanted.refresh && wanted.active !== undefined }
  const begun = beginFlow(call, 'login', context.type, requestUrl)
  const challenge = newChallenge(call.world)
  const offered = loginStrategies
    .filter((s) => s.enabled(call))
    .flatMap((s) => s.nodes(call, { ...context, challenge }))
  const nodes = uniqueNodes(
    context.type === 'browser' ? [csrfNode(csrfTokenFor(call, context.type)), ...offered] : offered,
  )
  const flow: LoginFlow = {
    ...begun,
    kind: 'login',
    refresh: context.refresh,
    requested_aal: context.requested_aal,
    ...(asksForKey(nodes) ? loginCeremony(challenge, context.active?.identity) : {}),
    ui: { ...begun.ui, nodes: nodes.length === 0 ? null : sortLogin(nodes), messages: [...hints(context), ...notes] },
  }
  call.world.flows.save(flow)
  return flow
}

function hints({ refresh, requested_aal, active }: LoginContext): UiText[] {
  const raise = active !== undefined && isBelow(active.session.authenticator_assurance_level, requested_aal)
  return [...(refresh ? [messages.confirmItIsYou()] : []), ...(raise ? [messages.completeSecondChallenge()] : [])]
}

/** A login flow as the API writes it (§2.2). */
export function loginBody(flow: LoginFlow) {
  return {
    ...flowHead(flow),
    created_at: instant(flow.created_at),
    updated_at: instant(flow.updated_at),
    refresh: flow.refresh,
    requested_aal: flow.requested_aal,
  }
}

/** The page that shows the flow. */
export function loginUi(call: Call, flow: LoginFlow): string {
  return withQuery(absoluteUrl(call, call.world.settings.selfservice.flows.login.ui_url), { flow: flow.id })
}
