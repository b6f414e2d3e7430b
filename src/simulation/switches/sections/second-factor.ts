import { revealed } from '../../../flows/methods/lookup-settings.ts'
import { isRightCode } from '../../../flows/methods/totp.ts'
import type { Call } from '../../../http/call.ts'
import { availableAal } from '../../../identities/factors.ts'
import { findSession, isBelow, withMethod } from '../../../sessions/session.ts'
import type { Identity, LookupSecretConfig, SettingsFlow } from '../../../state/records.ts'
import type { World } from '../../../state/world.ts'
import { flowOf, MINUTE } from '../arrange.ts'
import { fetchOf, submitOf } from '../operation-ids.ts'
import { fieldOf, withFields } from '../request-change.ts'
import {
  atLogin,
  forgetFactor,
  giveLookupSecrets,
  hasLookupSecrets,
  isPressed,
  LOOKUP,
  TOTP,
} from '../second-factor.ts'
import type { RequestChange, SwitchDefinition, SwitchEffect } from '../switch.ts'

/*
 * ecosystem §4.4, first part: authenticator apps and backup codes.
 */

const LOGIN = submitOf('Login')
const SETTINGS = submitOf('Settings')

const refused = (title: string, operations: readonly string[], how: string, sees: string, effect: SwitchEffect) => ({
  title,
  operations,
  how,
  status: 400 as const,
  sees: `400 with the flow; ${sees}`,
  effect,
})

const GIVEN = 'Whoever signs in with a password and has no second factor of this kind gets one, and is asked for it.'

// --- authenticator apps ----------------------------------------------------------------------------------------------------

/** A code that no app shows now: at most three of these can be right at a time. */
function wrongCode(totpUrl: string, { world }: Call): string {
  return ['000000', '111111', '222222', '333333'].find((code) => !isRightCode(totpUrl, code, world.now())) ?? '000000'
}

/** An authenticator app is about to be set up. */
const setsUpTotp = (call: Call): boolean =>
  flowOf(call)?.kind === 'settings' && fieldOf(call, 'method') === 'totp' && !isPressed(call, 'totp_unlink')

const atSetUp = (change: (call: Call, flow: SettingsFlow) => RequestChange | undefined) =>
  ({
    concerns: setsUpTotp,
    before: ({ call }) => {
      const flow = flowOf(call)
      return flow?.kind === 'settings' ? change(call, flow) : undefined
    },
  }) as const satisfies SwitchEffect

/** Where the form shows a secret: with an app set up already, the code would not be read. */
const wrongAtSetUp = atSetUp((call, { totp_url }) =>
  totp_url === undefined ? undefined : withFields(call, { totp_code: wrongCode(totp_url, call) }),
)

const wrongAtLogin = atLogin(TOTP, (call, { credentials }) =>
  withFields(call, { totp_code: wrongCode(credentials.totp?.config.totp_url ?? '', call) }),
)

const isSettings = (operationId: string): boolean => operationId === 'submitSelfServiceSettingsFlow'

// --- backup codes ----------------------------------------------------------------------------------------------------------

type Codes = LookupSecretConfig['recovery_codes']

function saveCodes(world: World, identity: Identity, recovery_codes: Codes): void {
  const { lookup_secret } = identity.credentials
  if (!lookup_secret) return
  const changed = { ...lookup_secret, config: { recovery_codes } }
  world.identities.save({ ...identity, credentials: { ...identity.credentials, lookup_secret: changed } })
}

const codesOf = ({ credentials }: Identity): Codes => credentials.lookup_secret?.config.recovery_codes ?? []

/** In whole seconds, as a used code is written down. */
const aMinuteAgo = (world: World): number => Math.round(world.now() / 1000) * 1000 - MINUTE

/** The typed code was used a minute ago, whether or not it was one of the person's. */
function useCode(call: Call, identity: Identity): RequestChange {
  const { world } = call
  const code = fieldOf(call, 'lookup_secret') || world.chance.code()
  const used = { code, used_at: aMinuteAgo(world) }
  const codes = codesOf(identity)
  const known = codes.some((each) => each.code === code)
  saveCodes(world, identity, known ? codes.map((each) => (each.code === code ? used : each)) : [...codes, used])
  return withFields(call, { lookup_secret: code })
}

/** Whoever has no codes gets some, as if they had just set them up. */
function withCodes({ world }: Call, { session, identity }: NonNullable<ReturnType<typeof findSession>>): Identity {
  if (!hasLookupSecrets(identity)) {
    giveLookupSecrets(world, identity)
    world.sessions.save(withMethod(session, { method: 'lookup_secret', aal: 'aal2' }, world.now()))
  }
  return world.identities.get(identity.id) ?? identity
}

