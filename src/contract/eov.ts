import type { AjvOptions } from 'express-openapi-validator/dist/framework/ajv/options.js'
import type { NormalizedOpenApiValidatorOpts, OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js'
import type { Json } from '../json.ts'
import type { OperationInfo } from './document.ts'
import { CompiledRequests, hasScalarsOnly, RESERVED } from './eov-compiled.ts'
import { isDateTime, isUuid4 } from './formats.ts'
import type { OpenApiDocument } from './openapi.ts'
import { operationObject, replyDocument, requestDocument } from './prune.ts'
import { type ViolatedPart, type Violation, violation } from './violation.ts'

/*
 * express-openapi-validator, called as functions. Its middleware prepares the document, looks up the route, judges the
 * request and hooks `res.json` to judge the reply. Here stand its parts that prepare and judge, once for the requests of
 * each operation and once for the replies of each operation and status, when they first occur, with a document that holds
 * nothing else: the whole document costs it 400 ms at start and 13 ms at each operation's first request (dependencies
 * §4.1, §5.1). Left out are its loader, which compiles the meta-schema of OpenAPI whatever the options say
 * (`ory-mock check` and a test validate the document instead), its route lookup, which compiles the pattern of every
 * route anew on each request (§5.3), and the promises between them. A test compares the verdicts with those of the
 * middleware as it comes.
 */

/** What express-openapi-validator reads of a request. It writes into it: pass an object of its own. */
export interface EovRequest {
  readonly method: string
  /** The path as the document writes it, for the route is known already. */
  readonly path: string
  readonly originalUrl: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly query: Record<string, string | string[]>
  readonly params: Record<string, string>
  readonly body: Json | undefined
}

/** Reports violations; nothing that a client sent makes it throw. */
export type EovRequestValidator = (request: EovRequest) => readonly Violation[]

/** Judges the JSON body of a reply, which is neither absent nor `null`: those it cannot be asked. */
export type EovReplyValidator = (body: unknown) => readonly Violation[]

const NONE: readonly Violation[] = []

export async function createEovRequestValidator(
  document: OpenApiDocument,
  operation: OperationInfo,
): Promise<EovRequestValidator> {
  const { RequestValidator } = await import('express-openapi-validator/dist/middlewares/openapi.request.validator.js')
  const { apiDoc, options } = await prepare(requestDocument(document, operation), 'requests')
  const validator = new RequestValidator(apiDoc, options.request)
  const route = routeOf(apiDoc, operation)
  const compiled = new CompiledRequests(validator, `${operation.method}-${route.expressRoute}`)
  const plain = hasScalarsOnly(document, operation)
  return (asked) => {
    if (plain && !RESERVED.test(asked.originalUrl) && compiled.accepts(asked)) return NONE
    const { method, path, originalUrl, headers, query, params, body } = asked
    const openapi = { ...route, pathParams: params }
    try {
      const request = { method, path, originalUrl, headers, query, params, body, openapi }
      validator.validate(request as never, undefined as never, () => undefined)
      return NONE
    } catch (error) {
      return violationsOf(error, 400, operation)
    }
  }
}

/**
 * @param status below 500: the others it lets pass unseen
 * @throws when the operation has no such status
 */
export async function createEovReplyValidator(
  document: OpenApiDocument,
  operation: OperationInfo,
  status: number,
): Promise<EovReplyValidator> {
  const { ResponseValidator } = await import('express-openapi-validator/dist/middlewares/openapi.response.validator.js')
  const own = replyDocument(document, operation, status)
  if (own === undefined) throw new Error(`${operation.operationId} has no status ${status}`)
  const { apiDocRes, options } = await prepare(own, 'responses')
  const validator = new ResponseValidator(apiDocRes, options.response)
  const openapi = routeOf(apiDocRes, operation)
  const request = { method: operation.method, headers: {}, openapi }
  const validators = validator._getOrBuildValidator(request as never, openapi.schema.responses as never)
  const compiled = compiledFor(validators, status)
  return (body) => {
    if (compiled({ response: body })) return NONE
    try {
      // the same once more, with its own account of what is wrong
      validator._validate({ validators, body: body as object, statusCode: status, path: operation.path, accepts: [] })
      return NONE
    } catch (error) {
      return violationsOf(error, 500, operation)
    }
  }
}

/** Its validator of the one media type that the document of a reply has. Its types say less than there is. */
function compiledFor(validators: object, status: number): (data: { readonly response: unknown }) => boolean {
  const byType = (validators as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[String(status)]
  const compiled = byType?.['application/json']
  if (typeof compiled !== 'function')
    throw new Error('this express-openapi-validator is another: install the version ~5.6')
  return compiled as (data: object) => boolean
}

type Prepared = OpenAPIV3.DocumentV3

/** Prepares a document, in place, as it does when it is installed as middleware. */
async function prepare(
  document: OpenApiDocument,
  judged: 'requests' | 'responses',
): Promise<{ apiDoc: Prepared; apiDocRes: Prepared; options: AjvOptions }> {
  const ajv = await import('express-openapi-validator/dist/framework/ajv/options.js')
  const { SchemaPreprocessor } = await import(
    'express-openapi-validator/dist/middlewares/parsers/schema.preprocessor.js'
  )
  const options = new ajv.AjvOptions({
    validateRequests: judged === 'requests' && { allErrors: true },
    validateResponses: judged === 'responses' && {},
    validateFormats: true,
    formats: { uuid4: isUuid4, 'date-time': isDateTime },
    ajvFormats: { mode: 'full' },
    // Without these it turns date-times into `Date` objects, inside the very body that is judged.
    serDes: [{ format: 'date-time' }, { format: 'date' }],
  } as unknown as NormalizedOpenApiValidatorOpts)
  const preprocessor = new SchemaPreprocessor(
    document as never,
    options.preprocessor,
    judged === 'responses' ? {} : (false as never),
  )
  const { apiDoc, apiDocRes } = preprocessor.preProcess()
  return { apiDoc: apiDoc as Prepared, apiDocRes: apiDocRes as Prepared, options }
}

/** What its route lookup leaves in a request. */
function routeOf(document: Prepared, operation: OperationInfo) {
  const { path } = operation
  const expressRoute = path.replace(/\{([^}]+)\}/g, ':$1')
  return { expressRoute, openApiRoute: path, schema: operationObject(document as never, operation) }
}

interface EovError {
  readonly status: number
  readonly message: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

function violationsOf(error: unknown, expected: number, operation: OperationInfo): readonly Violation[] {
  const { status, message, errors = [] } = error as EovError
  if (status === 415) return [violation('media-type', '', message)]
  if (status !== expected) throw error
  return errors.map((each) => locate(each.path, each.message, operation))
}

const PARTS: Readonly<Record<string, ViolatedPart>> = {
  body: 'body',
  response: 'body',
  query: 'query',
  params: 'path',
  headers: 'header',
  cookies: 'cookie',
}

/** Its paths begin with the part of the request, save those into the branches of a union, which begin in the body. */
function locate(path: string, message: string, operation: OperationInfo): Violation {
  if (path === operation.path) return violation('body', `/${/^'(.+?)'/.exec(message)?.[1] ?? ''}`, message)
  const [, first = '', rest = ''] = /^[/.]([^/.]*)(.*)$/s.exec(path) ?? []
  const part = Object.hasOwn(PARTS, first) ? PARTS[first] : undefined
  return part === undefined ? violation('body', path, message) : violation(part, rest.replace(/^\./, '/'), message)
}
