import { internal } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { newIdentity, validateIdentity } from '../../identities/identity.ts'
import { compileIdentitySchema, defaultIdentitySchema } from '../../identities/identity-schema.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { Identity, RegistrationFlow, UiNode, WebAuthnKey } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { findFlow } from '../flow.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { registrationBodies } from '../method-bodies.ts'
import { csrfNode, inputNode, setNodeValue } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import type { RegistrationCeremony, RegistrationStrategy, SignedUp } from '../registration-strategy.ts'
import { fillTraitNodes, traitNodes } from '../trait-nodes.ts'
import { registrationNodes } from './webauthn.ts'
import { type VerifiedKey, verifyRegistration } from './webauthn-verify.ts'

/*
 * Signing up with a security key, where it is a first factor; browsers only (kratos-login-registration-sessions §3.2, §3.5).
 */

const isPasswordless = (call: Call): boolean => call.world.settings.selfservice.methods.webauthn.config.passwordless

function nodes(call: Call, type: 'api' | 'browser', ceremony: RegistrationCeremony): readonly UiNode[] {
  if (type === 'api' || !isPasswordless(call)) return []
  const { webauthn_challenge, webauthn_user_handle } = ceremony
  const label = messages.signUpWithSecurityKey()
  const { script, trigger, input } = registrationNodes(call, webauthn_challenge, webauthn_user_handle, label)
  return [
    ...traitNodes(defaultIdentitySchema(call.world).schema, 'default'),
    script,
    inputNode('webauthn_register_displayname', 'webauthn', 'text', { value: '', label: messages.securityKeyName() }),
    input,
    trigger,
    csrfNode(csrfTokenFor(call, type)),
  ]
}

/** Every submit that no other method takes is read, and refused if it does not fit, even one that brings no key. */
function claims(call: Call, flow: RegistrationFlow): boolean {
  if (flow.type !== 'browser' || !isPasswordless(call)) return false
  const values = read(call, flow)
  checkCsrf(call, flow, textOf(values, 'csrf_token'))
  return textOf(values, 'webauthn_register') !== ''
}

function read(call: Call, flow: RegistrationFlow): JsonObject {
  const traits = compileIdentitySchema(defaultIdentitySchema(call.world), '#/properties/traits')
  const { values, error } = decodeBody(call, registrationBodies.webauthn(traits))
  if (error) throw shown(flow, values, error)
  return values
}

async function complete(call: Call, flow: RegistrationFlow): Promise<SignedUp> {
  const values = read(call, flow)
  try {
    const challenge = ceremonyOf(call, flow).webauthn_challenge
    const key = await verifyRegistration(call, textOf(values, 'webauthn_register'), challenge)
    // another submit may have used the challenge meanwhile
    const ceremony = ceremonyOf(call, flow)
    if (ceremony.webauthn_challenge !== challenge) throw challengeMissing()
    const identity = signUp(call, values, key, ceremony.webauthn_user_handle)
    const { webauthn_challenge: _, webauthn_user_handle: __, ...used } = flow
    call.world.flows.save(used)
    return { identity, method: 'webauthn' }
  } catch (thrown) {
    throw shown(flow, values, thrown)
  }
}

function signUp(call: Call, values: JsonObject, key: VerifiedKey, user_handle: string): Identity {
  const { world } = call
  const now = world.now()
  const traits: Json = values['traits'] ?? {}
  const first: WebAuthnKey = {
    ...key,
    display_name: textOf(values, 'webauthn_register_displayname'),
    added_at: Math.round(now / 1000) * 1000,
    is_passwordless: true,
  }
  const config = { credentials: [first], user_handle }
  const webauthn = { identifiers: [], config, version: 1, created_at: now, updated_at: now }
  const identity = validateIdentity(world, newIdentity(world, { traits, credentials: { webauthn } }))
  if (!identity.credentials.webauthn?.identifiers.length) throw new FormError(messages.noIdentifiers())
  return identity
}

function ceremonyOf(call: Call, { id }: RegistrationFlow): RegistrationCeremony {
  const { webauthn_challenge, webauthn_user_handle } = findFlow(call.world, 'registration', id) ?? {}
  if (webauthn_challenge === undefined || webauthn_user_handle === undefined) throw challengeMissing()
  return { webauthn_challenge, webauthn_user_handle }
}

const challengeMissing = () => internal('Expected WebAuthN in internal context to be an object.')

/** A refusal in which the form shows what was typed. */
function shown({ ui }: RegistrationFlow, values: JsonObject, cause: unknown): Refused {
  const named =
    ui.nodes && setNodeValue(ui.nodes, 'webauthn_register_displayname', textOf(values, 'webauthn_register_displayname'))
  return new Refused(cause, named && fillTraitNodes(named, values['traits']))
}

export const webAuthnRegistration: RegistrationStrategy = {
  method: 'webauthn',
  enabled: (call) => call.world.settings.selfservice.methods.webauthn.enabled,
  nodes,
  claims,
  complete,
}
