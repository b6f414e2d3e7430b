/**
 * Whether a text is an e-mail address to Ory: at most 254 bytes, the part before the last `@` at most 64, behind it a host
 * name (no dot needed), and the whole an address of RFC 5322 (kratos-login-registration-sessions §3.3).
 */
export function isEmail(text: string): boolean {
  if (Buffer.byteLength(text) > 254) return false
  const at = text.lastIndexOf('@')
  if (at === -1) return false
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  return Buffer.byteLength(local) <= 64 && isHostname(domain) && !domain.endsWith('.') && isLocalPart(local)
}

/** Labels of letters, digits and hyphens, each of 1 to 63, no hyphen at the beginning or at a label's end. */
export function isHostname(text: string): boolean {
  const host = text.endsWith('.') ? text.slice(0, -1) : text
  if (host.length > 253 || host.startsWith('-')) return false
  return host.split('.').every((label) => /^[A-Za-z0-9-]{1,63}$/.test(label) && !label.endsWith('-'))
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\u{10ffff}-]+"
const DOT_ATOM = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u')
const QUOTED = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}]|\t)+"$/u

/** Blanks in front are skipped, as Go's parser skips them. */
function isLocalPart(local: string): boolean {
  const text = local.replace(/^[ \t]+/, '')
  return DOT_ATOM.test(text) || QUOTED.test(text)
}
