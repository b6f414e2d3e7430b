import { isJsonObject, type JsonObject } from '../json.ts'
import type { Section } from './section.ts'
import type { IdentitySchema } from './settings.ts'

/** Contents of files by the address that a configuration names them by (`file://./person.schema.json`). */
export type SchemaFiles = ReadonlyMap<string, string>

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
      maxLength: 320,
      'ory.sh/kratos': { credentials: CREDENTIALS, recovery: { via: 'email' }, verification: { via: 'email' } },
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

/** A schema as the address that carries it whole. */
export function base64Url(schema: JsonObject): string {
  return `base64://${Buffer.from(JSON.stringify(schema, null, 2)).toString('base64')}`
}

/**
 * Loads the schemas of `identity.schemas`. Nothing is read here: `file://` addresses are found in `files`, which were
 * read when the server started, and nowhere else.
 */
export function loadIdentitySchemas(entries: readonly Section[], files: SchemaFiles): IdentitySchema[] {
  return entries.flatMap((entry) => {
    const id = entry.text('id')
    const url = entry.text('url')
    if (id === undefined) entry.problem('id', 'is missing.', 'Give every identity schema an id.')
    if (url === undefined)
      entry.problem('url', 'is missing.', 'Name the schema: "file://…", "base64://…" or "preset://email".')
    if (id === undefined || url === undefined) return []
    const raw = textOf(url, entry, files)
    const schema = raw === undefined ? undefined : parse(raw, entry)
    return raw === undefined || schema === undefined ? [] : [{ id, url, schema, raw }]
  })
}

function textOf(url: string, entry: Section, files: SchemaFiles): string | undefined {
  const builtIn = PRESETS.get(url)
  if (builtIn) return JSON.stringify(builtIn)
  if (url.startsWith('base64://')) return Buffer.from(url.slice('base64://'.length), 'base64').toString('utf8')
  const file = files.get(url)
  if (file !== undefined) return file
  if (/^https?:/.test(url)) {
    entry.problem(
      'url',
      `${url} cannot be loaded: this server opens no connection outwards.`,
      'Save the schema and name it as "file://…", or write it as "base64://…".',
    )
  } else if (url.startsWith('preset://')) {
    entry.problem(
      'url',
      `${url} is not a built-in schema.`,
      `The built-in ones are ${[...PRESETS.keys()].join(' and ')}.`,
    )
  } else {
    entry.problem(
      'url',
      `${url} was not read when the server started, and files are read only then.`,
      'Use "base64://…" or a built-in schema such as "preset://email".',
    )
  }
  return undefined
}

function parse(raw: string, entry: Section): JsonObject | undefined {
  try {
    const schema: unknown = JSON.parse(raw)
    if (isJsonObject(schema)) return schema
    entry.problem('url', 'does not hold a JSON Schema: it is not an object.')
  } catch (error) {
    entry.problem('url', `does not hold a JSON Schema: ${error instanceof Error ? error.message : String(error)}.`)
  }
  return undefined
}
