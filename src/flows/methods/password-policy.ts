import leven from 'leven'
import type { World } from '../../state/world.ts'
import { BREACHED_PASSWORDS } from './breached-passwords.ts'

/** A password may be this many letters away from an identifier, and no nearer. */
const MIN_DISTANCE = 5
/** How much of a password may stand in an identifier in one piece. */
const MAX_COMMON_SHARE = 0.5
/** How often each password of the built-in list was seen in breaches; the real numbers are of this order. */
const BREACHES = 1_000_000
/** Beyond this many comparisons two texts count as different: nothing so long is alike by accident. */
const MAX_COMPARISONS = 4_000_000

/**
 * Why a password may not be used with an identifier, worded as the real servers do (kratos-login-registration-sessions
 * §3.3); `undefined` when it may. Breached passwords are those of a built-in list: nothing is asked outside.
 */
export function passwordFault(world: World, identifier: string, password: string): string | undefined {
  const policy = world.settings.selfservice.methods.password.config
  const length = Buffer.byteLength(password)
  if (length < policy.min_password_length) {
    return `password length must be at least ${policy.min_password_length} characters but only got ${length}`
  }
  if (policy.identifier_similarity_check_enabled && identifier !== '' && isSimilar(identifier, password)) {
    return 'the password is too similar to the user identifier'
  }
  if (policy.haveibeenpwned_enabled && BREACHES > policy.max_breaches && BREACHED_PASSWORDS.has(password)) {
    return 'the password has been found in data breaches and must no longer be used'
  }
  return undefined
}

function isSimilar(identifier: string, password: string): boolean {
  const [a, b] = [identifier.toLowerCase(), password.toLowerCase()]
  if (a.length * b.length > MAX_COMPARISONS) return false
  return leven(a, b) < MIN_DISTANCE || longestCommonSubstring(a, b) / Buffer.byteLength(b) > MAX_COMMON_SHARE
}

/** The length of the longest text that both contain. */
function longestCommonSubstring(a: string, b: string): number {
  let longest = 0
  let above: number[] = []
  for (const x of a) {
    const row: number[] = []
    let j = 0
    for (const y of b) {
      const length = x === y ? (above[j - 1] ?? 0) + 1 : 0
      row[j++] = length
      if (length > longest) longest = length
    }
    above = row
  }
  return longest
}
