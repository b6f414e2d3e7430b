import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/**
 * JSON Merge Patch (RFC 7396) of a configuration: objects are merged key by key, `null` removes a key, everything else
 * replaces. Neither argument is changed; keys such as `__proto__` are data.
 */
export function mergeConfig(config: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map<string, Json | undefined>(Object.entries(config))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) merged.delete(key)
    else merged.set(key, mergeValue(merged.get(key), value))
  }
  // fromEntries defines its keys, so that `__proto__` stays a key
  return Object.fromEntries(merged)
}

function mergeValue(before: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch
  return mergeConfig(isJsonObject(before) ? before : {}, patch)
}
