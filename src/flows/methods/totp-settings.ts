import { internal } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import { accountName } from '../../identities/identity.ts'
import type { JsonObject } from '../../json.ts'
import type { Identity } from '../../state/records.ts'
import { decodeBody, flagOf, textOf } from '../body.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { settingsBodies } from '../method-bodies.ts'
import { imageNode, inputNode, submitNode, textNode } from '../nodes.ts'
import { checkCsrf } from '../protect.ts'
import { qrCodeUrl } from '../qr-code.ts'
import { ownIdentity, requirePrivileged } from '../settings-privilege.ts'
import type {
  SettingsAttempt,
  SettingsChange,
  SettingsForm,
  SettingsStep,
  SettingsStrategy,
} from '../settings-strategy.ts'
import { isSubmittedFor } from './claims.ts'
import { hasTotp, isRightCode, newTotpUrl, secretOf } from './totp.ts'

const QR_SIZE = 256
const SECRET_LENGTH = 20

/** A way to unlink the app, or a new secret to set one up with (kratos-settings-recovery-verification-mfa §1.4). */
function form(call: Call, identity: Identity): SettingsForm {
  if (hasTotp(identity)) {
    const label = messages.unlinkTotp()
    return { nodes: [inputNode('totp_unlink', 'totp', 'submit', { value: 'true', required: true, label })] }
  }
  const totp_url = newTotpUrl(call.world.chance.bytes(SECRET_LENGTH), issuer(call), accountName(call.world, identity))
  return {
    nodes: [
      textNode('totp_secret_key', 'totp', messages.totpSecret(secretOf(totp_url)), messages.totpSecretLabel()),
      imageNode('totp_qr', 'totp', qrCodeUrl(totp_url, QR_SIZE), QR_SIZE, messages.totpQrCode()),
      inputNode('totp_code', 'totp', 'text', { required: true, label: messages.verifyCode() }),
      submitNode('method', 'totp', 'totp', messages.save()),
    ],
    memory: { totp_url },
  }
}

function issuer(call: Call): string {
  return call.world.settings.selfservice.methods.totp.config.issuer ?? new URL(call.urls.public).hostname
}

/** `totp_unlink` alone says that it is meant, whatever `method` says. The body must fit even where it is not meant. */
function claims(attempt: SettingsAttempt): boolean {
  return flagOf(read(attempt), 'totp_unlink') || isSubmittedFor(attempt.call, 'totp')
}

function read({ call }: SettingsAttempt): JsonObject {
  const { values, error } = decodeBody(call, settingsBodies.totp)
  if (error) throw error
  return values
}

function prepare(attempt: SettingsAttempt, payload: JsonObject): SettingsStep {
  return () => {
    checkCsrf(attempt.call, attempt.flow, textOf(payload, 'csrf_token'))
    requirePrivileged(attempt)
    const identity = ownIdentity(attempt)
    if (!hasTotp(identity)) return setUp(attempt, identity, textOf(payload, 'totp_code'))
    // with an app set up already, a code changes nothing: it is not even read
    return { identity: flagOf(payload, 'totp_unlink') ? unlinked(identity) : identity }
  }
}

function setUp({ call, flow }: SettingsAttempt, identity: Identity, code: string): SettingsChange {
  const { totp_url } = flow
  if (totp_url === undefined) {
    throw internal(
      'Could not find they TOTP key in the internal context. This is a code bug and should be reported to https://github.com/ory/kratos/.',
    )
  }
  if (code === '') throw new FormError(messages.missing('totp_code'), 'totp_code')
  const now = call.world.now()
  if (!isRightCode(totp_url, code, now)) throw new FormError(messages.invalidCode(), 'totp_code')
  const totp = { identifiers: [identity.id], config: { totp_url }, version: 0, created_at: now, updated_at: now }
  return {
    identity: { ...identity, credentials: { ...identity.credentials, totp } },
    proved: { method: 'totp', aal: 'aal2' },
    used: 'totp_url',
  }
}

function unlinked(identity: Identity): Identity {
  const { totp: _, ...credentials } = identity.credentials
  return { ...identity, credentials }
}

export const totpSettings: SettingsStrategy = {
  method: 'totp',
  enabled: (call) => call.world.settings.selfservice.methods.totp.enabled,
  form,
  claims,
  read,
  prepare,
}
