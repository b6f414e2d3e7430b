import { createRequire } from 'node:module'

/** Loaded when the first schema asks for it: the numbering plans of the world are large, and few schemas do. */
const require = createRequire(import.meta.url)

/** A phone number that exists in its country's numbering plan, written internationally (`+49 30 …`). */
export function isPhone(text: string): boolean {
  const { parsePhoneNumber } = require('awesome-phonenumber') as typeof import('awesome-phonenumber')
  // what stands before the number is no part of it: `tel:`, a bracket
  return parsePhoneNumber(text.replace(/^[^+＋\d]+/u, '')).valid
}
