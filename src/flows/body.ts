import { badRequest, OryError } from '../errors.ts'
import type { Call, RequestBody } from '../http/call.ts'
import { hasContentType, requireBody } from '../http/decode-json.ts'
import { type GoForm, parseGoForm } from '../http/go-form.ts'
import { decodeGoJson, GoJsonError } from '../http/go-json.ts'
import { decodeGoStruct, type GoStruct, goString, goStruct } from '../http/go-struct.ts'
import { compileSchema } from '../identities/json-schema/compile.ts'
import { listPaths } from '../identities/json-schema/paths.ts'
import type { Schema } from '../identities/json-schema/schema.ts'
import { validate } from '../identities/json-schema/validate.ts'
import { InvalidError } from '../identities/json-schema/validation-error.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { type FormValues, readFormValues, scalarText } from './form-values.ts'

/** How a method reads the bodies that are submitted to it. */
export interface BodyForm {
  /** What its fields are, and what they must be. */
  readonly schema: Schema
  /** The fields it takes, with the types that a nested JSON body must give them. */
  readonly struct: GoStruct
  /** Methods whose bodies it reads; GET reads the query. */
  readonly methods?: readonly string[]
  /** The query counts too: before a JSON body, behind a form's. */
  readonly queryAndBody?: boolean
  /** Off where only the fields are wanted and nobody minds what they hold. */
  readonly validate?: boolean
}

/**
 * Why a body cannot be used: an `OryError` is shown in the flow by its reason, an `InvalidError` at the nodes it names, a
 * `GoJsonError` is no message but an answer of its own (body 500; the status depends on flow and client).
 */
export type BodyError = OryError | InvalidError | GoJsonError

export interface DecodedBody {
  /** The fields of the struct as far as they were read: a refused form shows them again. */
  readonly values: JsonObject
  readonly error?: BodyError
}

const METHODS: readonly string[] = ['POST', 'PUT', 'PATCH']
const TYPES: readonly string[] = ['multipart/form-data', 'application/x-www-form-urlencoded', 'application/json']

/**
 * Decodes a submitted body (kratos-login-registration-sessions §1.3). Forms and JSON objects of scalars alone are read by
 * the schema, dotted keys and all; JSON with an object or a list at the top is taken as it is.
 */
export function decodeBody(call: Call, form: BodyForm): DecodedBody {
  try {
    return decode(call, form)
  } catch (error) {
    if (error instanceof OryError || error instanceof GoJsonError) return { values: {}, error }
    throw error
  }
}

const METHOD_FORM: BodyForm = {
  schema: compileSchema({ type: 'object', properties: { method: { type: 'string' } } }),
  struct: goStruct('', { method: goString }),
  methods: [...METHODS, 'GET'],
  validate: false,
}

interface Submitted {
  readonly method: string
  readonly error?: BodyError
}

/** Every strategy asks; a call never changes. */
const submitted = new WeakMap<Call, Submitted>()

/** The field `method`, which every method looks for before it reads the rest; `''` when there is none. */
export function submittedMethod(call: Call): Submitted {
  const known = submitted.get(call)
  if (known) return known
  const { values, error } = decodeBody(call, METHOD_FORM)
  const method = textOf(values, 'method')
  const answer = error === undefined ? { method } : { method, error }
  submitted.set(call, answer)
  return answer
}

/** A field of a decoded body as text; `''` when it is absent. */
export function textOf(values: JsonObject, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  return typeof value === 'string' ? value : ''
}

/** A field of a decoded body as a switch. */
export function flagOf(values: JsonObject, name: string): boolean {
  return Object.hasOwn(values, name) && values[name] === true
}

function decode(call: Call, form: BodyForm): DecodedBody {
  requireBody(call, form.methods ?? METHODS, TYPES)
  if (call.method === 'GET') return decodeForm(call, form, queryOf(call))
  if (!hasContentType(call, ['application/json'])) return decodeForm(call, form, formOf(call, form))
  const json = jsonOf(call.body)
  if (!isJsonObject(json)) {
    throw badRequest(`Expected JSON sent in request body to be an object but got: ${gjsonType(json)}`)
  }
  const values = flatValues(json)
  return values === undefined ? decodeNested(json, form) : decodeFlat(call, form, values)
}

/** Every strategy reads the same body. */
const read = new WeakMap<RequestBody, Json>()

function jsonOf(body: RequestBody): Json {
  const known = read.get(body)
  if (known !== undefined) return known
  const json = decodeGoJson(body.text)
  read.set(body, json)
  return json
}

function decodeForm(call: Call, form: BodyForm, read: GoForm): DecodedBody {
  if (read.error !== undefined) throw badRequest(`Unable to decode HTTP ${call.method} form body: ${read.error}`)
  return finish(assemble(read.values, form), form, jsonPayloadError)
}

function decodeFlat(call: Call, form: BodyForm, values: Map<string, readonly string[]>): DecodedBody {
  if (form.queryAndBody) for (const [key, texts] of queryOf(call).values) values.set(key, texts.slice(0, 1))
  return finish(assemble(values, form), form, (error) => error)
}

function decodeNested(json: JsonObject, form: BodyForm): DecodedBody {
  return finish(json, form, jsonPayloadError)
}

/** What a form holds, as the JSON that Kratos makes of it before it decodes that. */
function assemble(values: FormValues, form: BodyForm): JsonObject {
  return readFormValues(values, listPaths(form.schema))
}

function finish(json: JsonObject, form: BodyForm, refuse: (error: GoJsonError) => BodyError): DecodedBody {
  const { fields, error } = decodeGoStruct(json, form.struct)
  if (error !== undefined) return { values: fields, error: refuse(error) }
  const invalid = form.validate === false ? undefined : validate(form.schema, json)
  return invalid === undefined ? { values: fields } : { values: fields, error: new InvalidError(invalid) }
}

const jsonPayloadError = (error: GoJsonError) => badRequest(`Unable to decode JSON payload: ${error.message}`)

function queryOf(call: Call): GoForm {
  return parseGoForm(call.rawQuery)
}

/** Fields of a multipart body are not read: it counts as an empty form. What is wrong with the query counts too. */
function formOf(call: Call, form: BodyForm): GoForm {
  const urlencoded = hasContentType(call, ['application/x-www-form-urlencoded'])
  const body: GoForm = urlencoded ? parseGoForm(call.body.text) : { values: new Map() }
  const query = queryOf(call)
  const error = body.error ?? query.error
  const values = form.queryAndBody ? joined(body.values, query.values) : body.values
  return error === undefined ? { values } : { values, error }
}

function joined(first: FormValues, second: FormValues): FormValues {
  const values = new Map(first)
  for (const [key, texts] of second) values.set(key, [...(values.get(key) ?? []), ...texts])
  return values
}

/** The members of an object of scalars as texts; `undefined` when one of them is an object or a list. */
function flatValues(json: JsonObject): Map<string, readonly string[]> | undefined {
  const values = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(json)) {
    if (typeof value === 'object' && value !== null) return undefined
    values.set(key, [scalarText(value ?? null)])
  }
  return values
}

function gjsonType(value: Json): string {
  if (value === null) return 'Null'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return 'Number'
  return typeof value === 'string' ? 'String' : 'JSON'
}
