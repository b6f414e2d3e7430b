import type { Call } from '../../http/call.ts'
import { newIdentity } from '../../identities/identity.ts'
import { compileIdentitySchema, defaultIdentitySchema } from '../../identities/identity-schema.ts'
import type { RegistrationFlow, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { messages } from '../messages.ts'
import { registrationBodies } from '../method-bodies.ts'
import { csrfNode, inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import type { RegistrationStrategy, SignedUp } from '../registration-strategy.ts'
import { fillTraitNodes, traitNodes } from '../trait-nodes.ts'
import { withChosenPassword } from './chosen-password.ts'
import { isSubmittedFor } from './claims.ts'

function nodes(call: Call, type: 'api' | 'browser'): readonly UiNode[] {
  return [
    ...traitNodes(defaultIdentitySchema(call.world).schema, 'password'),
    csrfNode(csrfTokenFor(call, type)),
    inputNode('password', 'password', 'password', {
      required: true,
      autocomplete: 'new-password',
      label: messages.passwordLabel(),
    }),
    submitNode('method', 'password', 'password', messages.signUp()),
  ]
}

async function complete(call: Call, flow: RegistrationFlow): Promise<SignedUp> {
  const traits = compileIdentitySchema(defaultIdentitySchema(call.world), '#/properties/traits')
  const { values, error } = decodeBody(call, registrationBodies.password(traits))
  try {
    if (error) throw error
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
    const { world } = call
    // whether its identifiers are free is seen when it is saved
    const identity = newIdentity(world, { traits: values['traits'] ?? {} })
    return { identity: withChosenPassword(world, identity, textOf(values, 'password')), method: 'password' }
  } catch (thrown) {
    throw new Refused(thrown, flow.ui.nodes && fillTraitNodes(flow.ui.nodes, values['traits']))
  }
}

export const passwordRegistration: RegistrationStrategy = {
  method: 'password',
  enabled: (call) => call.world.settings.selfservice.methods.password.enabled,
  nodes,
  claims: (call) => isSubmittedFor(call, 'password'),
  complete,
}
