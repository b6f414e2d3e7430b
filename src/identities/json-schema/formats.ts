import { isIPv6 } from 'node:net'
import type { Json } from '../../json.ts'
import { isEmail, isHostname } from './email.ts'
import { goRegex } from './keywords.ts'
import { isPhone } from './phone.ts'
import { isUri, isUriReference, isUriTemplate } from './uri.ts'

/**
 * Whether a value has a format as Ory's validator understands it; `undefined` for formats it does not know, which it
 * ignores. What is not a string has no format at all.
 */
export function isFormat(format: string, value: Json): boolean | undefined {
  const test = FORMATS.get(format)
  if (test === undefined) return undefined
  return typeof value === 'string' && test(value)
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const TIME = /^(\d{1,2}):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? []
  if (year === undefined || month === undefined || day === undefined) return false
  const last = new Date(Date.UTC(2000, Number(month), 0))
  last.setUTCFullYear(Number(year), Number(month), 0)
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last.getUTCDate()
}

function isTime(text: string): boolean {
  const [, hours, minutes, seconds, zoneHours = '0', zoneMinutes = '0'] = TIME.exec(text) ?? []
  return (
    Number(hours) < 24 &&
    Number(minutes) < 60 &&
    Number(seconds) < 60 &&
    Number(zoneHours) <= 24 &&
    Number(zoneMinutes) <= 60
  )
}

function isDateTime(text: string): boolean {
  return text[10] === 'T' && isDate(text.slice(0, 10)) && isTime(text.slice(11))
}

function isIPv4(text: string): boolean {
  const groups = text.split('.')
  return groups.length === 4 && groups.every((group) => /^[+-]?\d+$/.test(group) && inByte(Number(group)))
}

const inByte = (n: number) => n >= 0 && n <= 255

/** RE2 has neither references back nor looking around. */
function isRegex(text: string): boolean {
  if (/(?:^|[^\\])(?:\\\\)*(?:\\[1-9uck]|\(\?<?[=!])/.test(text)) return false
  try {
    goRegex(text)
    return true
  } catch {
    return false
  }
}

const isJsonPointer = (text: string) => text === '' || /^\/(?:[^~]|~(?=[~01]))*$/s.test(text)

const isRelativeJsonPointer = (text: string) => {
  const rest = /^(?:0|[1-9]\d*)(.*)$/s.exec(text)?.[1]
  return rest !== undefined && (rest === '#' || isJsonPointer(rest))
}

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['date', isDate],
  ['time', isTime],
  ['hostname', isHostname],
  ['email', isEmail],
  ['tel', isPhone],
  ['ip-address', isIPv4],
  ['ipv4', isIPv4],
  ['ipv6', (text) => isIPv6(text) && !text.includes('%')],
  ['uri', isUri],
  ['iri', isUri],
  ['uri-reference', isUriReference],
  ['uriref', isUriReference],
  ['iri-reference', isUriReference],
  ['uri-template', isUriTemplate],
  ['regex', isRegex],
  ['json-pointer', isJsonPointer],
  ['relative-json-pointer', isRelativeJsonPointer],
])
