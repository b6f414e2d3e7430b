import type { LinkKind } from '../../../flows/link-flow.ts'
import type { Call } from '../../../http/call.ts'
import { forgetAddress } from '../addresses.ts'
import { flowOf, keepSignedIn, MINUTE, signedIn, signedOut } from '../arrange.ts'
import { finishVerification, makeUsable, onLink, opensLink, typedEmail, withTruncatedToken } from '../mailed-links.ts'
import { submitOf } from '../operation-ids.ts'
import { underCourier } from '../outbox.ts'
import { withFields } from '../request-change.ts'
import type { Arrangement, RequestChange, SwitchContext, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.5, first part: recovery and verification by mailed links.
 */

const RECOVERY = submitOf('Recovery')
const VERIFICATION = submitOf('Verification')
const RECOVERY_LINK = ['openSelfServiceRecoveryLink', ...RECOVERY] as const
const VERIFICATION_LINK = ['openSelfServiceVerificationLink', ...VERIFICATION] as const

const asksForLink = (call: Call): boolean => !opensLink(call)

/** A link of a mail, opened by GET or, by a client, by POST. */
const link = (
  title: string,
  operations: readonly string[],
  how: string,
  sees: string,
  before: (context: SwitchContext) => Arrangement,
) => ({ title, operations, how, status: 303 as const, sees: `303 ${sees}`, effect: { concerns: opensLink, before } })

const used = (kind: LinkKind) => (context: SwitchContext) => onLink(context.call, kind, () => ({ used: true }))

const expired = (kind: LinkKind) => (context: SwitchContext) =>
  onLink(context.call, kind, () => ({ used: false, expires_at: context.call.world.now() - MINUTE }))

function forgetFlow(call: Call): undefined {
  const flow = flowOf(call)
  if (flow?.kind === 'recovery') call.world.flows.delete(flow.id)
  return undefined
}

/** The link is opened by a browser that never was here. */
function onOtherDevice(call: Call): RequestChange {
  makeUsable(call, 'verification')
  return { ...signedOut(call), cookies: new Map() }
}

const SUCCEEDS = 'A link that was used or has expired is good again; a token that nobody has sent is that of somebody.'

export const recoveryVerification = {
  'recovery-link-used': link(
    'The recovery link was used before',
    RECOVERY_LINK,
    'A second click; a scanner that opens the links in mails.',
    'to a new recovery flow with 4060004, the same as for a token that nobody knows.',
    used('recovery'),
  ),
  'recovery-link-invalid': link(
    'The token of the recovery link is unknown',
    RECOVERY_LINK,
    'A mail program that cuts long lines off. The link itself stays good.',
    'to a new recovery flow with 4060004.',
    ({ call }) => withTruncatedToken(call),
  ),
  'recovery-link-expired': link(
    'The recovery link has expired',
    RECOVERY_LINK,
    'Mails are read late; the flow has not expired.',
    'to a new recovery flow with 4060005. The link is used up.',
    expired('recovery'),
  ),
  'recovery-flow-of-link-gone': {
    title: 'The flow of the recovery link is gone',
    operations: RECOVERY_LINK,
    how: 'The database is cleaned up, or reset. The flow stays deleted.',
    status: 404,
    sees: '404; a browser is sent to the error page.',
    effect: { concerns: opensLink, before: ({ call }) => forgetFlow(call) },
  },
  'recovery-unknown-address': {
    title: 'The address to recover by is unknown',
    operations: RECOVERY,
    how: 'A typo, or somebody who finds out who has an account. The address is nobody’s until its owner is saved anew.',
    sees: '200 with state sent_email and 1060002, as for known addresses (a form: 303); the mail says "Account access attempted" and has no link.',
    parameters: { mail: { type: 'boolean', default: true, help: 'whether the address is told that somebody tried' } },
    effect: {
      concerns: asksForLink,
      before: ({ call, parameters }) => {
        forgetAddress(call.world, 'recovery_address', typedEmail(call))
        return parameters['mail'] === false ? underCourier(call, () => []) : undefined
      },
    },
  },
  'recovery-email-missing': {
    title: 'The address to recover by is missing',
    operations: RECOVERY,
    how: 'An empty form is sent.',
    status: 400,
    sees: '400 with the flow; 4000002 at the node email.',
    effect: { concerns: asksForLink, before: ({ call }) => withFields(call, { email: undefined }) },
  },
  'recovery-while-logged-in': {
    title: 'Who asks for recovery is signed in',
    operations: RECOVERY,
    how: 'A second tab. Whoever is not signed in is so from now on, as somebody.',
    status: 400,
    sees: '400 session_already_available; a browser is sent on.',
    effect: { concerns: asksForLink, before: ({ call }) => signedIn(call), after: keepSignedIn },
  },
  'recovery-ok-needs-new-password': link(
    'The recovery goes well, and a new password is due',
    RECOVERY_LINK,
    `Somebody opens the link in time. ${SUCCEEDS}`,
    'to a settings flow with 1060001, and a new session whose method is link_recovery.',
    ({ call }) => makeUsable(call, 'recovery'),
  ),
  'verification-link-used': link(
    'The verification link was used before',
    VERIFICATION_LINK,
    'A second click; a scanner that opens the links in mails.',
    'to a new verification flow with 4070001, the same as for a token that nobody knows.',
    used('verification'),
  ),
  'verification-link-invalid': link(
    'The token of the verification link is unknown',
    VERIFICATION_LINK,
    'A mail program that cuts long lines off. The link itself stays good.',
    'to a new verification flow with 4070001.',
    ({ call }) => withTruncatedToken(call),
  ),
  'verification-link-expired': link(
    'The verification link has expired',
    VERIFICATION_LINK,
    'Mails are read late; the flow has not expired.',
    'to a new verification flow with 4070005. The link is used up.',
    expired('verification'),
  ),
  'verification-unknown-address': {
    title: 'The address to verify is unknown',
    operations: VERIFICATION,
    how: 'A typo. The address is nobody’s until its owner is saved anew.',
    sees: '200 with state sent_email and 1080001, as for known addresses (a form: 303); the mail says "Someone tried to verify this email address" and has no link.',
    effect: {
      concerns: asksForLink,
      before: ({ call }) => {
        forgetAddress(call.world, 'verifiable_address', typedEmail(call))
        return undefined
      },
    },
  },
  'verification-other-device': link(
    'The verification link is opened on another device',
    VERIFICATION_LINK,
    `Somebody signs up on a computer and reads mails on a phone: no session, no cookie. ${SUCCEEDS}`,
    'as on the same device; the address is verified, nobody is signed in.',
    ({ call }) => onOtherDevice(call),
  ),
  'verification-already-done': {
    title: 'The address has been verified meanwhile',
    operations: VERIFICATION,
    how: 'The form is sent again, after the link in the mail was opened in another tab.',
    status: 303,
    sees: '303 to a new flow with 4070002; the address is verified.',
    effect: { concerns: asksForLink, before: ({ call }) => finishVerification(call) },
  },
} as const satisfies Record<string, SwitchDefinition>
