import type { JsonObject } from '../../json.ts'
import { decodeBody, textOf } from '../body.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type { SettingsAttempt, SettingsForm, SettingsStep, SettingsStrategy } from '../settings-strategy.ts'
import { withChosenPassword } from './chosen-password.ts'
import { isSubmittedFor } from './claims.ts'

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
    return { identity: withChosenPassword(call.world, ownIdentity(attempt), textOf(payload, 'password')) }
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
