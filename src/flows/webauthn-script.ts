import { createHash } from 'node:crypto'
import type { Call, Operation } from '../http/call.ts'

/*
 * The script that pages load for security keys (admin-keto-projects §4.2). It is our own; only the names of its two
 * functions and what they do are Ory's, because the buttons of the flows call them.
 */

const SCRIPT = `(() => {
  if (window.__oryWebAuthnInitialized) return
  window.__oryWebAuthnInitialized = true

  const supported = () => {
    if (window.PublicKeyCredential) return true
    alert('This browser does not support WebAuthn!')
    return false
  }

  const decode = (text) => {
    const binary = atob(String(text).replace(/-/g, '+').replace(/_/g, '/'))
    return Uint8Array.from(binary, (c) => c.charCodeAt(0))
  }

  const encode = (buffer) => {
    if (!buffer) return ''
    const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
    return btoa(binary).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '')
  }

  const withBinaryIds = (list) => (list || []).map((each) => ({ ...each, id: decode(each.id) }))

  const submit = (credential, response, resultSelector, triggerSelector) => {
    const { id, rawId, type } = credential
    document.querySelector(resultSelector).value = JSON.stringify({ id, rawId: encode(rawId), type, response })
    document.querySelector(triggerSelector).closest('form').submit()
  }

  const complain = (error) => alert(error)

  window.__oryWebAuthnLogin = (
    opt,
    resultSelector = '*[name="webauthn_login"]',
    triggerSelector = '*[name="webauthn_login_trigger"]',
  ) => {
    if (!supported()) return
    const publicKey = {
      ...opt.publicKey,
      challenge: decode(opt.publicKey.challenge),
      allowCredentials: withBinaryIds(opt.publicKey.allowCredentials),
    }
    navigator.credentials
      .get({ publicKey })
      .then((credential) => {
        const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response
        const response = {
          authenticatorData: encode(authenticatorData),
          clientDataJSON: encode(clientDataJSON),
          signature: encode(signature),
          userHandle: encode(userHandle),
        }
        submit(credential, response, resultSelector, triggerSelector)
      })
      .catch(complain)
  }

  window.__oryWebAuthnRegistration = (
    opt,
    resultSelector = '*[name="webauthn_register"]',
    triggerSelector = '*[name="webauthn_register_trigger"]',
  ) => {
    if (!supported()) return
    const publicKey = {
      ...opt.publicKey,
      challenge: decode(opt.publicKey.challenge),
      user: { ...opt.publicKey.user, id: decode(opt.publicKey.user.id) },
      excludeCredentials: withBinaryIds(opt.publicKey.excludeCredentials),
    }
    navigator.credentials
      .create({ publicKey })
      .then((credential) => {
        const { attestationObject, clientDataJSON } = credential.response
        const response = { attestationObject: encode(attestationObject), clientDataJSON: encode(clientDataJSON) }
        submit(credential, response, resultSelector, triggerSelector)
      })
      .catch(complain)
  }

  supported()
})()
`

/** What browsers compare the script with: `sha512-` and the base64 of its hash. */
export const WEBAUTHN_SCRIPT_INTEGRITY = `sha512-${createHash('sha512').update(SCRIPT).digest('base64')}`

/** Where the script is served. */
export function webAuthnScriptUrl({ urls }: Pick<Call, 'urls'>): string {
  return `${urls.public}/.well-known/ory/webauthn.js`
}

/** GET /.well-known/ory/webauthn.js, whether or not the method is enabled. */
export const webAuthnScriptOperations: Readonly<Record<string, Operation>> = {
  getWebAuthnJavaScript: () => ({
    status: 200,
    headers: { 'Content-Type': 'text/javascript; charset=UTF-8' },
    text: SCRIPT,
  }),
}
