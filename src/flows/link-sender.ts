import { queueMail } from '../courier/outbox.ts'
import { plainError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { findByAddress } from '../identities/identity.ts'
import { identityBody } from '../identities/identity-body.ts'
import type { Json } from '../json.ts'
import type { Identity, LinkToken, RegistrationFlow, SettingsFlow, VerifiableAddress } from '../state/records.ts'
import { beginLinkFlow, type LinkFlow } from './link-flow.ts'
import { issueLinkToken, linkUrl } from './link-token.ts'

/*
 * Links by mail: those that somebody asks for, and those that follow a sign-up or a change of settings
 * (kratos-settings-recovery-verification-mfa §2.2, §3.2, §3.5).
 */

/** Mails a recovery link to an address that somebody recovers by, and to any other that nobody does. */
export function sendRecoveryLink(call: Call, flow: LinkFlow, email: string): void {
  const identity = findByAddress(call.world, 'recovery_address', email)
  const address = identity?.recovery_addresses.find((each) => each.value === normalised(email))
  if (!identity || !address) {
    queueMail(call.world, 'recovery_invalid', { To: email })
    return
  }
  const purpose = { kind: 'recovery', flow_id: flow.id, identity_id: identity.id, address_id: address.id } as const
  const token = issueLinkToken(call.world, purpose)
  const model = { To: address.value, RecoveryURL: mailedUrl(call, token), Identity: shown(call, identity) }
  queueMail(call.world, 'recovery_valid', model)
}

/** Mails a verification link to an address that somebody has, verified or not, and a note to any other. */
export function sendVerificationLink(call: Call, flow: LinkFlow, email: string): void {
  const identity = findByAddress(call.world, 'verifiable_address', email)
  const address = identity?.verifiable_addresses.find((each) => each.value === normalised(email))
  if (identity && address) mailVerification(call, flow, identity, address)
  else queueMail(call.world, 'verification_invalid', { To: email })
}

/**
 * Mails a verification link to every address of an identity that waits for its first, where the project has verification:
 * after each sign-up and each change of settings. Each link belongs to a verification flow of its own, of the type of the
 * flow that caused it.
 * @param identity as stored
 * @param cause the flow that was completed
 * @returns the identity as it then is
 * @throws OryError 500 in the body for a phone number, which nobody can be mailed at
 */
export function verifyPendingAddresses(
  call: Call,
  identity: Identity,
  cause: RegistrationFlow | SettingsFlow,
): Identity {
  if (!call.world.settings.selfservice.flows.verification.enabled) return identity
  let current = identity
  for (const address of identity.verifiable_addresses) {
    if (address.status !== 'pending') continue
    const flow = beginLinkFlow(call, 'verification', cause.type, { requestUrl: afterVerification(cause.request_url) })
    if (address.via !== 'email') throw unmailable(cause, address)
    current = mailVerification(call, flow, current, address)
  }
  return current
}

/** An address that a sign-up names for what follows the verification becomes the `return_to` of that flow. */
function afterVerification(requestUrl: string): string {
  const url = new URL(requestUrl)
  url.searchParams.set('return_to', url.searchParams.get('after_verification_return_to') ?? '')
  url.searchParams.delete('after_verification_return_to')
  url.searchParams.sort()
  return url.href
}

/** Answered as the handlers of the flows answer an error without a status. */
function unmailable({ kind, type }: RegistrationFlow | SettingsFlow, { via }: VerifiableAddress) {
  return plainError(`received unexpected via type: ${via}`, type === 'api' || kind === 'settings' ? 400 : 500)
}

/** The address counts as `sent`, even if it was verified before. That is no change of the identity: its links live on. */
function mailVerification(call: Call, flow: LinkFlow, identity: Identity, address: VerifiableAddress): Identity {
  const { world } = call
  const purpose = { kind: 'verification', flow_id: flow.id, identity_id: identity.id, address_id: address.id } as const
  const token = issueLinkToken(world, purpose)
  const model = { To: address.value, VerificationURL: mailedUrl(call, token), Identity: shown(call, identity) }
  queueMail(world, 'verification_valid', model)
  const sent: VerifiableAddress = { ...address, status: 'sent', updated_at: world.now() }
  return saveAddress(call, identity, sent)
}

/** Marks an address as verified, now. */
export function markVerified(call: Call, identity: Identity, address: VerifiableAddress): Identity {
  const now = call.world.now()
  return saveAddress(call, identity, {
    ...address,
    verified: true,
    status: 'completed',
    verified_at: now,
    updated_at: now,
  })
}

function saveAddress({ world }: Call, identity: Identity, changed: VerifiableAddress): Identity {
  const verifiable_addresses = identity.verifiable_addresses.map((each) => (each.id === changed.id ? changed : each))
  const saved = { ...identity, verifiable_addresses }
  world.identities.save(saved)
  return saved
}

function mailedUrl(call: Call, token: LinkToken): string {
  return linkUrl(call.world.settings.selfservice.methods.link.config.base_url ?? call.urls.links, token)
}

function shown(call: Call, identity: Identity): Json {
  return identityBody(call, identity) as unknown as Json
}

function normalised(email: string): string {
  return email.toLowerCase().trim()
}
