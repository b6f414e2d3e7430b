import type { Reply } from '../../http/reply.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'

/** The reply with its JSON body changed; a reply without one stays. */
export function withBody(reply: Reply, change: (body: Json) => Json): Reply {
  return reply.body === undefined ? reply : { ...reply, body: change(reply.body as Json) }
}

/** The value with every member of every object in it changed; `undefined` takes a member out. */
export function mapMembers(value: Json, change: (key: string, member: Json) => Json | undefined): Json {
  if (Array.isArray(value)) return value.map((each: Json) => mapMembers(each, change))
  if (!isJsonObject(value)) return value
  const out: Record<string, Json> = {}
  for (const [key, member] of Object.entries(value)) {
    const changed = member === undefined ? undefined : change(key, mapMembers(member, change))
    if (changed !== undefined) out[key] = changed
  }
  return out
}

/** The first object of a body: the body itself, or the first item of a list. */
export function onFirstObject(value: Json, change: (object: JsonObject) => JsonObject): Json {
  if (isJsonObject(value)) return change(value)
  if (!Array.isArray(value)) return value
  const [first, ...rest] = value as readonly Json[]
  return isJsonObject(first) ? [change(first), ...rest] : value
}
