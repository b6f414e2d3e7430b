import type { OpenApiRequestHandler, OpenApiValidatorOpts } from 'express-openapi-validator/dist/framework/types.js'
import type { Json } from '../json.ts'
import type { OperationInfo } from './document.ts'
import { isDateTime, isUuid4 } from './formats.ts'
import type { OpenApiDocument } from './openapi.ts'
import { replyDocument, requestDocument } from './prune.ts'
import { type ViolatedPart, type Violation, violation } from './violation.ts'

/*
 * express-openapi-validator, called as a function. It is a list of middleware; this file makes one such list for the
 * requests of each operation and for the replies of each operation and status, when they first occur, from a document
 * that holds nothing else: the whole document costs it 400 ms at start and 13 ms at each operation's first request
 * (dependencies §4.1, §5.1). Its own loader is left out, for it compiles the meta-schema of OpenAPI whatever the options
 * say; `ory-mock check` and a test validate the document instead. Its lookup of the route, which compiles the pattern of
 * every route anew on each request, runs once for each list (§5.3).
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
export type EovRequestValidator = (request: EovRequest) => Promise<readonly Violation[]>

/** Judges the JSON body of a reply, which is neither absent nor `null`: those it cannot be asked. */
export type EovReplyValidator = (body: unknown) => readonly Violation[]

const NONE: readonly Violation[] = []

export async function createEovRequestValidator(
  document: OpenApiDocument,
  operation: OperationInfo,
): Promise<EovRequestValidator> {
  const installed = await install(requestDocument(document, operation), operation, {
    validateRequests: { allErrors: true },
    validateResponses: false,
  })
  const { openapi } = await routedRequest(installed, operation)
  const validate = middlewareNamed(installed, 'requestMiddleware')
  return async (request) => {
    const { method, path, originalUrl, headers, query, params, body } = request
    const routed = {
      method,
      path,
      originalUrl,
      headers,
      query,
      params,
      body,
      openapi: { ...openapi, pathParams: params },
    }
    const error = await run(validate, routed)
    return error === undefined ? NONE : violationsOf(error, 400, operation)
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
  const apiDoc = replyDocument(document, operation, status)
  if (apiDoc === undefined) throw new Error(`${operation.operationId} has no status ${status}`)
  let error: unknown
  const onError = (found: unknown) => {
    error = found
  }
  const installed = await install(apiDoc, operation, { validateRequests: false, validateResponses: { onError } })
  const request = await routedRequest(installed, operation)
  const response = {
    statusCode: status,
    headersSent: false,
    // without a content type it takes the first that the document names, and that is the only one
    getHeaders: () => ({}),
    json: (_body: unknown): void => undefined,
  }
  const failed = await run(middlewareNamed(installed, 'responseMiddleware'), request, response)
  if (failed !== undefined) throw failed
  const { json } = response
  return (body) => {
    error = undefined
    json.call(response, body)
    return error === undefined ? NONE : violationsOf(error, 500, operation)
  }
}

type Handler = OpenApiRequestHandler

async function install(
  document: OpenApiDocument,
  { path, method }: OperationInfo,
  options: Partial<OpenApiValidatorOpts>,
): Promise<readonly Handler[]> {
  const { OpenApiValidator } = await import('express-openapi-validator/dist/openapi.validator.js')
  const apiDoc = document as never
  const validator = new OpenApiValidator({
    apiSpec: apiDoc,
    validateSecurity: false,
    validateApiSpec: false,
    fileUploader: false,
    formats: { uuid4: isUuid4, 'date-time': isDateTime },
    ajvFormats: { mode: 'full' },
    // Without these it turns date-times into `Date` objects, inside the very body that is judged.
    serDes: [{ format: 'date-time' }, { format: 'date' }],
    ...options,
  })
  const route = {
    basePath: '',
    expressRoute: path.replace(/\{([^}]+)\}/g, ':$1'),
    openApiRoute: path,
    method,
    pathParams: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? ''),
  }
  return validator.installMiddleware(Promise.resolve({ apiDoc, basePaths: [''], routes: [route], serial: 1 }))
}

/** A request as its route lookup leaves it: the same for all of the operation, but for the path's parameters. */
async function routedRequest(installed: readonly Handler[], { method, path }: OperationInfo) {
  const url = path.replace(/\{[^}]+\}/g, 'any')
  const app = { param: () => undefined, enabled: () => true }
  const request = { method, path: url, originalUrl: url, baseUrl: '', app, headers: {}, openapi: undefined }
  for (const name of ['pathParamsMiddleware', 'metadataMiddleware']) {
    const error = await run(middlewareNamed(installed, name), request)
    if (error !== undefined) throw error
  }
  if (request.openapi === undefined) throw new Error(`express-openapi-validator does not find ${method} ${path}`)
  return { ...request, openapi: request.openapi as object }
}

function middlewareNamed(installed: readonly Handler[], name: string): Handler {
  const found = installed.find((middleware) => middleware.name === name)
  if (found === undefined) throw new Error(`this express-openapi-validator has no ${name}: install the version ~5.6`)
  return found
}

/** Runs one middleware; resolves with what it passes on as an error. */
function run(middleware: Handler, request: object, response?: object): Promise<unknown> {
  return new Promise((resolve) => {
    middleware(request as never, response as never, resolve)
  })
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
