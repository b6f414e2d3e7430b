import { badRequest, internal } from '../../errors.ts'
import type { Call } from '../../http/call.ts'
import type { WebAuthnKey } from '../../state/records.ts'
import { FormError } from '../form-errors.ts'
import { messages } from '../messages.ts'
import { ALGORITHMS, isOwnOrigin, relyingParty } from './webauthn.ts'
import { binaryOf, type KeyResponse, readKeyResponse, UnreadableResponse } from './webauthn-response.ts'

/*
 * Whether a security key really answered: signatures, attestations and hashes are checked by @simplewebauthn/server, which
 * is loaded when the first key is used (kratos-settings-recovery-verification-mfa §1.6, §4.6).
 */

const library = () => import('@simplewebauthn/server')

/** A key as it is stored, but for the name that its owner gives it. */
export type VerifiedKey = Pick<WebAuthnKey, 'id' | 'public_key' | 'attestation_type' | 'authenticator'>

/**
 * The key that a browser has made for a challenge.
 * @param text `webauthn_register` as submitted
 * @throws OryError 400 for an unreadable answer, 500 for one that does not verify
 */
export async function verifyRegistration(call: Call, text: string, challenge: string): Promise<VerifiedKey> {
  const answer = read(text, 'Unable to parse WebAuthn response: Parse error for Registration')
  const attestationObject = attestationOf(answer)
  const fault = clientDataFault(call, answer, 'webauthn.create', challenge)
  if (fault !== undefined) throw notCreated(fault)
  try {
    const { verifyRegistrationResponse } = await library()
    const { registrationInfo } = await verifyRegistrationResponse({
      ...expectations(call, answer, challenge),
      response: {
        ...envelope(answer),
        response: { attestationObject, clientDataJSON: binaryOf(answer.response, 'clientDataJSON') },
      },
      supportedAlgorithmIDs: [...ALGORITHMS],
    })
    if (!registrationInfo) throw new Error('the attestation does not verify')
    const { credential, fmt, aaguid } = registrationInfo
    return {
      id: credential.id,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      attestation_type: fmt,
      authenticator: {
        aaguid: Buffer.from(aaguid.replaceAll('-', ''), 'hex').toString('base64'),
        sign_count: credential.counter,
        clone_warning: false,
      },
    }
  } catch (error) {
    throw notCreated('Error validating the authenticator response', error)
  }
}

/** Which key answers, and with what. */
export interface Assertion extends KeyResponse {
  /** Base64; `''` when the key does not tell. */
  readonly userHandle: string
}

/** @throws OryError 400 when the submitted text is no answer of a key */
export function readAssertion(text: string): Assertion {
  const answer = read(text, 'Unable to parse WebAuthn response.')
  const handle = Buffer.from(binaryOf(answer.response, 'userHandle'), 'base64url').toString('base64')
  return { ...answer, userHandle: handle }
}

/**
 * Checks that one of these keys signed the challenge.
 * @throws FormError 4000008
 */
export async function verifyAssertion(
  call: Call,
  answer: Assertion,
  challenge: string,
  keys: readonly WebAuthnKey[],
): Promise<void> {
  const key = keys.find((each) => each.id === answer.rawId)
  if (!key || clientDataFault(call, answer, 'webauthn.get', challenge) !== undefined) {
    throw new FormError(messages.invalidCode())
  }
  if (!(await isSignedBy(call, answer, challenge, key))) throw new FormError(messages.invalidCode())
}

async function isSignedBy(call: Call, answer: Assertion, challenge: string, key: WebAuthnKey): Promise<boolean> {
  const { verifyAuthenticationResponse } = await library()
  try {
    const { verified } = await verifyAuthenticationResponse({
      ...expectations(call, answer, challenge),
      response: {
        ...envelope(answer),
        response: {
          authenticatorData: binaryOf(answer.response, 'authenticatorData'),
          clientDataJSON: binaryOf(answer.response, 'clientDataJSON'),
          signature: binaryOf(answer.response, 'signature'),
        },
      },
      // the real servers keep no counter, so none can be behind
      credential: { id: key.id, publicKey: new Uint8Array(Buffer.from(key.public_key, 'base64url')), counter: 0 },
    })
    return verified
  } catch {
    return false
  }
}

function read(text: string, reason: string): KeyResponse {
  try {
    return readKeyResponse(text)
  } catch (error) {
    throw error instanceof UnreadableResponse ? badRequest(reason, { debug: error.message }) : error
  }
}

function attestationOf({ response }: KeyResponse): string {
  try {
    const attestationObject = binaryOf(response, 'attestationObject')
    if (attestationObject !== '') return attestationObject
  } catch (error) {
    if (!(error instanceof UnreadableResponse)) throw error
  }
  throw badRequest('Unable to parse WebAuthn response: Error parsing attestation response')
}

/** What is wrong with the data that the browser itself vouches for, in the words of Ory's library. */
function clientDataFault(call: Call, { clientData }: KeyResponse, type: string, challenge: string): string | undefined {
  if (clientData.type !== type) return 'Error validating ceremony type'
  if (clientData.challenge !== challenge) return 'Error validating challenge'
  return isOwnOrigin(relyingParty(call), clientData.origin) ? undefined : 'Error validating origin'
}

/** The origin was checked by our own rule, which knows more than one. */
function expectations(call: Call, { clientData }: KeyResponse, challenge: string) {
  return {
    expectedChallenge: challenge,
    expectedOrigin: clientData.origin,
    expectedRPID: relyingParty(call).id,
    requireUserVerification: false,
  }
}

const envelope = ({ id, rawId }: KeyResponse) => ({
  id,
  rawId,
  type: 'public-key' as const,
  clientExtensionResults: {},
})

const notCreated = (why: string, cause?: unknown) =>
  internal(`Unable to create WebAuthn credential: ${why}`, cause instanceof Error ? cause.message : undefined)
