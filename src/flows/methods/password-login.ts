import type { Call } from '../../http/call.ts'
import { renewHash } from '../../identities/hash-renewal.ts'
import { findByIdentifier } from '../../identities/identity.ts'
import { verifyPassword } from '../../identities/passwords.ts'
import type { Identity, LoginFlow, UiNode } from '../../state/records.ts'
import { decodeBody, textOf } from '../body.ts'
import { csrfTokenFor } from '../csrf.ts'
import { FormError } from '../form-errors.ts'
import type { LoginContext, LoginStrategy } from '../login-strategy.ts'
import { messages } from '../messages.ts'
import { loginBodies } from '../method-bodies.ts'
import { csrfNode, inputNode, setNodeValue, submitNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { Refused } from '../refusal.ts'
import { withHashable } from './chosen-password.ts'
import { isSubmittedFor } from './claims.ts'

/** Identifier and password, or the password alone of one who confirms that it is they. */
function nodes(call: Call, { type, refresh, requested_aal, active }: LoginContext): readonly UiNode[] {
  if (requested_aal !== 'aal1') return []
  const password = [
    csrfNode(csrfTokenFor(call, type)),
    inputNode('password', 'password', 'password', {
      required: true,
      autocomplete: 'current-password',
      label: messages.passwordLabel(),
    }),
    submitNode('method', 'password', 'password', messages.signIn()),
  ]
  if (!refresh)
    return [
      inputNode('identifier', 'default', 'text', { value: '', required: true, label: messages.identifierLabel() }),
      ...password,
    ]
  const credential = active?.identity.credentials.password
  if (credential?.config.hashed_password === undefined) return []
  return [inputNode('identifier', 'default', 'hidden', { value: credential.identifiers[0] ?? '' }), ...password]
}

async function complete(call: Call, flow: LoginFlow) {
  const { values, error } = decodeBody(call, loginBodies.password)
  const identifier = textOf(values, 'identifier') || textOf(values, 'password_identifier')
  try {
    if (error) throw error
    checkCsrf(call, flow, textOf(values, 'csrf_token'))
    const identity = await authenticate(call, identifier, textOf(values, 'password'))
    return { identity, method: { method: 'password', aal: 'aal1' } as const }
  } catch (thrown) {
    throw new Refused(thrown, flow.ui.nodes && setNodeValue(flow.ui.nodes, 'identifier', identifier))
  }
}

/** Whose password it is. The same refusal for unknown people, people without a password and wrong passwords. */
async function authenticate(call: Call, identifier: string, password: string): Promise<Identity> {
  const find = () => findByIdentifier(call.world, 'password', identifier)
  const stored = find()?.credentials.password?.config.hashed_password
  const right = stored !== undefined && (await verifyPassword(stored, password))
  const identity = find()
  if (!right || identity?.credentials.password?.config.hashed_password !== stored || !identity) {
    throw new FormError(messages.invalidCredentials())
  }
  return withHashable(() => renewHash(call.world, identity, password))
}

export const passwordLogin: LoginStrategy = {
  method: 'password',
  enabled: (call) => call.world.settings.selfservice.methods.password.enabled,
  nodes,
  claims: (call, flow) => flow.requested_aal === 'aal1' && isSubmittedFor(call, 'password'),
  complete,
}
