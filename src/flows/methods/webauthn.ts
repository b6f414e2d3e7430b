import type { Call } from '../../http/call.ts'
import { encodeJson } from '../../http/encode.ts'
import type { Identity, LoginFlow, UiNode, UiText, WebAuthnKey } from '../../state/records.ts'
import type { World } from '../../state/world.ts'
import { inputNode, nodeId, scriptNode } from '../nodes.ts'
import { WEBAUTHN_SCRIPT_INTEGRITY, webAuthnScriptUrl } from '../webauthn-script.ts'

/*
 * Security keys: what a browser is asked to do with one, and the nodes that ask it (kratos-settings-recovery-verification-mfa
 * §4.3, kratos-login-registration-sessions §2.3, §3.2).
 */

/** COSE algorithms that new keys may have, in the order of Ory's options. */
export const ALGORITHMS: readonly number[] = [-7, -35, -36, -257, -258, -259, -37, -38, -39, -8]

const TIMEOUT = 60_000
const CHALLENGE_LENGTH = 32
const USER_HANDLE_LENGTH = 16

/** Whom a key is registered with. */
export interface RelyingParty {
  readonly id: string
  readonly name: string
  /** The one origin whose pages may use keys; undefined for every page of the party's own host, whatever its port. */
  readonly origin: string | undefined
}

/** As configured; without a configured id it is the host of the public address, so that it works on any port of localhost. */
export function relyingParty({ urls, world }: Pick<Call, 'urls' | 'world'>): RelyingParty {
  const { id, origin, display_name } = world.settings.selfservice.methods.webauthn.config.rp
  return { id: id ?? new URL(urls.public).hostname, name: display_name, origin }
}

/** Whether a page of this origin may use keys of the party. */
export function isOwnOrigin({ id, origin }: RelyingParty, of: string): boolean {
  if (!URL.canParse(of)) return false
  const page = new URL(of)
  if (origin !== undefined) return page.origin.toLowerCase() === origin.toLowerCase().replace(/\/$/, '')
  return page.hostname === id || page.hostname.endsWith(`.${id}`)
}

/** A random value that a key is to sign, as base64url without padding: so clients send it back. */
export function newChallenge(world: World): string {
  return world.chance.bytes(CHALLENGE_LENGTH).toString('base64url')
}

/** The bytes that browsers know an identity by which registers a key in settings, as base64. */
export function userHandleOf({ id }: Identity): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64')
}

/** The keys of an identity that count for a level: passwordless ones are first factors, all others second factors. */
export function keysFor({ credentials }: Identity, level: 'aal1' | 'aal2' | 'any'): readonly WebAuthnKey[] {
  const keys = credentials.webauthn?.config.credentials ?? []
  return level === 'any' ? keys : keys.filter((key) => key.is_passwordless === (level === 'aal1'))
}

/**
 * Asks for a new key: the button, the field for its answer, and the script that they need.
 * @param userHandle base64
 */
export function registrationNodes(call: Call, challenge: string, userHandle: string, label: UiText) {
  const { id, name } = relyingParty(call)
  const publicKey = {
    challenge: standardBase64(challenge),
    rp: { name, id },
    user: {
      name: 'placeholder',
      icon: 'https://via.placeholder.com/128',
      displayName: 'placeholder',
      id: userHandle,
    },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { userVerification: 'discouraged' },
    timeout: TIMEOUT,
  }
  return {
    script: webAuthnScriptNode(call),
    trigger: triggerNode('webauthn_register_trigger', '__oryWebAuthnRegistration', publicKey, label),
    input: inputNode('webauthn_register', 'webauthn', 'hidden', { value: '' }),
  }
}

/** Asks for one of these keys. */
export function loginNodes(call: Call, challenge: string, keys: readonly WebAuthnKey[], label: UiText) {
  const publicKey = {
    challenge: standardBase64(challenge),
    timeout: TIMEOUT,
    rpId: relyingParty(call).id,
    allowCredentials: keys.map((key) => ({ type: 'public-key', id: standardBase64(key.id) })),
    userVerification: 'discouraged',
  }
  return {
    script: webAuthnScriptNode(call),
    trigger: triggerNode('webauthn_login_trigger', '__oryWebAuthnLogin', publicKey, label),
    input: inputNode('webauthn_login', 'webauthn', 'hidden', { value: '' }),
  }
}

/** Whether a form asks for a security key, so that its flow must keep what the key is to sign. */
export function asksForKey(nodes: readonly UiNode[]): boolean {
  return nodes.some((node) => ['webauthn_login_trigger', 'webauthn_register_trigger'].includes(nodeId(node)))
}

/** What a login flow keeps of a challenge, and whose keys may answer it. */
export function loginCeremony(webauthn_challenge: string, identity: Identity | undefined): LoginCeremony {
  const webauthn_user_handle = identity?.credentials.webauthn?.config.user_handle
  return { webauthn_challenge, ...(webauthn_user_handle === undefined ? {} : { webauthn_user_handle }) }
}

type LoginCeremony = Pick<LoginFlow, 'webauthn_challenge' | 'webauthn_user_handle'>

/** What a registration flow may keep: whoever signs up is known to the browser by bytes of their own. */
export function newCeremony(world: World): Required<LoginCeremony> {
  return {
    webauthn_challenge: newChallenge(world),
    webauthn_user_handle: world.chance.bytes(USER_HANDLE_LENGTH).toString('base64'),
  }
}

function webAuthnScriptNode(call: Call): UiNode {
  return scriptNode('webauthn_script', 'webauthn', {
    src: webAuthnScriptUrl(call),
    integrity: WEBAUTHN_SCRIPT_INTEGRITY,
    nonce: call.world.chance.uuid(),
  })
}

function triggerNode(name: string, script: string, publicKey: object, label: UiText): UiNode {
  const onclick = `window.${script}(${encodeJson({ publicKey }).trimEnd()})`
  return inputNode(name, 'webauthn', 'button', { value: '', onclick, label })
}

function standardBase64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}
