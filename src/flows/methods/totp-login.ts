import type { Call } from '../../http/call.ts'
import { goString, goStruct } from '../../http/go-struct.ts'
import { compileSchema } from '../../identities/json-schema/compile.ts'
import type { ActiveSession } from '../../sessions/session.ts'
import type { LoginFlow, UiNode } from '../../state/records.ts'
import { type BodyForm, decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { FormError } from '../form-errors.ts'
import type { LoginContext, LoginStrategy } from '../login-strategy.ts'
import { messages } from '../messages.ts'
import { csrfNode, inputNode, resetNodes, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import { isSubmittedFor } from './claims.ts'
import { isRightCode } from './totp.ts'

const BODY: BodyForm = {
  schema: compileSchema({
    type: 'object',
    required: ['totp_code', 'method'],
    properties: {
      csrf_token: { type: 'string' },
      method: { type: 'string', enum: ['totp'] },
      totp_code: { type: 'string', minLength: 6 },
    },
  }),
  struct: goStruct('submitSelfServiceLoginFlowWithTotpMethodBody', {
    method: goString,
    csrf_token: goString,
    totp_code: goString,
  }),
}

/** The code of an authenticator app, asked of those who have one (kratos-login-registration-sessions §2.3). */
function nodes(call: Call, { type, requested_aal, active }: LoginContext): readonly UiNode[] {
  if (requested_aal !== 'aal2' || active?.identity.credentials.totp === undefined) return []
  return [
    csrfNode(csrfTokenFor(call, type)),
    inputNode('totp_code', 'totp', 'text', { value: '', required: true, label: messages.authenticationCode() }),
    submitNode('method', 'totp', 'totp', messages.useAuthenticator()),
  ]
}

async function complete(call: Call, flow: LoginFlow, active: ActiveSession | undefined) {
  const { values, error } = decodeBody(call, BODY)
  try {
    if (error) throw error
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
    const identity = active && call.world.identities.get(active.identity.id)
    const totp = identity?.credentials.totp
    if (!identity || !totp) throw new FormError(messages.noTotp())
    if (!isRightCode(totp.config.totp_url, textOf(values, 'totp_code'), call.world.now())) {
      throw new FormError(messages.invalidCode())
    }
    return { identity, method: { method: 'totp', aal: 'aal2' } as const }
  } catch (thrown) {
    throw new Refused(thrown, flow.ui.nodes && resetNodes(flow.ui.nodes, (id) => id === 'totp_code'))
  }
}

export const totpLogin: LoginStrategy = {
  method: 'totp',
  enabled: (call) => call.world.settings.selfservice.methods.totp.enabled,
  nodes,
  claims: (call, flow) => flow.requested_aal === 'aal2' && isSubmittedFor(call, 'totp'),
  complete,
}
