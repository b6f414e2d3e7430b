import { isIPv6 } from 'node:net'
import type { Json } from '../../json.ts'
import { isEmail, isHostname } from './email.ts'
import { goRegex } from './keywords.ts'
import { isPhone } from './phone.ts'

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
const TIME = /^(\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/

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
    Number(zoneMinutes) < 60
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

/** As Go's `url.Parse` reads it: a broken escape, a blank in the host or a colon in the first segment is an error. */
function isUriReference(text: string): boolean {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? []
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not occur
  if (/[\u0000-\u001f\u007f]/.test(text) || text.startsWith(':')) return false
  if (/%(?![0-9A-Fa-f]{2})/.test(rest.replace(/\?[^#]*/, ''))) return false
  if (!rest.startsWith('//')) return scheme !== '' || !/^[^/?#]*:/.test(rest)
  return isAuthority(/^\/\/([^/?#]*)/.exec(rest)?.[1] ?? '')
}

function isAuthority(authority: string): boolean {
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (/[ "<>^`{|}\\]/.test(host)) return false
  return host.startsWith('[') ? /^\[[^\]]+\](?::\d*)?$/.test(host) : /^[^:[\]]*(?::\d*)?$/.test(host)
}

function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) && isUriReference(text)
}

function isRegex(text: string): boolean {
  try {
    goRegex(text)
    return true
  } catch {
    return false
  }
}

const isJsonPointer = (text: string) => text === '' || /^\/(?:[^~]|~[01~])*$/s.test(text)

const isRelativeJsonPointer = (text: string) => /^(?:0|[1-9]\d*)(?:#|$|\/(?:[^~]|~[01~])*$)/s.test(text)

const FORMATS: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ['date-time', isDateTime],
  ['date', isDate],
  ['time', isTime],
  ['hostname', isHostname],
  ['email', isEmail],
  ['tel', isPhone],
  ['ip-address', isIPv4],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['uri', isUri],
  ['iri', isUri],
  ['uri-reference', isUriReference],
  ['uriref', isUriReference],
  ['iri-reference', isUriReference],
  ['uri-template', isUriReference],
  ['regex', isRegex],
  ['json-pointer', isJsonPointer],
  ['relative-json-pointer', isRelativeJsonPointer],
])
