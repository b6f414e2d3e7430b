import { compileSchema } from '../identities/json-schema/compile.ts'
import { isJsonObject, type JsonObject } from '../json.ts'
import type { Section } from './section.ts'
import type { IdentitySchema } from './settings.ts'

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#'

const CREDENTIALS = {
  password: { identifier: true },
  webauthn: { identifier: true },
  totp: { account_name: true },
}

const preset = (name: string, trait: JsonObject): JsonObject => ({
  $id: `https://schemas.ory.sh/presets/kratos/identity.${name}.schema.json`,
  $schema: DRAFT_07,
  title: 'Person',
  type: 'object',
  properties: {
    traits: { type: 'object', properties: { [name]: trait }, required: [name], additionalProperties: false },
  },
})

/** The schemas that every project of Ory Network has (admin-keto-projects §1.9). */
export const PRESETS: ReadonlyMap<string, JsonObject> = new Map([
  [
    'preset://email',
    preset('email', {
      type: 'string',
      format: 'email',
      title: 'E-Mail',
      'ory.sh/kratos': { credentials: CREDENTIALS, recovery: { via: 'email' }, verification: { via: 'email' } },
      maxLength: 320,
    }),
  ],
  [
    'preset://username',
    preset('username', {
      type: 'string',
      title: 'Username',
      maxLength: 100,
      'ory.sh/kratos': { credentials: CREDENTIALS },
    }),
  ],
])

/** The file of a built-in schema, as Ory Network has it. */
export function presetText(preset: JsonObject): string {
  return `${JSON.stringify(preset, null, 2)}\n`
}

/** A text as an address that carries it whole. */
export function base64Url(text: string): string {
  return `base64://${Buffer.from(text).toString('base64')}`
}

/** The text that such an address carries; `undefined` for any other address. */
export function textOfBase64Url(url: string): string | undefined {
  return url.startsWith(BASE64) ? Buffer.from(url.slice(BASE64.length), 'base64').toString('utf8') : undefined
}

const BASE64 = 'base64://'

/**
 * Loads the schemas of `identity.schemas`. Nothing is read from files here: what a configuration named when the server
 * started has become `base64://` by then (load.ts), and what arrives later may not name files.
 */
export function loadIdentitySchemas(entries: readonly Section[]): IdentitySchema[] {
  return entries.flatMap((entry) => {
    const id = entry.text('id')
    const url = entry.text('url')
    if (id === undefined) entry.problem('id', 'is missing.', 'Give every identity schema an id.')
    if (url === undefined) entry.problem('url', 'is missing.', 'Write "preset://email", "base64://…" or "file://…".')
    if (id === undefined || url === undefined) return []
    const raw = textOf(url, entry)
    const schema = raw === undefined ? undefined : parse(raw, entry)
    return raw === undefined || schema === undefined ? [] : [{ id, url, schema, raw }]
  })
}

function textOf(url: string, entry: Section): string | undefined {
  const builtIn = PRESETS.get(url)
  const text = builtIn ? presetText(builtIn) : textOfBase64Url(url)
  if (text === undefined) entry.problem('url', `${url} cannot be loaded: ${whyNot(url)}`, hintFor(url))
  return text
}

function whyNot(url: string): string {
  if (/^https?:/i.test(url)) return 'the server opens no connection outwards.'
  if (url.startsWith('preset://')) return 'there is no such built-in schema.'
  return 'files are read only when the server starts.'
}

function hintFor(url: string): string {
  const builtIn = [...PRESETS.keys()].map((name) => JSON.stringify(name)).join(' or ')
  if (url.startsWith('preset://')) return `Write ${builtIn}.`
  return `Write the schema as "base64://…", or ${builtIn}.`
}

function parse(raw: string, entry: Section): JsonObject | undefined {
  try {
    const schema: unknown = JSON.parse(raw)
    if (!isJsonObject(schema)) {
      entry.problem('url', 'does not hold a JSON Schema: it is not an object.')
      return undefined
    }
    // what cannot be compiled would fail on the first request that needs it
    compileSchema(schema)
    return schema
  } catch (error) {
    entry.problem('url', `does not hold a JSON Schema: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return undefined
}
