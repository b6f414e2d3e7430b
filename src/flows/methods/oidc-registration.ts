import type { Call } from '../../http/call.ts'
import { defaultIdentitySchema } from '../../identities/identity-schema.ts'
import type { Json, JsonObject } from '../../json.ts'
import type { RegistrationFlow, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { withContinuity } from '../continuity.ts'
import { csrfTokenFor } from '../csrf.ts'
import { messages } from '../messages.ts'
import { registrationBodies } from '../method-bodies.ts'
import { csrfNode, submitNode } from '../nodes.ts'
import { Refused } from '../refusal.ts'
import type { RegistrationStrategy } from '../registration-strategy.ts'
import { showTraits, traitNodes } from '../trait-nodes.ts'
import { isOidcEnabled, providerNodes, requireProvider, sendToProvider, submittedTraits } from './oidc.ts'

function read(call: Call, flow: RegistrationFlow): JsonObject {
  const { values, error } = decodeBody(call, registrationBodies.oidc(submittedTraits(call)))
  if (error) throw refusedAtProvider(call, flow, '', error)
  return values
}

/** The browser goes to the provider. What was typed so far goes along unchecked: it is checked with what the provider says. */
async function complete(call: Call, flow: RegistrationFlow) {
  const { provider, traits } = read(call, flow)
  const id = String(provider)
  try {
    const known = requireProvider(call, id)
    return await withContinuity((_, continuity) => sendToProvider(call, continuity, flow, { provider: known, traits }))(
      call,
    )
  } catch (thrown) {
    throw refusedAtProvider(call, flow, id, thrown)
  }
}

/**
 * A refusal that leaves nothing in the form but what the provider's sign-up still needs: the traits, filled with what is
 * known, and the button that continues (§6).
 * @param traits absent when the refusal came before there were any
 */
export function refusedAtProvider(
  call: Call,
  flow: RegistrationFlow,
  provider: string,
  cause: unknown,
  traits?: Json,
): Refused {
  const fields = traits === undefined ? [] : traitNodes(defaultIdentitySchema(call.world).schema, 'oidc')
  const nodes: readonly UiNode[] = [
    csrfNode(csrfTokenFor(call, flow.type)),
    submitNode('provider', 'oidc', provider, messages.continueSignUp()),
    ...fields,
  ]
  return new Refused(cause, traits === undefined ? nodes : showTraits(nodes, traits, 'oidc', false))
}

export const oidcRegistration: RegistrationStrategy = {
  method: 'oidc',
  enabled: isOidcEnabled,
  nodes: (call, type) => (type === 'browser' ? providerNodes(call, messages.signUpWith) : []),
  claims: (call, flow) => textOf(read(call, flow), 'provider') !== '',
  complete,
}
