import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { OpenApiDocument, OperationObject, Schema } from './openapi.ts'
import { schemaName } from './openapi.ts'
import { type Violation, violation } from './violation.ts'

/*
 * A request's body as the contract judges it. Ory takes the fields of a submit in three shapes: nested JSON, flat JSON
 * with dotted keys, and form fields (kratos-login-registration-sessions §1.3). The document describes the first alone;
 * the other two are turned into it. Form fields, which are all texts, become what the document wants where they can be
 * read so; a JSON value of another type than the document's stays what it is, though Ory would read it. The operations
 * decode the text on their own: this is only for the judgement.
 */

/** What to judge (`undefined` when there is no body), or why there is nothing to judge. */
export type DecodedBody = { readonly value: Json | undefined } | { readonly violation: Violation }

const FORM = 'application/x-www-form-urlencoded'

/** The media type of a Content-Type header, lower case, without its parameters. */
export function mediaType(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined
  const end = contentType.indexOf(';')
  const type = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
  return type === '' ? undefined : type
}

/**
 * @param type the media type of the request
 * @param schemaOf the schema of a flat body, found by its tag: a union's branch
 */
export function decodeBody(text: string, type: string | undefined, schemaOf: FlatSchema): DecodedBody {
  if (text === '') return { value: undefined }
  if (type === FORM) return { value: readForm(formFields(text), schemaOf) }
  if (type !== 'application/json') return { value: undefined }
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { violation: violation('body', '', `is no JSON: ${error instanceof Error ? error.message : String(error)}`) }
  }
  return {
    value: schemaOf !== undefined && isJsonObject(value) && isFlat(value) && isDotted(value) ? nest(value) : value,
  }
}

/** Ory reads dots in keys only where no value is an object or an array. */
function isFlat(body: JsonObject): boolean {
  return Object.values(body).every((field) => typeof field !== 'object' || field === null)
}

const isDotted = (body: JsonObject): boolean => Object.keys(body).some((key) => key.includes('.'))

function nest(flat: JsonObject): JsonObject {
  const body: Nested = {}
  for (const [key, value] of Object.entries(flat)) {
    if (value !== undefined) place(body, key, value)
  }
  return body
}

/** Finds the schema that a flat body is read by, from its `method`; `undefined` where bodies are never flat. */
export type FlatSchema = ((tag: string | undefined) => FlatBody | undefined) | undefined

export interface FlatBody {
  readonly schema: Schema
  readonly resolve: (schema: Schema) => Schema
}

/** How the flat bodies of an operation are read: only those of the self-service submits, whose bodies are unions. */
export function flatSchemaOf(document: OpenApiDocument, operation: OperationObject): FlatSchema {
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : resolve(document.components.schemas[schemaName(schema.$ref)] ?? {})
  const body = operation.requestBody?.content[FORM]
  if (body === undefined) return undefined
  const { discriminator } = resolve(body.schema)
  return (tag) => {
    const ref = tag === undefined ? undefined : ownValue(discriminator?.mapping, tag)
    return ref === undefined ? undefined : { schema: resolve({ $ref: ref }), resolve }
  }
}

function formFields(text: string): Map<string, string[]> {
  const fields = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(text)) {
    const values = fields.get(key)
    if (values === undefined) fields.set(key, [value])
    else values.push(value)
  }
  return fields
}

/** Keys that would reach into prototypes; Ory knows no such field, so they are dropped like every unknown one. */
const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype'])

type Nested = { [key: string]: Json }

function readForm(fields: ReadonlyMap<string, readonly string[]>, schemaOf: FlatSchema): JsonObject {
  const flat = schemaOf?.(fields.get('method')?.at(-1))
  const body: Nested = {}
  for (const [key, values] of fields) {
    const value = coerce(values, flat && schemaAt(flat, key.split('.')))
    if (value !== undefined) place(body, key, value)
  }
  if (flat !== undefined) fillObjects(body, flat)
  return body
}

/** Puts a value where its dotted key says. */
function place(body: Nested, key: string, value: Json): void {
  const path = key.split('.')
  if (path.some((step) => DANGEROUS.has(step))) return
  let object = body
  for (const step of path.slice(0, -1)) {
    const next = object[step]
    const child: Nested = isJsonObject(next) ? (next as Nested) : {}
    object[step] = child
    object = child
  }
  object[path.at(-1) ?? ''] = value
}

function schemaAt(flat: FlatBody, path: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = flat.schema
  for (const step of path) schema = schema && ownValue(flat.resolve(schema).properties, step)
  return schema && flat.resolve(schema)
}

/** A field's values by the type that the schema wants; `undefined` drops the field, as Ory drops empty ones. */
function coerce(values: readonly string[], schema: Schema | undefined): Json | undefined {
  const last = values.at(-1) ?? ''
  switch (schema?.type) {
    case 'boolean':
      return last === '' ? undefined : (BOOLEANS.get(last) ?? last)
    case 'number':
    case 'integer':
      return last === '' ? undefined : asNumber(last)
    case 'array':
      return [...values]
    case 'string':
      return last === '' ? undefined : last
    default:
      return last
  }
}

const BOOLEANS = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
])

function asNumber(text: string): number | string {
  const number = Number(text)
  return text.trim() === text && Number.isFinite(number) ? number : text
}

/** Every object of the schema that got no field is created empty: a form without `traits.*` has `traits: {}`. */
function fillObjects(body: Nested, flat: FlatBody): void {
  for (const [key, property] of Object.entries(flat.schema.properties ?? {})) {
    if (flat.resolve(property).type === 'object' && !Object.hasOwn(body, key)) body[key] = {}
  }
}

function ownValue<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
}
