import { badRequest } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { isProtectedChange, validateIdentity } from '../../identities/identity.ts'
import { compileIdentitySchema, findIdentitySchema } from '../../identities/identity-schema.ts'
import type { JsonObject } from '../../json.ts'
import type { Identity, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import { isPrivileged, ownIdentity, ReauthenticationNeeded } from '../settings-privilege.ts'
import type {
  SettingsAttempt,
  SettingsChange,
  SettingsForm,
  SettingsStep,
  SettingsStrategy,
} from '../settings-strategy.ts'
import { showTraits, traitNodes } from '../trait-nodes.ts'
import { isSubmittedFor } from './claims.ts'

/** The identity's own schema, filled with its traits. */
function form(call: Call, identity: Identity): SettingsForm {
  const fields = traitNodes(findIdentitySchema(call.world, identity.schema_id).schema, 'profile')
  return {
    nodes: [
      ...showTraits(fields, identity.traits, 'profile', false),
      submitNode('method', 'profile', 'profile', messages.save()),
    ],
  }
}

/** Traits that do not fit the schema are told before anything else is checked. */
function read(attempt: SettingsAttempt): JsonObject {
  const { call, active } = attempt
  const traits = compileIdentitySchema(findIdentitySchema(call.world, active.identity.schema_id), '#/properties/traits')
  const { values, error } = decodeBody(call, settingsBodies.profile(traits))
  if (error) throw shown(attempt, values, error)
  return values
}

function prepare(attempt: SettingsAttempt, payload: JsonObject): SettingsStep {
  return () => {
    try {
      return change(attempt, payload)
    } catch (thrown) {
      throw shown(attempt, payload, thrown)
    }
  }
}

/**
 * Traits replace the old ones as a whole; identifiers and addresses to verify may change only in a privileged session
 * (kratos-settings-recovery-verification-mfa §1.6, §1.7).
 */
function change(attempt: SettingsAttempt, payload: JsonObject): SettingsChange {
  const { call, flow } = attempt
  checkCsrf(call, flow, textOf(payload, 'csrf_token'))
  const { traits } = payload
  if (traits === undefined) throw badRequest('Did not receive any value changes.')
  const before = ownIdentity(attempt)
  // the real servers forget here when the state last changed
  const { state_changed_at: _, ...kept } = before
  const after = validateIdentity(call.world, { ...kept, traits: traits as JsonObject })
  if (!isPrivileged(attempt) && isProtectedChange(before, after)) throw new ReauthenticationNeeded()
  return { identity: after, typed: typed(attempt, payload) }
}

/** A refusal in which the form shows the traits as they were submitted. */
function shown(attempt: SettingsAttempt, payload: JsonObject, cause: unknown): Refused {
  return new Refused(cause, typed(attempt, payload))
}

function typed({ flow }: SettingsAttempt, { traits }: JsonObject): readonly UiNode[] | null {
  const { nodes } = flow.ui
  return nodes && traits !== undefined ? showTraits(nodes, traits, 'profile') : nodes
}

export const profileSettings: SettingsStrategy = {
  method: 'profile',
  enabled: (call) => call.world.settings.selfservice.methods.profile.enabled,
  pausesApiFlows: true,
  form,
  claims: ({ call }) => isSubmittedFor(call, 'profile'),
  read,
  prepare,
}
