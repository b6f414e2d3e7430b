import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../json.ts'
import type { OperationInfo } from './document.ts'
import { createEovRequestValidator, type EovRequest, type EovRequestValidator } from './eov.ts'
import { decodeBody, type FlatSchema, flatSchemaOf, mediaType } from './form.ts'
import type { RouteMatch } from './match.ts'
import type { OpenApiDocument, OperationObject, Parameter } from './openapi.ts'
import { isBreakable, operationObject } from './prune.ts'
import { type Violation, violation } from './violation.ts'

/** A request as the contract judges it; nothing of it is changed. */
export interface JudgedRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** The query as sent, without `?`. */
  readonly rawQuery: string
  /** The body as text, `''` when there is none. */
  readonly text: string
}

export interface RequestVerdict {
  readonly violations: readonly Violation[]
  /** Query parameters that the document does not name: no violation, for real clients send them. */
  readonly noted: readonly string[]
}

const FINE: RequestVerdict = { violations: [], noted: [] }

/** So many violations of one request are reported. */
const REPORTED = 50

/** At once, but for the first request of an operation, whose validator is made then. */
export type RequestValidator = (match: RouteMatch, request: JudgedRequest) => RequestVerdict | Promise<RequestVerdict>

/**
 * Judges requests by express-openapi-validator. What it cannot be asked (it throws at `null` bodies, refuses empty and
 * unknown query parameters, keeps a validator for every spelling of a content type) is decided before it is called.
 */
export function createRequestValidator(document: OpenApiDocument): RequestValidator {
  const judges = new Map<string, OperationJudge>()
  return (match, request) => {
    const { operation } = match
    if (request.method === 'OPTIONS') return FINE
    let judge = judges.get(operation.operationId)
    if (judge === undefined) {
      judge = createJudge(document, operation)
      judges.set(operation.operationId, judge)
    }
    return judge(match, request)
  }
}

type OperationJudge = RequestValidator

interface Known {
  readonly operation: OperationInfo
  readonly source: OperationObject
  readonly query: ReadonlySet<string>
  /** Those of them that are booleans. */
  readonly booleans: ReadonlySet<string>
  readonly headers: readonly string[]
  /** The body is a union with a tag, into which express-openapi-validator looks without asking whether it is an object. */
  readonly tagged: boolean
  readonly flat: FlatSchema
}

function createJudge(document: OpenApiDocument, operation: OperationInfo): OperationJudge {
  const known = know(document, operation)
  let validator: EovRequestValidator | undefined
  let making: Promise<EovRequestValidator> | undefined
  return (match, request) => {
    if (match.malformed) return { violations: [violation('path', '', 'is not percent-encoded UTF-8')], noted: [] }
    const { query, noted } = readQuery(known, request.rawQuery)
    const body = readBody(known, request)
    if ('violation' in body) return { violations: [body.violation], noted }
    const judged = eovRequest(known, match, request, query, body.value)
    if (validator !== undefined) return verdict(validator(judged), noted)
    making ??= createEovRequestValidator(document, operation)
    return making.then((made) => {
      validator = made
      return verdict(made(judged), noted)
    })
  }
}

function verdict(violations: readonly Violation[], noted: readonly string[]): RequestVerdict {
  return violations.length === 0 && noted.length === 0 ? FINE : { violations: violations.slice(0, REPORTED), noted }
}

function know(document: OpenApiDocument, operation: OperationInfo): Known {
  const source = operationObject(document, operation)
  const parameters = (source.parameters ?? []).filter(isBreakable)
  const namesIn = (place: Parameter['in']) =>
    parameters.filter((parameter) => parameter.in === place).map(({ name }) => name)
  const isBoolean = (parameter: Parameter) => parameter.in === 'query' && parameter.schema.type === 'boolean'
  const flat = flatSchemaOf(document, source)
  return {
    operation,
    source,
    query: new Set(namesIn('query')),
    booleans: new Set(parameters.filter(isBoolean).map(({ name }) => name)),
    headers: namesIn('header').map((name) => name.toLowerCase()),
    tagged: flat !== undefined,
    flat,
  }
}

type Query = Record<string, string | string[]>

/** The named parameters that carry a value, and the names of the unknown ones. Empty values count as absent. */
function readQuery(known: Known, rawQuery: string): { query: Query; noted: readonly string[] } {
  const query: Query = {}
  if (rawQuery === '') return { query, noted: [] }
  const noted = new Set<string>()
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const before = query[name]
    if (!known.query.has(name)) noted.add(name)
    else if (before !== undefined) query[name] = [before, value].flat()
    else if (value !== '') query[name] = known.booleans.has(name) ? plainBoolean(value) : value
  }
  return { query, noted: [...noted] }
}

/** Ory's client for Python writes `True` and `False` (from-real-clients 14). */
function plainBoolean(value: string): string {
  return value === 'True' || value === 'False' ? value.toLowerCase() : value
}

function readBody(
  known: Known,
  { headers, text }: JudgedRequest,
): { value: Json | undefined } | { violation: Violation } {
  if (known.source.requestBody === undefined) return { value: undefined }
  const type = mediaType(headers['content-type'])
  if (type === undefined && text !== '') {
    return { violation: violation('media-type', '', 'the body has no Content-Type') }
  }
  const body = decodeBody(text, type, known.flat)
  if ('violation' in body || !known.tagged) return body
  if (body.value === null) return { violation: violation('body', '', 'must be object') }
  return { value: body.value ?? {} }
}

/** What express-openapi-validator reads of a request, and nothing of the request itself, since it writes into it. */
function eovRequest(
  { operation, source, headers }: Known,
  match: RouteMatch,
  request: JudgedRequest,
  query: Query,
  body: Json | undefined,
): EovRequest {
  const named: Record<string, string | string[]> = {}
  for (const name of headers) {
    const value = request.headers[name]
    if (value !== undefined) named[name] = value
  }
  const { requestBody } = source
  const type = mediaType(request.headers['content-type'])
  // An optional body that is absent has no type, whatever the header says of it.
  const absent = requestBody?.required !== true && request.text === ''
  if (type !== undefined && !absent) named['content-type'] = type
  return {
    method: operation.method,
    path: operation.path,
    originalUrl: request.rawQuery === '' ? operation.path : `${operation.path}?${request.rawQuery}`,
    headers: named,
    query,
    params: { ...match.params },
    body,
  }
}
