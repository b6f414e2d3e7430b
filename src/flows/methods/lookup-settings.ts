import { badRequest } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import type { JsonObject } from '../../json.ts'
import type { Identity, LookupSecretConfig, SettingsFlow, UiNode } from '../../state/records.ts'
import { decodeBody, flagOf, textOf } from '../body.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { removeNodes, submitNode, textNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type {
  SettingsAttempt,
  SettingsChange,
  SettingsForm,
  SettingsOutcome,
  SettingsStep,
  SettingsStrategy,
} from '../settings-strategy.ts'

const NUMBER_OF_CODES = 12

type Codes = LookupSecretConfig['recovery_codes']

const revealNode = () => button('lookup_secret_reveal', messages.revealLookupSecrets())
const regenerateNode = () => button('lookup_secret_regenerate', messages.regenerateLookupSecrets())
const disableNode = () => button('lookup_secret_disable', messages.disableLookupSecrets())
const confirmNode = () => button('lookup_secret_confirm', messages.confirmLookupSecrets())

function button(name: string, label: ReturnType<typeof messages.save>): UiNode {
  return submitNode(name, 'lookup_secret', 'true', label)
}

/** All codes in one text; used ones are told as such. */
function codesNode(codes: Codes): UiNode {
  const texts = codes.map(({ code, used_at }) =>
    used_at === undefined ? messages.lookupSecret(code) : messages.lookupSecretUsed(used_at),
  )
  return textNode('lookup_secret_codes', 'lookup_secret', messages.lookupSecrets(texts), messages.lookupSecretsLabel())
}

/** The form with these nodes of backup codes at its end, and no others. */
function withNodes(flow: SettingsFlow, ...nodes: readonly UiNode[]): SettingsFlow {
  const rest = removeNodes(
    flow.ui.nodes,
    'lookup_secret_reveal',
    'lookup_secret_regenerate',
    'lookup_secret_codes',
    'lookup_secret_confirm',
    'lookup_secret_disable',
  )
  return { ...flow, ui: { ...flow.ui, nodes: [...rest, ...nodes] } }
}

/** The form that shows these codes, all that somebody has. */
export function revealed(flow: SettingsFlow, codes: Codes): SettingsFlow {
  return withNodes(flow, codesNode(codes), disableNode(), regenerateNode())
}

const codesOf = ({ credentials }: Identity): Codes => credentials.lookup_secret?.config.recovery_codes ?? []

function form(_call: Call, identity: Identity): SettingsForm {
  return { nodes: codesOf(identity).length > 0 ? [revealNode(), disableNode()] : [regenerateNode()] }
}

function read({ call }: SettingsAttempt): JsonObject {
  const { values, error } = decodeBody(call, settingsBodies.lookup_secret)
  if (error) throw error
  return values
}

const BUTTONS = [
  'lookup_secret_confirm',
  'lookup_secret_reveal',
  'lookup_secret_disable',
  'lookup_secret_regenerate',
] as const

type Button = (typeof BUTTONS)[number]

/** What was pressed; of several the first counts. */
const pressed = (payload: JsonObject): Button | undefined => BUTTONS.find((each) => flagOf(payload, each))

function prepare(attempt: SettingsAttempt, payload: JsonObject): SettingsStep {
  return () => {
    checkCsrf(attempt.call, attempt.flow, textOf(payload, 'csrf_token'))
    requirePrivileged(attempt)
    return press(attempt, pressed(payload))
  }
}

/** Backup codes (kratos-settings-recovery-verification-mfa §1.6): new ones count for nothing until they are confirmed. */
function press(attempt: SettingsAttempt, name: Button | undefined): SettingsOutcome {
  const { flow } = attempt
  const identity = ownIdentity(attempt)
  switch (name) {
    case 'lookup_secret_confirm':
      return confirm(attempt, identity)
    case 'lookup_secret_reveal': {
      const codes = codesOf(identity)
      if (codes.length === 0) throw badRequest('Can not reveal lookup codes because you have none.')
      return { show: revealed(flow, codes) }
    }
    case 'lookup_secret_regenerate': {
      const codes = newCodes(attempt.call)
      return { show: { ...withNodes(flow, codesNode(codes), confirmNode()), lookup_codes: codes.map((c) => c.code) } }
    }
    default: {
      const { lookup_secret: _, ...credentials } = identity.credentials
      return { identity: { ...identity, credentials }, used: 'lookup_codes' }
    }
  }
}

function newCodes({ world }: Call): Codes {
  return Array.from({ length: NUMBER_OF_CODES }, () => ({ code: world.chance.code() }))
}

function confirm({ call, flow }: SettingsAttempt, identity: Identity): SettingsChange {
  const { lookup_codes = [] } = flow
  if (lookup_codes.length === 0) {
    throw badRequest('You must (re-)generate recovery backup codes before you can save them.')
  }
  const now = call.world.now()
  const lookup_secret = {
    identifiers: [identity.id],
    config: { recovery_codes: lookup_codes.map((code) => ({ code })) },
    version: 0,
    created_at: now,
    updated_at: now,
  }
  return {
    identity: { ...identity, credentials: { ...identity.credentials, lookup_secret } },
    proved: { method: 'lookup_secret', aal: 'aal2' },
    used: 'lookup_codes',
  }
}

export const lookupSettings: SettingsStrategy = {
  method: 'lookup_secret',
  enabled: (call) => call.world.settings.selfservice.methods.lookup_secret.enabled,
  form,
  claims: (attempt) => pressed(read(attempt)) !== undefined,
  read,
  prepare,
}
