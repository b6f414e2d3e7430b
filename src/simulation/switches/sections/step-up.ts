import type { Call } from '../../../http/call.ts'
import { countSecondFactors } from '../../../identities/factors.ts'
import { giveTotp, keepSignedIn, sessionFor, weaken } from '../arrange.ts'
import { leaveOne } from '../last-credential.ts'
import { fetchOf, initBrowserOf } from '../operation-ids.ts'
import { withQuery } from '../request-change.ts'
import type { RequestChange, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.4, last part: what people are asked for who are signed in, and what they are not offered.
 */

/** A login of somebody who has used a first factor and has a second. */
function promptSecondFactor(call: Call): RequestChange {
  const { session, change } = sessionFor(call)
  weaken(call.world, session)
  const identity = call.world.identities.get(session.identity_id)
  if (identity && countSecondFactors(identity) === 0) giveTotp(call.world, identity)
  return { ...change, ...withQuery(call, { aal: 'aal2', refresh: undefined }) }
}

/** A login of somebody who is signed in and has to confirm it. */
function promptAgain(call: Call): RequestChange {
  return { ...sessionFor(call).change, ...withQuery(call, { refresh: 'true', aal: undefined }) }
}

const SOMEBODY = 'Whoever is not signed in is so from now on, as somebody.'

export const stepUp = {
  'last-credential': {
    title: 'There is only one way left to sign in',
    operations: [...fetchOf('Settings'), ...initBrowserOf('Settings')],
    how: 'Somebody who signs in through a social provider and has no password; without providers, somebody with a security key. The other ways are taken away and stay so.',
    sees: '200; no node unlink, or webauthn_remove, for it.',
    effect: { before: ({ call }) => leaveOne(call) },
  },
  'second-factor-prompt': {
    title: 'The login asks for the second factor',
    operations: initBrowserOf('Login'),
    how: `A step-up with aal=aal2, after the password. Whoever has no second factor gets an authenticator app. ${SOMEBODY}`,
    sees: '200 with a flow whose requested_aal is aal2, and 1010004 above the form; a browser is sent to its page.',
    effect: { before: ({ call }) => promptSecondFactor(call), after: keepSignedIn },
  },
  're-auth-prompt': {
    title: 'The login asks to confirm who one is',
    operations: initBrowserOf('Login'),
    how: `A privileged action with refresh=true, after a sign-in that is too old. ${SOMEBODY}`,
    sees: '200 with a flow whose refresh is true, and 1010003 above the form; a browser is sent to its page.',
    effect: { before: ({ call }) => promptAgain(call), after: keepSignedIn },
  },
} as const satisfies Record<string, SwitchDefinition>
