import { serialiseCookie } from '../http/cookies.ts'
import { nestsDeeper } from '../http/go-json.ts'
import type { Json } from '../json.ts'
import { instant } from '../state/clock.ts'
import type { Recorded } from './journal.ts'
import { Masking } from './mask.ts'
import type { JournalEntry, ShownHeaders, ShownMessage, ShownViolation } from './shown-entry.ts'

export type { JournalEntry, ShownMessage, ShownRequest, ShownViolation } from './shown-entry.ts'

/**
 * An entry for people: bodies decoded, secrets masked.
 * @param secrets show them
 */
export function showEntry(recorded: Recorded, secrets: boolean): JournalEntry {
  const { id, sandbox, method, operation, status, fault, noted } = recorded
  const shown = showParts(recorded, secrets ? undefined : new Masking())
  return {
    id,
    sandbox,
    at: instant(recorded.at),
    duration: recorded.micros / 1000,
    method,
    path: shown.path,
    ...(operation === undefined ? {} : { operation }),
    status,
    ...(fault === undefined ? {} : { fault }),
    violations: shown.violations,
    switches: recorded.switches.map(({ name }) => name),
    noted,
    request: shown.request,
    response: shown.response,
  }
}

/** The violations of both sides. */
export function violationsOf({ requestBreaches, responseBreaches }: Recorded): readonly ShownViolation[] {
  return [
    ...requestBreaches.map((breach) => ({ side: 'request' as const, ...breach })),
    ...responseBreaches.map((breach) => ({ side: 'response' as const, ...breach })),
  ]
}

type Parts = Pick<JournalEntry, 'path' | 'request' | 'response' | 'violations'>

/** What may hold secrets. */
function showParts(recorded: Recorded, masking: Masking | undefined): Parts {
  const { path, rawQuery, target, front } = recorded
  const [asked, sent] = [requestHeadersOf(recorded), responseHeadersOf(recorded)]
  const text = (address: string) => masking?.text(address) ?? address
  const parts: Parts = {
    path: text(rawQuery === '' ? path : `${path}?${rawQuery}`),
    request: {
      url: text(/^https?:/i.test(target) ? target : `${front.scheme}://${front.host}${front.prefix}${target}`),
      ...showMessage(asked, recorded.requestBody, masking, false),
    },
    response: showMessage(sent, recorded.responseBody, masking, true),
    violations: violationsOf(recorded),
  }
  return masking ? (masking.scrub(parts as unknown as Json) as unknown as Parts) : parts
}

function requestHeadersOf({ requestHeaders }: Recorded): ShownHeaders {
  const headers: Record<string, string | string[]> = Object.create(null)
  for (let at = 0; at < requestHeaders.length; at += 2) {
    const name = (requestHeaders[at] ?? '').toLowerCase()
    const value = requestHeaders[at + 1] ?? ''
    const before = headers[name]
    headers[name] = before === undefined ? value : [before, value].flat()
  }
  return headers
}

/** Those that the connection needs (`connection`, `keep-alive`, `transfer-encoding`) are not shown. */
function responseHeadersOf(recorded: Recorded): ShownHeaders {
  const { responseHeaders, responseBody, cookies, cookieLines, status } = recorded
  const sentAt = recorded.at + recorded.sentAfter
  const headers: Record<string, string | readonly string[]> = { date: new Date(sentAt).toUTCString() }
  for (const [name, value] of Object.entries(responseHeaders)) headers[name.toLowerCase()] = value
  if (cookies.length > 0) headers['set-cookie'] = cookies.map((cookie) => serialiseCookie(cookie, sentAt))
  if (cookieLines) headers['set-cookie'] = cookieLines
  if (status !== 204) headers['content-length'] = String(Buffer.byteLength(responseBody))
  return headers
}

/** @param ours a text of the server's, in which no secret stands but in addresses */
function showMessage(headers: ShownHeaders, text: string, masking: Masking | undefined, ours: boolean): ShownMessage {
  const shown = masking ? masking.headers(headers) : headers
  if (text === '') return { headers: shown }
  const json = parse(text)
  if (!masking) return { headers: shown, body: json === undefined ? text : json }
  if (json !== undefined) return { headers: shown, body: masking.json(json) }
  return { headers: shown, ...maskText(text, String(headers['content-type'] ?? ''), masking, ours) }
}

/** What cannot be read cannot be masked either, and is shown only where secrets are. */
function maskText(text: string, type: string, masking: Masking, ours: boolean): Pick<ShownMessage, 'body' | 'omitted'> {
  if (type.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    const form = masking.form(text)
    return form === undefined ? { omitted: `${text.length} characters that are no form fields` } : { body: form }
  }
  if (ours) return { body: masking.text(text) }
  return { omitted: `${text.length} characters that are not ${type === '' ? 'of any type' : type}` }
}

/** Deeper JSON is shown as text: whoever walks through it would need a deeper stack. */
const MAX_NESTING = 1_000

/** JSON of an object, array or text; undefined for what is none. */
function parse(text: string): Json | undefined {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[' && first !== '"' && !text.startsWith('null')) return undefined
  if (nestsDeeper(text, MAX_NESTING)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
