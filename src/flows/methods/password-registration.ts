import type { Call } from '../../http/call.ts'
import { goRaw, goString, goStruct } from '../../http/go-struct.ts'
import { newIdentity, validateIdentity } from '../../identities/identity.ts'
import { compileIdentitySchema, defaultIdentitySchema } from '../../identities/identity-schema.ts'
import { compileSchema, withReference } from '../../identities/json-schema/compile.ts'
import { hashPassword, PasswordTooLong, TOO_LONG } from '../../identities/passwords.ts'
import type { Json } from '../../json.ts'
import type { Identity, RegistrationFlow, UiNode } from '../../state/records.ts'
import { type BodyForm, decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { csrfNode, inputNode, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import type { RegistrationStrategy, SignedUp } from '../registration-strategy.ts'
import { fillTraitNodes, traitNodes } from '../trait-nodes.ts'
import { isSubmittedFor } from './claims.ts'
import { passwordFault } from './password-policy.ts'

const SCHEMA = compileSchema({
  type: 'object',
  required: ['password', 'method'],
  properties: {
    csrf_token: { type: 'string' },
    method: { type: 'string', enum: ['password'] },
    password: { type: 'string', minLength: 1 },
    traits: {},
  },
})

const STRUCT = goStruct('SubmitSelfServiceRegistrationFlowWithPasswordMethodBody', {
  password: goString,
  traits: goRaw,
  csrf_token: goString,
  method: goString,
})

/** The body, with the traits that the project's identity schema asks for (kratos-login-registration-sessions §3.3). */
function bodyForm(call: Call): BodyForm {
  const traits = compileIdentitySchema(defaultIdentitySchema(call.world), '#/properties/traits')
  return { schema: withReference(SCHEMA, 'traits', traits), struct: STRUCT }
}

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
  const { values, error } = decodeBody(call, bodyForm(call))
  try {
    if (error) throw error
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
    const identity = signUp(call, textOf(values, 'password'), values['traits'] ?? {})
    return { identity, method: 'password' }
  } catch (thrown) {
    throw new Refused(thrown, flow.ui.nodes && fillTraitNodes(flow.ui.nodes, values['traits']))
  }
}

/** The new identity; whether its identifiers are free is seen when it is saved. */
function signUp(call: Call, password: string, traits: Json): Identity {
  const { world } = call
  const now = world.now()
  const hashed_password = hashed(call, password)
  const credential = { identifiers: [], config: { hashed_password }, version: 0, created_at: now, updated_at: now }
  const identity = validateIdentity(world, newIdentity(world, { traits, credentials: { password: credential } }))
  const identifiers = identity.credentials.password?.identifiers ?? []
  if (identifiers.length === 0) throw new FormError(messages.noIdentifiers())
  const fault = identifiers.map((each) => passwordFault(world, each, password)).find((each) => each !== undefined)
  if (fault !== undefined) throw new FormError(messages.passwordPolicy(fault), 'password')
  return identity
}

function hashed(call: Call, password: string): string {
  try {
    return hashPassword(call.world, password)
  } catch (error) {
    if (error instanceof PasswordTooLong) throw new FormError(messages.passwordPolicy(TOO_LONG), 'password')
    throw error
  }
}

export const passwordRegistration: RegistrationStrategy = {
  method: 'password',
  enabled: (call) => call.world.settings.selfservice.methods.password.enabled,
  nodes,
  claims: (call) => isSubmittedFor(call, 'password'),
  complete,
}
