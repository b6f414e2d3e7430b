import type { Call } from '../../http/call.ts'
import { findByIdentifier } from '../../identities/identity.ts'
import type { Credentials, Identity, LoginFlow } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { flowOf, giveTotp, sessionFor, weaken } from './arrange.ts'
import { bodyFields, fieldOf } from './request-change.ts'
import type { RequestChange, SwitchEffect } from './switch.ts'

/*
 * People with a second factor, and the submits by which they use it.
 */

// --- factors of an identity ------------------------------------------------------------------------------------------------

/** A second factor that somebody can be given: `has` says who has it already. */
export interface Factor {
  readonly method: 'totp' | 'lookup_secret'
  readonly has: (identity: Identity) => boolean
  readonly give: (world: World, identity: Identity) => void
}

const NUMBER_OF_CODES = 12

/** Backup codes, for one who has none. */
export function giveLookupSecrets(world: World, identity: Identity): void {
  if (hasLookupSecrets(identity)) return
  const recovery_codes = Array.from({ length: NUMBER_OF_CODES }, () => ({ code: world.chance.code() }))
  giveCredential(world, identity, 'lookup_secret', { recovery_codes }, [identity.id])
}

export const hasLookupSecrets = ({ credentials }: Identity): boolean =>
  (credentials.lookup_secret?.config.recovery_codes ?? []).length > 0

/** The place where security keys are kept, for one who has none; there is no key in it. */
export function giveKeyRing(world: World, identity: Identity): void {
  if (identity.credentials.webauthn === undefined) giveCredential(world, identity, 'webauthn', { credentials: [] }, [])
}

function giveCredential<Type extends 'lookup_secret' | 'webauthn'>(
  world: World,
  identity: Identity,
  type: Type,
  config: NonNullable<Credentials[Type]>['config'],
  identifiers: readonly string[],
): void {
  const now = world.now()
  const credential = { identifiers, config, version: 0, created_at: now, updated_at: now }
  world.identities.save({ ...identity, credentials: { ...identity.credentials, [type]: credential } })
}

/** As if it had been removed on another device. */
export function forgetFactor(world: World, { id }: Identity, type: 'totp' | 'lookup_secret' | 'webauthn'): undefined {
  const identity = world.identities.get(id)
  if (!identity) return undefined
  const { [type]: _, ...credentials } = identity.credentials
  world.identities.save({ ...identity, credentials })
  return undefined
}

export const TOTP: Factor = {
  method: 'totp',
  has: ({ credentials }) => credentials.totp !== undefined,
  give: giveTotp,
}

export const LOOKUP: Factor = { method: 'lookup_secret', has: hasLookupSecrets, give: giveLookupSecrets }

// --- submits ---------------------------------------------------------------------------------------------------------------

/** The login that a call submits. */
export function submittedLogin(call: Call): LoginFlow | undefined {
  const flow = flowOf(call)
  return flow?.kind === 'login' ? flow : undefined
}

/** Whether a button of a form was pressed whose value is a flag. */
export function isPressed(call: Call, name: string): boolean {
  const fields = bodyFields(call)
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return value === true || value === 'true'
}

/**
 * A submit of this factor at a login. Whoever signs in with a password and lacks it gets it on the way, so that the login
 * asks for it.
 * @param change what is wrong with the submit of a person who has it
 */
export function atLogin(factor: Factor, change: (call: Call, identity: Identity) => RequestChange | undefined) {
  return {
    concerns: (call) => {
      if (fieldOf(call, 'method') === factor.method) return true
      return newcomer(call, factor) ? 'on the way' : false
    },
    before: ({ call }) => {
      const beginner = newcomer(call, factor)
      if (beginner) factor.give(call.world, beginner)
      const step = fieldOf(call, 'method') === factor.method ? secondStep(call) : undefined
      if (!step) return undefined
      if (!factor.has(step.identity)) factor.give(call.world, step.identity)
      return { ...step.change, ...change(call, call.world.identities.get(step.identity.id) ?? step.identity) }
    },
  } as const satisfies SwitchEffect
}

/** Who signs in with a password and does not have the factor. */
function newcomer(call: Call, factor: Factor): Identity | undefined {
  if (submittedLogin(call)?.requested_aal !== 'aal1' || fieldOf(call, 'method') !== 'password') return undefined
  const identifier = fieldOf(call, 'identifier') || fieldOf(call, 'password_identifier')
  const identity = findByIdentifier(call.world, 'password', identifier)
  return identity && !factor.has(identity) ? identity : undefined
}

/** The submit as one of somebody who has used a first factor and is asked for a second. */
export function secondStep(call: Call): { readonly identity: Identity; readonly change: RequestChange } | undefined {
  const flow = submittedLogin(call)
  if (!flow) return undefined
  const { session, change } = sessionFor(call)
  const identity = call.world.identities.get(session.identity_id)
  if (!identity) return undefined
  if (!flow.refresh || flow.requested_aal !== 'aal2') {
    weaken(call.world, session)
    call.world.flows.save({ ...flow, refresh: false, requested_aal: 'aal2' })
  }
  return { identity, change }
}
