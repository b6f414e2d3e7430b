import { notFound, otherError } from '../../../errors.ts'
import { newCeremony, newChallenge } from '../../../flows/methods/webauthn.ts'
import type { Call } from '../../../http/call.ts'
import { findByIdentifier } from '../../../identities/identity.ts'
import { findSession } from '../../../sessions/session.ts'
import type { Identity, LoginFlow } from '../../../state/records.ts'
import type { World } from '../../../state/world.ts'
import { flowOf } from '../arrange.ts'
import { submitOf } from '../operation-ids.ts'
import { underWebAuthn } from '../project-view.ts'
import { fieldOf, withFields } from '../request-change.ts'
import { forgetFactor, giveKeyRing, secondStep, submittedLogin } from '../second-factor.ts'
import type { RequestChange, SwitchDefinition } from '../switch.ts'

/*
 * ecosystem §4.4, second part: security keys. Native apps know none and are not met.
 */

const LOGIN = submitOf('Login')
const SETTINGS = submitOf('Settings')

const isLogin = (operationId: string): boolean => operationId === 'submitSelfServiceLoginFlow'

const isOfBrowser = (call: Call): boolean => flowOf(call)?.type === 'browser'

/** A submit for a key, with its answer or, in the first of two steps, without. */
const isForKey = (call: Call): boolean =>
  isOfBrowser(call) && (fieldOf(call, 'webauthn_login') !== '' || fieldOf(call, 'method') === 'webauthn')

const isPasswordless = ({ world }: Call): boolean => world.settings.selfservice.methods.webauthn.config.passwordless

/** The key is a first factor here, or one that refreshes the session. */
const isFirstFactor = (call: Call, flow: LoginFlow): boolean =>
  flow.requested_aal === 'aal1' && (isPasswordless(call) || flow.refresh)

/** The login is submitted with a key's answer, or has to be: the first of two steps only names the person. */
function answersKey(call: Call): boolean {
  const flow = submittedLogin(call)
  if (!flow || !isForKey(call)) return false
  return fieldOf(call, 'webauthn_login') !== '' || !isFirstFactor(call, flow)
}

/** Whose key it is: of who is named, where it is a first factor, else of who is signed in. */
function keyHolder(call: Call): { readonly identity: Identity; readonly change: RequestChange } | undefined {
  const flow = submittedLogin(call)
  if (!flow || !isFirstFactor(call, flow)) return secondStep(call)
  const identity = findByIdentifier(call.world, 'webauthn', fieldOf(call, 'identifier'))
  return identity && { identity, change: {} }
}

/** What a page sends that an authenticator other than the person's has answered. */
function foreignAnswer(world: World): string {
  const id = world.chance.bytes(32).toString('base64url')
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.get' })).toString('base64url')
  const response = { authenticatorData: '', clientDataJSON, signature: '', userHandle: '' }
  return JSON.stringify({ id, rawId: id, type: 'public-key', response })
}

/** What a page sends that does not encode what the browser gives it. */
const UNREADABLE = '[object PublicKeyCredential]'

/** An answer of this kind to a form that asked for a key. */
function withAnswer(call: Call, webauthn_login: string): RequestChange | undefined {
  const holder = keyHolder(call)
  if (!holder) return undefined
  giveKeyRing(call.world, holder.identity)
  const flow = submittedLogin(call)
  if (flow && flow.webauthn_challenge === undefined) {
    call.world.flows.save({ ...flow, webauthn_challenge: newChallenge(call.world) })
  }
  return { ...holder.change, ...withFields(call, { webauthn_login }) }
}

function withoutDevice(call: Call): RequestChange | undefined {
  const flow = submittedLogin(call)
  if (flow) call.world.flows.save({ ...flow, refresh: false })
  const step = secondStep(call)
  if (!step) return undefined
  forgetFactor(call.world, step.identity, 'webauthn')
  return { ...step.change, ...underWebAuthn(call, false) }
}

/** Somebody unknown signs in with nothing but a key; who is signed in already does it to confirm who they are. */
function unknownUser(call: Call): RequestChange | undefined {
  const flow = submittedLogin(call)
  if (!flow) return undefined
  call.world.flows.save({ ...flow, requested_aal: 'aal1', refresh: findSession(call) !== undefined })
  const identifier = `nobody-${call.world.chance.code()}@example.org`
  return { ...withFields(call, { identifier }), ...underWebAuthn(call, true) }
}

