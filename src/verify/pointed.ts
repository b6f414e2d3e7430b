import { isJsonObject, type Json } from '../json.ts'

/** What a JSON pointer without escapes names; undefined when nothing is there. */
export function pointed(value: Json | undefined, pointer: string): Json | undefined {
  const keys = pointer.split('/').slice(1)
  return keys.reduce<Json | undefined>((part, key) => {
    if (Array.isArray(part)) return part[Number(key)]
    return isJsonObject(part) && Object.hasOwn(part, key) ? part[key] : undefined
  }, value)
}
