import { badRequest, OryError } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import type { JsonObject } from '../../json.ts'
import type { LoginFlow, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { withContinuity } from '../continuity.ts'
import type { LoginFormContext, LoginStrategy } from '../login-strategy.ts'
import { messages } from '../messages.ts'
import { loginBodies } from '../method-bodies.ts'
import { isOidcEnabled, providerNodes, requireProvider, sendToProvider, submittedTraits } from './oidc.ts'

function nodes(call: Call, { type, requested_aal }: LoginFormContext): readonly UiNode[] {
  return type === 'browser' && requested_aal === 'aal1' ? providerNodes(call, messages.signInWith) : []
}

function read(call: Call): JsonObject {
  const { values, error } = decodeBody(call, loginBodies.oidc(submittedTraits(call)))
  if (!error) return values
  const text = error instanceof OryError ? error.error.message : error.message
  throw badRequest(`Unable to parse HTTP form request: ${text}`)
}

/** The browser goes to the provider; who it is, the callback will tell. */
async function complete(call: Call, flow: LoginFlow) {
  const { provider: id, traits } = read(call)
  const provider = requireProvider(call, String(id))
  return await withContinuity((_, continuity) => {
    // JSON clients are told by an error where to go: the flow knows the method before
    if (flow.type === 'browser') call.world.flows.save({ ...flow, active: 'oidc' })
    return sendToProvider(call, continuity, flow, { provider, traits })
  })(call)
}

export const oidcLogin: LoginStrategy = {
  method: 'oidc',
  enabled: isOidcEnabled,
  nodes,
  claims: (call, flow) => flow.requested_aal === 'aal1' && textOf(read(call), 'provider') !== '',
  complete,
}
