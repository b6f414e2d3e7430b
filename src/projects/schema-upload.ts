import { createHash } from 'node:crypto'
import { base64Url, PRESETS, presetText, textOfBase64Url } from '../config/identity-schemas.ts'
import type { Settings } from '../config/settings.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'

/** An entry of `identity.schemas`. */
interface Entry {
  readonly id: string
  readonly url: string
}

const HASH = /^[0-9a-f]{128}$/
const STORAGE = 'https://storage.googleapis.com/bac-gcs-production'

/** The address that a project shows for a schema: its text when it is built in, its storage when it was uploaded. */
export function shownUrl({ id, url }: Entry): string {
  const preset = PRESETS.get(url)
  if (preset) return base64Url(presetText(preset))
  return HASH.test(id) ? `${STORAGE}/${id}.json` : url
}

/**
 * Takes over the schemas that a client sends (admin-keto-projects §6.4): what the project has already and what is built in
 * stays as it is; everything else is uploaded and known from then on by the hash of its text. Built-in schemas that the
 * project has come back when they are left out.
 * @param identity the section `identity` as sent
 * @param current as the project has it
 * @returns the section as it is configured; an address that cannot be loaded is left for the configuration to refuse
 */
export function uploadSchemas(identity: JsonObject, current: Settings['identity']): JsonObject {
  if (!Array.isArray(identity['schemas'])) return identity
  const renamed = new Map<string, string>()
  const entries = new Map<string, Entry>()
  const add = (entry: Entry) => entries.set(entry.id, entry)
  for (const entry of entriesOf(identity['schemas'])) {
    const taken = takeOver(entry, current)
    if (taken.id !== entry.id) renamed.set(entry.id, taken.id)
    add(taken)
  }
  for (const { id, url } of current.schemas) if (PRESETS.has(url) && !entries.has(id)) add({ id, url })
  const chosen = identity['default_schema_id']
  return {
    ...identity,
    schemas: [...entries.values()].map(({ id, url }) => ({ id, url })),
    ...(typeof chosen === 'string' ? { default_schema_id: renamed.get(chosen) ?? chosen } : {}),
  }
}

function takeOver(entry: Entry, current: Settings['identity']): Entry {
  const known = current.schemas.find(({ id, url }) => id === entry.id && shownUrl({ id, url }) === entry.url)
  if (known) return { id: known.id, url: known.url }
  if (PRESETS.has(entry.id)) return { id: entry.id, url: entry.id }
  const text = textOfBase64Url(entry.url)
  return text === undefined ? entry : { id: createHash('sha512').update(text).digest('hex'), url: entry.url }
}

function entriesOf(schemas: Json | undefined): Entry[] {
  if (!Array.isArray(schemas)) return []
  return schemas.flatMap((entry: Json) => {
    if (!isJsonObject(entry)) return []
    const { id, url } = entry
    return typeof id === 'string' && typeof url === 'string' ? [{ id, url }] : []
  })
}
