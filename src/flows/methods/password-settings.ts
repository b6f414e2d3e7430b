import { validateIdentity } from '../../identities/identity.ts'
import { hashPassword, PasswordTooLong, TOO_LONG } from '../../identities/passwords.ts'
import type { JsonObject } from '../../json.ts'
import type { Identity } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { decodeBody, textOf } from '../body.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type { SettingsAttempt, SettingsForm, SettingsStep, SettingsStrategy } from '../settings-strategy.ts'
import { isSubmittedFor } from './claims.ts'
import { passwordFault } from './password-policy.ts'

function form(): SettingsForm {
  return {
    nodes: [
      inputNode('password', 'password', 'password', {
        required: true,
        autocomplete: 'new-password',
        label: messages.passwordLabel(),
      }),
      submitNode('method', 'password', 'password', messages.save()),
    ],
  }
}

function read({ call }: SettingsAttempt): JsonObject {
  const { values, error } = decodeBody(call, settingsBodies.password)
  if (error) throw error
  return values
}

/** A new password, for those without one too (kratos-settings-recovery-verification-mfa §1.6). */
function prepare(attempt: SettingsAttempt, payload: JsonObject): SettingsStep {
  return () => {
    const { call, flow } = attempt
    checkCsrf(call, flow, textOf(payload, 'csrf_token'))
    requirePrivileged(attempt)
    return { identity: withPassword(call.world, ownIdentity(attempt), textOf(payload, 'password')) }
  }
}

function withPassword(world: World, identity: Identity, password: string): Identity {
  const now = world.now()
  const known = identity.credentials.password ?? { identifiers: [], version: 0, created_at: now, updated_at: now }
  const changed = { ...known, config: { hashed_password: hashed(world, password) } }
  const candidate = validateIdentity(world, {
    ...identity,
    credentials: { ...identity.credentials, password: changed },
  })
  const identifiers = candidate.credentials.password?.identifiers ?? []
  if (identifiers.length === 0) throw new FormError(messages.noIdentifiers())
  const fault = identifiers.map((each) => passwordFault(world, each, password)).find((each) => each !== undefined)
  if (fault !== undefined) throw new FormError(messages.passwordPolicy(fault), 'password')
  return candidate
}

function hashed(world: World, password: string): string {
  try {
    return hashPassword(world, password)
  } catch (error) {
    if (error instanceof PasswordTooLong) throw new FormError(messages.passwordPolicy(TOO_LONG), 'password')
    throw error
  }
}

export const passwordSettings: SettingsStrategy = {
  method: 'password',
  enabled: (call) => call.world.settings.selfservice.methods.password.enabled,
  form,
  claims: ({ call }) => isSubmittedFor(call, 'password'),
  read,
  prepare,
}
