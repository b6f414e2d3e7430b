import type { Call } from '../../../http/call.ts'
import { isJsonObject, type JsonObject } from '../../../json.ts'
import { findSession } from '../../../sessions/session.ts'
import type { VerifiableAddress } from '../../../state/records.ts'
import { setAddressStatus } from '../addresses.ts'
import { opensLink } from '../mailed-links.ts'
import { submitOf } from '../operation-ids.ts'
import { underCourier } from '../outbox.ts'
import { duration, millis } from '../parameters.ts'
import { underMethods } from '../project-view.ts'
import { withJson } from '../request-change.ts'
import type { RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.5, second part: how far addresses are verified, mails on their way, and links that administrators make.
 */

/** Whoever is signed in, or is asked for by their id, has addresses of this status. */
const status = (title: string, how: string, sees: string, value: VerifiableAddress['status']) => ({
  title,
  operations: ['toSession', 'adminGetIdentity'],
  how: `${how} The status stays.`,
  sees: `200; ${sees}`,
  effect: {
    before: ({ call, operationId }: SwitchContext) => {
      const asked = call.world.identities.get(call.params['id']?.toLowerCase() ?? '')
      const identity = operationId === 'toSession' ? findSession(call)?.identity : asked
      if (identity) setAddressStatus(call.world, identity, value)
      return undefined
    },
  },
})

const MAILING = [
  ...submitOf('Recovery', 'Verification', 'Registration', 'Settings'),
  'receiveSelfServiceOidcCallback',
] as const

/** Mails that are on their way from now on. */
const mail = (title: string, how: string, sees: string, before: (context: SwitchContext) => RequestChange) => ({
  title,
  operations: MAILING,
  how,
  sees: `The flow as if nothing were wrong; ${sees}`,
  effect: { concerns: (call: Call) => !opensLink(call), before },
})

/** A call for an administrator's link that asks for something else. */
function withLinkFor(call: Call, changes: JsonObject): RequestChange {
  return withJson(call, (body) => ({ ...(isJsonObject(body) ? body : {}), ...changes }))
}

const adminLink = (
  title: string,
  how: string,
  sees: string,
  before: (context: SwitchContext) => RequestChange,
  code: 400 | 404 = 400,
) => ({
  title,
  operations: ['adminCreateSelfServiceRecoveryLink'],
  how,
  status: code,
  sees: `${code}: ${sees}`,
  effect: { before },
})

export const mails = {
  'address-status-pending': status(
    'No address has been mailed yet',
    'Right after an administrator made the identity.',
    'every address is pending and not verified, without verified_at.',
    'pending',
  ),
  'address-status-sent': status(
    'Every address has been mailed and is not verified',
    'Somebody has not opened the mail yet.',
    'every address is sent and not verified, without verified_at.',
    'sent',
  ),
  'address-status-completed': status(
    'Every address is verified',
    'The links were opened.',
    'every address is completed and verified, with verified_at.',
    'completed',
  ),
  'mail-delayed': {
    ...mail(
      'Mails arrive late',
      'A queue, greylisting.',
      'the mailbox has the mail once the time has passed by the world’s clock.',
      (context) => underCourier(context.call, (sent) => [{ ...sent, sent_at: sent.sent_at + millis(context, 'by') }]),
    ),
    parameters: { by: duration('1m', 'how late mails arrive') },
  },
  'mail-lost': mail(
    'Mails do not arrive',
    'A spam filter, a typo in the address.',
    'the mailbox stays empty.',
    ({ call }) => underCourier(call, () => []),
  ),
  'mail-duplicated': mail(
    'Mails arrive twice',
    'A courier that is restarted while it sends.',
    'the mailbox has the same mail twice, with the same link, which is good once.',
    ({ call }) => underCourier(call, (sent) => [sent, { ...sent, id: call.world.chance.uuid() }]),
  ),
  'admin-link-unknown-identity': adminLink(
    'The identity to make a recovery link for is unknown',
    'A support tool with an id of another project.',
    'the requested identity id does not exist (the document speaks of 404, too).',
    ({ call }) => withLinkFor(call, { identity_id: call.world.chance.uuid() }),
  ),
  'admin-link-bad-duration': adminLink(
    'The expires_in of the recovery link is no duration',
    'A number of seconds, a word.',
    'unable to parse "expires_in".',
    ({ call }) => withLinkFor(call, { expires_in: 'soon' }),
  ),
  'admin-link-past-duration': adminLink(
    'The expires_in of the recovery link lies in the past',
    'A difference of two times, the wrong way round.',
    '"expires_in" must be result to a future time.',
    ({ call }) => withLinkFor(call, { expires_in: '-1h' }),
  ),
  'admin-link-method-disabled': adminLink(
    'Links are turned off',
    'selfservice.methods.link.enabled: false. They are on again when the switch is cleared.',
    'the endpoint was disabled by the system administrator.',
    ({ call }) => underMethods(call, ({ link }) => ({ link: { ...link, enabled: false } })),
    404,
  ),
} as const satisfies Record<string, SwitchDefinition>