/** Every code is used, and the form shows them: those who are too weakly signed in are not shown any. */
function useAllCodes(call: Call): undefined {
  const { world } = call
  const [active, flow] = [findSession(call), flowOf(call)]
  if (!active || flow?.kind !== 'settings' || flow.identity_id !== active.identity.id) return undefined
  if (isBelow(active.session.authenticator_assurance_level, availableAal(active.identity))) return undefined
  const identity = withCodes(call, active)
  const codes = codesOf(identity).map(({ code }) => ({ code, used_at: aMinuteAgo(world) }))
  saveCodes(world, identity, codes)
  world.flows.save(revealed(flow, codes))
  return undefined
}

function forgetPendingCodes(call: Call): undefined {
  const flow = flowOf(call)
  if (flow?.kind !== 'settings') return undefined
  const { lookup_codes: _, ...rest } = flow
  call.world.flows.save(rest)
  return undefined
}

export const secondFactor = {
  'totp-wrong': refused(
    'The code of the authenticator app is wrong',
    [...LOGIN, ...SETTINGS],
    `A mistyped code; a phone whose clock is wrong. ${GIVEN}`,
    '4000008, above the form at a login, at the node totp_code where an app is set up.',
    {
      concerns: (call, id) => (isSettings(id) ? wrongAtSetUp.concerns(call) : wrongAtLogin.concerns(call)),
      before: (context) =>
        isSettings(context.operationId) ? wrongAtSetUp.before(context) : wrongAtLogin.before(context),
    },
  ),
  'totp-code-missing': refused(
    'The code of the authenticator app is missing',
    SETTINGS,
    'The form that sets up an app is sent without a code.',
    '4000002 at the node totp_code.',
    atSetUp((call) => withFields(call, { totp_code: undefined })),
  ),
  'totp-not-set-up': refused(
    'There is no authenticator app any longer',
    LOGIN,
    `The app is unlinked on another device while its code is asked for. It stays unlinked. ${GIVEN}`,
    '4000011 above the form.',
    atLogin(TOTP, ({ world }, identity) => forgetFactor(world, identity, 'totp')),
  ),
  'lookup-used': refused(
    'The backup code was used before',
    LOGIN,
    `Somebody does not cross out the codes that they use. The code stays used. ${GIVEN}`,
    '4000012 above the form.',
    atLogin(LOOKUP, useCode),
  ),
  'lookup-wrong': refused(
    'The backup code is wrong',
    LOGIN,
    `A typo; a code of an older list. ${GIVEN}`,
    '4000016 above the form.',
    atLogin(LOOKUP, (call) => withFields(call, { lookup_secret: `not ${fieldOf(call, 'lookup_secret')}` })),
  ),
  'lookup-not-set-up': refused(
    'There are no backup codes any longer',
    LOGIN,
    `The codes are disabled on another device while one is asked for. They stay so. ${GIVEN}`,
    '4000014 above the form.',
    atLogin(LOOKUP, ({ world }, identity) => forgetFactor(world, identity, 'lookup_secret')),
  ),
  'lookup-reveal-none': refused(
    'There are no backup codes to reveal',
    SETTINGS,
    'The codes are disabled in another tab. They stay so.',
    '4000001 above the form: can not reveal lookup codes because you have none.',
    {
      concerns: (call) => isPressed(call, 'lookup_secret_reveal'),
      before: ({ call }) => {
        const active = findSession(call)
        return active && forgetFactor(call.world, active.identity, 'lookup_secret')
      },
    },
  ),
  'lookup-confirm-before-generate': refused(
    'There are no new backup codes to confirm',
    SETTINGS,
    'The codes were generated in another tab, whose flow is another one.',
    '4000001 above the form: you must (re-)generate recovery backup codes.',
    {
      concerns: (call) => isPressed(call, 'lookup_secret_confirm'),
      before: ({ call }) => forgetPendingCodes(call),
    },
  ),
  'lookup-all-used': {
    title: 'All backup codes are used up',
    operations: [...fetchOf('Settings'), ...SETTINGS],
    how: 'The last code is used. Whoever has no codes gets some; they stay used. Met where a flow is fetched, and where codes are revealed; who has not used their second factor yet is not shown any.',
    sees: '200; the text node lookup_secret_codes, whose every secret is 1050014: used at …',
    effect: {
      concerns: (call, id) => !isSettings(id) || isPressed(call, 'lookup_secret_reveal'),
      before: ({ call }) => useAllCodes(call),
    },
  },
} as const satisfies Record<string, SwitchDefinition>