/** A new key's answer that cannot be read, in a registration or in settings. */
function unreadableKey(call: Call): RequestChange | undefined {
  const flow = flowOf(call)
  if (flow?.kind === 'registration') {
    call.world.flows.save({ ...newCeremony(call.world), ...flow })
    return { ...withFields(call, { webauthn_register: UNREADABLE }), ...underWebAuthn(call, true) }
  }
  if (flow?.kind !== 'settings') return undefined
  call.world.flows.save({ webauthn_challenge: newChallenge(call.world), ...flow })
  const webauthn_register_displayname = fieldOf(call, 'webauthn_register_displayname') || 'my key'
  return withFields(call, { webauthn_register: UNREADABLE, webauthn_register_displayname })
}

const registersKey = (call: Call): boolean => isOfBrowser(call) && fieldOf(call, 'webauthn_register') !== ''

const removesKey = (call: Call): boolean => isOfBrowser(call) && fieldOf(call, 'webauthn_remove') !== ''

/** Whoever removes a key. */
function onOwner(call: Call, change: (world: World, identity: Identity) => void): void {
  const active = findSession(call)
  if (active) change(call.world, active.identity)
}

export const securityKeys = {
  'webauthn-wrong-key': {
    title: 'Another security key answers than that of the person',
    operations: LOGIN,
    how: 'Somebody has several keys, or takes a colleague’s.',
    status: 400,
    sees: '400 with the flow; 4000008 above the form.',
    effect: { concerns: answersKey, before: ({ call }) => withAnswer(call, foreignAnswer(call.world)) },
  },
  'webauthn-no-device': {
    title: 'There is no security key any longer',
    operations: LOGIN,
    how: 'The keys are removed on another device while one is asked for as second factor. They stay removed.',
    status: 400,
    sees: '400 with the flow; 4000013 above the form.',
    effect: { concerns: isForKey, before: ({ call }) => withoutDevice(call) },
  },
  'webauthn-unknown-user': {
    title: 'The identifier is unknown, or has no security key',
    operations: LOGIN,
    how: 'A typo where one signs in with nothing but a key; as with passwordless: true.',
    status: 400,
    sees: '400 with the flow; 4000015 above the form.',
    effect: { concerns: isForKey, before: ({ call }) => unknownUser(call) },
  },
  'webauthn-unparseable': {
    title: 'The answer of the security key cannot be read',
    operations: submitOf('Login', 'Registration', 'Settings'),
    how: 'An old browser; a page that does not encode what the key says.',
    status: 400,
    sees: '400 with the flow; 4000001 above the form: unable to parse WebAuthn response.',
    effect: {
      concerns: (call, id) => (isLogin(id) ? answersKey(call) : registersKey(call)),
      before: ({ call, operationId }) => (isLogin(operationId) ? withAnswer(call, UNREADABLE) : unreadableKey(call)),
    },
  },
  'webauthn-remove-unknown': {
    title: 'The security key to remove is unknown',
    operations: SETTINGS,
    how: 'It was removed in another tab.',
    status: 400,
    sees: '400 with the flow; 4000001 above the form: a WebAuthn credential which does not exist.',
    effect: {
      concerns: removesKey,
      before: ({ call }) => {
        onOwner(call, giveKeyRing)
        return withFields(call, { webauthn_remove: call.world.chance.bytes(32).toString('hex') })
      },
    },
  },
  'webauthn-remove-none': {
    title: 'There is no security key to remove',
    operations: SETTINGS,
    how: 'All keys were removed on another device. They stay removed.',
    status: 400,
    sees: '400 with the flow; 4000001 above the form: you have no WebAuthn set up.',
    effect: {
      concerns: removesKey,
      before: ({ call }) => {
        onOwner(call, (world, identity) => forgetFactor(world, identity, 'webauthn'))
        return undefined
      },
    },
  },
  'webauthn-script-unavailable': {
    title: 'The script for security keys cannot be loaded',
    operations: ['getWebAuthnJavaScript'],
    how: 'A blocker, a content security policy, a proxy that does not pass /.well-known on.',
    status: 404,
    sees: '404, or the status that the parameter says; the buttons of security keys do nothing.',
    parameters: { status: { type: 'number', default: 404, minimum: 400, maximum: 599, help: 'the status' } },
    breaksContract: true,
    effect: {
      before: ({ parameters }) => {
        throw parameters['status'] === 404 ? notFound() : otherError(Number(parameters['status']))
      },
    },
  },
} as const satisfies Record<string, SwitchDefinition>
