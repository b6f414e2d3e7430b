import { browserLocationChangeRequired, internal } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { isJsonRequest } from '../../http/negotiate.ts'
import { type Reply, redirect } from '../../http/reply.ts'
import { findByIdentifier } from '../../identities/identity.ts'
import type { JsonObject } from '../../json.ts'
import type { ActiveSession } from '../../sessions/session.ts'
import type { Identity, LoginFlow, UiNode, WebAuthnKey } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { findFlow } from '../flow.ts'
import { FormError } from '../form-errors.ts'
import type { LoggedIn, LoginFormContext, LoginStrategy } from '../login-strategy.ts'
import { messages } from '../messages.ts'
import { loginBodies } from '../method-bodies.ts'
import { csrfNode, inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { absoluteUrl, withQuery } from '../ui-url.ts'
import { keysFor, loginCeremony, loginNodes, newChallenge } from './webauthn.ts'
import { type Assertion, readAssertion, verifyAssertion } from './webauthn-verify.ts'

/*
 * Signing in with a security key: as second factor, as the only one (in two steps), or to refresh a session with any key
 * (kratos-login-registration-sessions §2.3, §2.5). Browsers only.
 */

const isPasswordless = (call: Call): boolean => call.world.settings.selfservice.methods.webauthn.config.passwordless

function nodes(call: Call, context: LoginFormContext): readonly UiNode[] {
  if (context.type !== 'browser') return []
  if (context.refresh) return keyNodes(call, context, 'any')
  if (isPasswordless(call)) return context.requested_aal === 'aal1' ? firstStepNodes(call) : []
  return context.requested_aal === 'aal2' ? keyNodes(call, context, 'aal2') : []
}

/** Asks for one of the keys of the one who is signed in; nothing when they have none that counts. */
function keyNodes(call: Call, { active, challenge }: LoginFormContext, level: 'aal2' | 'any'): readonly UiNode[] {
  const keys = active ? keysFor(active.identity, level) : []
  if (keys.length === 0) return []
  const identifier = active?.identity.credentials.webauthn?.identifiers[0]
  const { script, trigger, input } = loginNodes(call, challenge, keys, messages.useSecurityKey())
  return [
    csrfNode(csrfTokenFor(call, 'browser')),
    ...(identifier === undefined ? [] : [inputNode('identifier', 'default', 'hidden', { value: identifier })]),
    script,
    trigger,
    input,
  ]
}

function firstStepNodes(call: Call): readonly UiNode[] {
  return [
    csrfNode(csrfTokenFor(call, 'browser')),
    inputNode('identifier', 'default', 'text', { value: '', required: true, label: messages.identifierLabel() }),
    submitNode('method', 'webauthn', 'webauthn', messages.signInWithSecurityKey()),
  ]
}

function read(call: Call): JsonObject {
  const { values, error } = decodeBody(call, loginBodies.webauthn)
  if (error) throw error
  return values
}

/** A key's answer says that it is meant, whatever `method` says. The body must fit even where it is not meant. */
function claims(call: Call, flow: LoginFlow): boolean {
  if (flow.type !== 'browser') return false
  const values = read(call)
  return textOf(values, 'webauthn_login') !== '' || textOf(values, 'method') === 'webauthn'
}

async function complete(call: Call, flow: LoginFlow, active: ActiveSession | undefined): Promise<LoggedIn | Reply> {
  const values = read(call)
  checkCsrf(call, flow, textOf(values, 'csrf_token'))
  const isFirstFactor = isPasswordless(call) || (flow.refresh && flow.requested_aal === 'aal1')
  if (flow.requested_aal !== (isFirstFactor ? 'aal1' : 'aal2')) throw new FormError(messages.noLoginStrategy())
  const find = isFirstFactor
    ? () => findByIdentifier(call.world, 'webauthn', textOf(values, 'identifier'))
    : () => active && call.world.identities.get(active.identity.id)
  const identity = find()
  if (isFirstFactor && !identity) throw new FormError(messages.noSecurityKey())
  const answer = textOf(values, 'webauthn_login')
  if (isFirstFactor && identity && answer === '') return askForKey(call, flow, identity, textOf(values, 'identifier'))
  if (!identity?.credentials.webauthn) throw new FormError(messages.noWebAuthn())
  const assertion = readAssertion(answer)
  await authenticate(call, flow, identity, assertion)
  // the key may have been removed meanwhile
  const signedIn = find()
  if (!signedIn || !hasKey(flow, signedIn, assertion)) throw new FormError(messages.noWebAuthn())
  return { identity: signedIn, method: { method: 'webauthn', aal: isPasswordless(call) ? 'aal1' : 'aal2' } }
}

/** The first of two steps: the form now asks for a key of whoever was named, and the browser shows it again. */
function askForKey(call: Call, flow: LoginFlow, identity: Identity, identifier: string): Reply {
  const keys = keysFor(identity, flow.refresh ? 'any' : 'aal1')
  if (keys.length === 0) throw new FormError(messages.noSecurityKey())
  const challenge = newChallenge(call.world)
  const { script, trigger, input } = loginNodes(call, challenge, keys, messages.continueWithSecurityKey())
  const asked = [
    inputNode('identifier', 'default', 'hidden', { value: identifier, required: true }),
    csrfNode(csrfTokenFor(call, 'browser')),
    script,
    trigger,
    input,
  ]
  call.world.flows.save({
    ...flow,
    ...loginCeremony(challenge, identity),
    ui: { ...flow.ui, nodes: asked, messages: [...flow.ui.messages, messages.prepareWebAuthnDevice()] },
  })
  const page = withQuery(absoluteUrl(call, call.world.settings.selfservice.flows.login.ui_url), { flow: flow.id })
  if (isJsonRequest(call)) throw browserLocationChangeRequired(page)
  return redirect(303, page, call.method)
}

/** Checks the answer of a key. The challenge is used up by it. @throws FormError 4000008; OryError 500 without a challenge */
async function authenticate(call: Call, flow: LoginFlow, identity: Identity, answer: Assertion): Promise<void> {
  const challenge = challengeOf(call, flow)
  const handle = identity.credentials.webauthn?.config.user_handle ?? ''
  const isOther = flow.webauthn_user_handle !== undefined && flow.webauthn_user_handle !== handle
  if (isOther || (answer.userHandle !== '' && answer.userHandle !== handle)) throw new FormError(messages.invalidCode())
  await verifyAssertion(call, answer, challenge, keysOf(flow, identity))
  // another submit may have used the challenge meanwhile
  if (challengeOf(call, flow) !== challenge) throw challengeMissing()
  const { webauthn_challenge: _, webauthn_user_handle: __, ...used } = flow
  call.world.flows.save(used)
}

function keysOf({ refresh, requested_aal }: LoginFlow, identity: Identity): readonly WebAuthnKey[] {
  return keysFor(identity, refresh ? 'any' : requested_aal)
}

const hasKey = (flow: LoginFlow, identity: Identity, { rawId }: Assertion): boolean =>
  keysOf(flow, identity).some(({ id }) => id === rawId)

function challengeOf(call: Call, { id }: LoginFlow): string {
  const challenge = findFlow(call.world, 'login', id)?.webauthn_challenge
  if (challenge === undefined) throw challengeMissing()
  return challenge
}

const challengeMissing = () =>
  internal('Expected WebAuthN in internal context to be an object but got: unexpected end of JSON input')

export const webAuthnLogin: LoginStrategy = {
  method: 'webauthn',
  enabled: (call) => call.world.settings.selfservice.methods.webauthn.enabled,
  nodes,
  claims,
  complete,
}
