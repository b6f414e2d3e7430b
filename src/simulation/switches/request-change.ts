import type { Call } from '../../http/call.ts'
import { hasContentType } from '../../http/decode-json.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { RequestChange } from './switch.ts'

/*
 * Requests as the client shall have sent them. What a request does not have in a form that can be changed (a body that is no
 * JSON, say) stays as it is.
 */

/** Other values; `undefined` takes one out. */
type Changes<T> = Readonly<Record<string, T | undefined>>

export function withQuery(call: Call, changes: Changes<string>): RequestChange {
  return { rawQuery: changedPairs(call.rawQuery, changes) }
}

export function withParams(call: Call, params: Readonly<Record<string, string>>): RequestChange {
  return { params: { ...call.params, ...params } }
}

/** @param changes by names in small letters */
export function withHeaders(call: Call, changes: Changes<string>): RequestChange {
  return { headers: changed(call.headers, changes) }
}

export function withCookies(call: Call, changes: Changes<string>): RequestChange {
  const cookies = new Map(call.cookies)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) cookies.delete(name)
    else cookies.set(name, value)
  }
  return { cookies }
}

/** Other fields of a form or of a JSON object; of a submit by GET, other values of the query. */
export function withFields(call: Call, changes: Changes<Json>): RequestChange {
  if (call.method === 'GET') return withQuery(call, texts(changes))
  if (isForm(call)) return withText(call, changedPairs(call.body.text, texts(changes)))
  return withJson(call, (body) => (isJsonObject(body) ? changed(body, changes) : body))
}

/** Another JSON body; `undefined` is what does not parse. */
export function withJson(call: Call, change: (body: Json | undefined) => Json | undefined): RequestChange {
  const body = change(parsed(call.body.text))
  return body === undefined ? {} : withText(call, JSON.stringify(body))
}

export function withText({ body }: Call, text: string): RequestChange {
  return { body: { ...body, text } }
}

/** The fields of a form or of a JSON object; none where the body is neither. */
export function bodyFields(call: Call): JsonObject {
  if (isForm(call)) return Object.fromEntries(new URLSearchParams(call.body.text))
  const body = parsed(call.body.text)
  return isJsonObject(body) ? body : {}
}

/** A field that is typed into a form; `''` when there is none. */
export function fieldOf(call: Call, name: string): string {
  const fields = bodyFields(call)
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' ? value : ''
}

const isForm = (call: Call): boolean => hasContentType(call, ['application/x-www-form-urlencoded'])

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    // the operation says what is wrong with the body
    return undefined
  }
}

function changedPairs(text: string, changes: Changes<string>): string {
  const pairs = new URLSearchParams(text)
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) pairs.delete(name)
    else pairs.set(name, value)
  }
  return pairs.toString()
}

function changed<T extends object>(object: T, changes: Changes<Json>): T {
  const members = new Map<string, unknown>(Object.entries(object))
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) members.delete(name)
    else members.set(name, value)
  }
  return Object.fromEntries(members) as T
}

function texts(changes: Changes<Json>): Changes<string> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, value]) => [
      name,
      value === undefined || typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}
