import type { LinkKind } from '../../flows/link-flow.ts'
import { markVerified } from '../../flows/link-sender.ts'
import { messages } from '../../flows/messages.ts'
import { findNode, nodeValue } from '../../flows/nodes.ts'
import type { Call } from '../../http/call.ts'
import { findByAddress } from '../../identities/identity.ts'
import type { Flow, Identity, LinkToken } from '../../state/records.ts'
import { flowOf, somebody } from './arrange.ts'
import { fieldOf, withFields, withQuery } from './request-change.ts'
import type { RequestChange } from './switch.ts'

/*
 * Links of mails, the calls that open them, and those that ask for them.
 */

/** The token that a call brings: a link does in its query, a client may do in the body. */
function tokenOf(call: Call): string {
  return call.query.get('token') ?? fieldOf(call, 'token')
}

/** The call opens a link, and does not ask for one. */
export const opensLink = (call: Call): boolean => tokenOf(call) !== ''

/** The call with another token. */
export function withToken(call: Call, token: string): RequestChange {
  return call.query.has('token') ? withQuery(call, { token }) : withFields(call, { token })
}

/** The call with the token as a mail program leaves it that cuts long lines off. */
export function withTruncatedToken(call: Call): RequestChange {
  return withToken(call, tokenOf(call).slice(0, -1) || 'truncated')
}

/** The e-mail address that a call asks for a link to. */
export function typedEmail(call: Call): string {
  return fieldOf(call, 'email') || (call.query.get('email') ?? '')
}

/** The token of the link that a call opens; one that nobody has sent is one of the flow that it names. */
export function linkToken(call: Call, kind: LinkKind): LinkToken | undefined {
  const { world } = call
  const known = world.linkTokens.find('token', tokenOf(call))
  if (known) return known.kind === kind ? known : undefined
  const flow = flowOf(call)
  if (flow?.kind !== kind) return undefined
  const identity = ownerOf(call, flow, kind)
  const addresses = kind === 'recovery' ? identity.recovery_addresses : identity.verifiable_addresses
  const now = world.now()
  return {
    id: world.chance.uuid(),
    token: tokenOf(call),
    kind,
    flow_id: flow.id,
    identity_id: identity.id,
    ...(addresses[0] === undefined ? {} : { address_id: addresses[0].id }),
    used: false,
    issued_at: now,
    expires_at: now + world.settings.selfservice.methods.link.config.lifespan,
  }
}

/** Whose address was typed into the flow; somebody, where it was none. */
function ownerOf({ world }: Call, { ui }: Flow, kind: LinkKind): Identity {
  const typed = nodeValue(findNode(ui.nodes, 'email'))
  const index = kind === 'recovery' ? 'recovery_address' : 'verifiable_address'
  return (typeof typed === 'string' && findByAddress(world, index, typed)) || somebody(world)
}

/** Changes the link that a call opens; its flow has not expired. */
export function onLink(call: Call, kind: LinkKind, change: (token: LinkToken) => Partial<LinkToken>): undefined {
  const { world } = call
  const token = linkToken(call, kind)
  if (token) world.linkTokens.save({ ...token, ...change(token) })
  const flow = flowOf(call)
  const lifespan = world.settings.selfservice.flows[kind].lifespan
  if (flow?.kind === kind && flow.expires_at <= world.now()) {
    world.flows.save({ ...flow, expires_at: world.now() + lifespan })
  }
  return undefined
}

/** The link can be opened: it was not used, and has not expired. */
export function makeUsable(call: Call, kind: LinkKind): undefined {
  const { world } = call
  const soon = world.now() + world.settings.selfservice.methods.link.config.lifespan
  return onLink(call, kind, ({ expires_at }) => ({
    used: false,
    expires_at: expires_at <= world.now() ? soon : expires_at,
  }))
}

/** The link that the flow has sent has been opened meanwhile. */
export function finishVerification(call: Call): undefined {
  const { world } = call
  const flow = flowOf(call)
  if (flow?.kind !== 'verification') return undefined
  const typed = nodeValue(findNode(flow.ui.nodes, 'email'))
  const email = typeof typed === 'string' && typed !== '' ? typed : typedEmail(call)
  const identity = findByAddress(world, 'verifiable_address', email)
  const address = identity?.verifiable_addresses.find(({ value }) => value === email.toLowerCase().trim())
  if (identity && address) {
    markVerified(call, identity, address)
    for (const token of world.linkTokens.group('address', address.id)) {
      if (token.flow_id === flow.id) world.linkTokens.save({ ...token, used: true })
    }
  }
  world.flows.save({ ...flow, state: 'passed_challenge', ui: { ...flow.ui, messages: [messages.emailVerified()] } })
  return undefined
}
