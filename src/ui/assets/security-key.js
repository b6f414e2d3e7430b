import { showNotice } from './messages.js'

/*
 * Buttons of security keys carry JavaScript to run on a click. The page's policy runs no inline script: the call is read,
 * and only the two functions of Ory's security key script are called.
 */

const CALL = /^window\.(__oryWebAuthnLogin|__oryWebAuthnRegistration)\((\{.*\})\)$/s

/**
 * Runs a button's `onclick`, as soon as the script that defines the function is there.
 * @param {string} onclick e.g. `window.__oryWebAuthnLogin({"publicKey":…})`
 */
export function callSecurityKey(onclick) {
  const [, name, options] = CALL.exec(onclick) ?? []
  if (name === undefined || options === undefined) {
    showNotice('This button carries a script that the page does not run.')
    return
  }
  const call = () => {
    const ceremony = Reflect.get(window, name)
    if (typeof ceremony !== 'function') return false
    ceremony(JSON.parse(options))
    return true
  }
  if (call()) return
  const script = document.getElementById('webauthn_script')
  if (script) script.addEventListener('load', call, { once: true })
  else showNotice('The security key script of this form could not be loaded.')
}
