import { isJsonObject, type Json } from '../json.ts'

/**
 * The scalars of an object by their dotted names: `{"name":{"first":"A"},"tags":["x"]}` → `name.first`, `tags.0`. Dots
 * within keys are escaped. What is no object has none.
 */
export function flatten(value: Json | undefined): ReadonlyMap<string, Json> {
  const flat = new Map<string, Json>()
  if (isJsonObject(value)) walk(value, [], flat)
  return flat
}

function walk(value: Json, names: readonly string[], flat: Map<string, Json>): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) walk(item, [...names, String(i)], flat)
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) walk(item ?? null, [...names, key.replaceAll('.', '\\.')], flat)
  } else flat.set(names.join('.'), value)
}
