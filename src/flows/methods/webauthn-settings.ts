import { badRequest, internal } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { countFirstFactors, validateIdentity } from '../../identities/identity.ts'
import type { JsonObject } from '../../json.ts'
import type { Identity, UiNode, WebAuthnConfig, WebAuthnKey } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { findFlow } from '../flow.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type {
  SettingsAttempt,
  SettingsChange,
  SettingsForm,
  SettingsStep,
  SettingsStrategy,
} from '../settings-strategy.ts'
import { newChallenge, registrationNodes, userHandleOf } from './webauthn.ts'
import { type VerifiedKey, verifyRegistration } from './webauthn-verify.ts'

/** A button for every key that may go, and the way to add one; browsers only (kratos-settings-recovery-verification-mfa §1.4). */
function form(call: Call, identity: Identity, type: 'api' | 'browser'): SettingsForm | undefined {
  if (type === 'api') return undefined
  const keys = identity.credentials.webauthn?.config.credentials ?? []
  const isOnlyOne = countFirstFactors(identity) < 2
  const challenge = newChallenge(call.world)
  const asked = registrationNodes(call, challenge, userHandleOf(identity), messages.addSecurityKey())
  return {
    nodes: [
      ...keys.filter((key) => !(key.is_passwordless && isOnlyOne)).map(removeNode),
      asked.script,
      inputNode('webauthn_register_displayname', 'webauthn', 'text', { value: '', label: messages.securityKeyName() }),
      asked.trigger,
      asked.input,
    ],
    memory: { webauthn_challenge: challenge },
  }
}

function removeNode(key: WebAuthnKey): UiNode {
  const label = messages.removeSecurityKey(key.display_name || 'unnamed', key.added_at)
  return submitNode('webauthn_remove', 'webauthn', hexOf(key), label)
}

const hexOf = (key: WebAuthnKey): string => Buffer.from(key.id, 'base64url').toString('hex')

function read({ call }: SettingsAttempt): JsonObject {
  const { values, error } = decodeBody(call, settingsBodies.webauthn)
  if (error) throw error
  return values
}

/** Whatever `method` says: a key to add or to remove says that it is meant. */
function claims(attempt: SettingsAttempt): boolean {
  const payload = read(attempt)
  return textOf(payload, 'webauthn_register') !== '' || textOf(payload, 'webauthn_remove') !== ''
}

async function prepare(attempt: SettingsAttempt, payload: JsonObject): Promise<SettingsStep> {
  const { call, flow } = attempt
  checkCsrf(call, flow, textOf(payload, 'csrf_token'))
  requirePrivileged(attempt)
  const answer = textOf(payload, 'webauthn_register')
  if (answer === '') return () => remove(attempt, textOf(payload, 'webauthn_remove'))
  const challenge = challengeOf(attempt)
  const key = await verifyRegistration(call, answer, challenge)
  return () => {
    // another submit may have used the challenge meanwhile
    if (challengeOf(attempt) !== challenge) throw challengeMissing()
    return add(attempt, key, textOf(payload, 'webauthn_register_displayname'))
  }
}

function challengeOf({ call, flow }: SettingsAttempt): string {
  const challenge = findFlow(call.world, 'settings', flow.id)?.webauthn_challenge
  if (challenge === undefined) throw challengeMissing()
  return challenge
}

const challengeMissing = () => internal('Expected WebAuthN in internal context to be an object.')

/** Adds a key. Its first use was its making, so the session counts it (§1.6). */
function add(attempt: SettingsAttempt, key: VerifiedKey, display_name: string): SettingsChange {
  const { world } = attempt.call
  const { passwordless } = world.settings.selfservice.methods.webauthn.config
  const identity = ownIdentity(attempt)
  const now = world.now()
  const added: WebAuthnKey = {
    ...key,
    display_name,
    added_at: Math.round(now / 1000) * 1000,
    is_passwordless: passwordless,
  }
  const known = identity.credentials.webauthn ?? { identifiers: [], created_at: now, updated_at: now }
  const config: WebAuthnConfig = {
    credentials: [...(identity.credentials.webauthn?.config.credentials ?? []), added],
    user_handle: userHandleOf(identity),
  }
  const candidate = validateIdentity(world, {
    ...identity,
    credentials: { ...identity.credentials, webauthn: { ...known, config, version: 1 } },
  })
  if (!candidate.credentials.webauthn?.identifiers.length) throw new FormError(messages.noIdentifiers())
  return {
    identity: candidate,
    proved: { method: 'webauthn', aal: passwordless ? 'aal1' : 'aal2' },
    used: 'webauthn_challenge',
  }
}

/** Removes a key, unless nobody could sign in then. */
function remove(attempt: SettingsAttempt, hex: string): SettingsChange {
  const identity = ownIdentity(attempt)
  const { webauthn, ...others } = identity.credentials
  if (!webauthn) throw badRequest('You tried to remove a WebAuthn but you have no WebAuthn set up.')
  const kept = webauthn.config.credentials.filter((key) => hexOf(key) !== hex)
  const removed = webauthn.config.credentials.filter((key) => hexOf(key) === hex)
  if (removed.length === 0) throw badRequest('You tried to remove a WebAuthn credential which does not exist.')
  if (removed.some((key) => key.is_passwordless) && countFirstFactors(identity) < 2) {
    const reason = 'unable to remove this security key because it would lock you out of your account'
    throw new FormError(messages.validation(reason), 'webauthn_remove')
  }
  if (kept.length === 0) return { identity: { ...identity, credentials: others } }
  const config = { ...webauthn.config, credentials: kept }
  return { identity: { ...identity, credentials: { ...others, webauthn: { ...webauthn, config } } } }
}

export const webAuthnSettings: SettingsStrategy = {
  method: 'webauthn',
  enabled: (call) => call.world.settings.selfservice.methods.webauthn.enabled,
  browserOnly: true,
  form,
  claims,
  read,
  prepare,
}
