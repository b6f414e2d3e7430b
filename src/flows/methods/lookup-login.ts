import type { Call } from '../../http/call.ts'
import { saveIdentity } from '../../identities/identity.ts'
import type { ActiveSession } from '../../sessions/session.ts'
import type { Identity, LoginFlow, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { FormError } from '../form-errors.ts'
import type { LoggedIn, LoginContext, LoginStrategy } from '../login-strategy.ts'
import { messages } from '../messages.ts'
import { loginBodies } from '../method-bodies.ts'
import { csrfNode, inputNode, resetNodes, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import { isSubmittedFor } from './claims.ts'

/** A backup code, asked of those who have some, used up or not (kratos-login-registration-sessions §2.3). */
function nodes(call: Call, { type, requested_aal, active }: LoginContext): readonly UiNode[] {
  if (requested_aal !== 'aal2' || active?.identity.credentials.lookup_secret === undefined) return []
  return [
    csrfNode(csrfTokenFor(call, type)),
    inputNode('lookup_secret', 'lookup_secret', 'text', {
      value: '',
      required: true,
      label: messages.backupRecoveryCode(),
    }),
    submitNode('method', 'lookup_secret', 'lookup_secret', messages.useBackupRecoveryCode()),
  ]
}

async function complete(call: Call, flow: LoginFlow, active: ActiveSession | undefined): Promise<LoggedIn> {
  const { values, error } = decodeBody(call, loginBodies.lookup_secret)
  try {
    if (error) throw error
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
    const identity = active && call.world.identities.get(active.identity.id)
    if (!identity) throw new FormError(messages.noLookupSecrets())
    return {
      identity: useUp(call, identity, textOf(values, 'lookup_secret')),
      method: { method: 'lookup_secret', aal: 'aal2' },
    }
  } catch (thrown) {
    throw new Refused(thrown, flow.ui.nodes && resetNodes(flow.ui.nodes, (id) => id === 'lookup_secret'))
  }
}

/** The identity with that code used up: it works once (§2.5). */
function useUp({ world }: Call, identity: Identity, code: string): Identity {
  const { lookup_secret } = identity.credentials
  if (!lookup_secret) throw new FormError(messages.noLookupSecrets())
  const { recovery_codes } = lookup_secret.config
  const found = recovery_codes.find((each) => each.code === code)
  if (!found) throw new FormError(messages.invalidLookupSecret())
  if (found.used_at !== undefined) throw new FormError(messages.lookupSecretAlreadyUsed())
  const used_at = Math.round(world.now() / 1000) * 1000
  const config = { recovery_codes: recovery_codes.map((each) => (each === found ? { code, used_at } : each)) }
  return saveIdentity(world, {
    ...identity,
    credentials: { ...identity.credentials, lookup_secret: { ...lookup_secret, config } },
  })
}

export const lookupLogin: LoginStrategy = {
  method: 'lookup_secret',
  enabled: (call) => call.world.settings.selfservice.methods.lookup_secret.enabled,
  nodes,
  claims: (call, flow) => flow.requested_aal === 'aal2' && isSubmittedFor(call, 'lookup_secret'),
  complete,
}
