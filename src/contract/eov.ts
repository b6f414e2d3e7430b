import type { OpenApiRequestHandler } from 'express-openapi-validator/dist/framework/types.js'
import type { Json } from '../json.ts'
import type { OperationInfo } from './document.ts'
import { isDateTime, isUuid4 } from './formats.ts'
import type { OpenApiDocument } from './openapi.ts'
import { requestDocument } from './prune.ts'
import { type ViolatedPart, type Violation, violation } from './violation.ts'

/*
 * express-openapi-validator, called as a function. It is a list of middleware; this file makes one such list for each
 * operation, from a document that holds nothing else, when the operation is first called: the whole document costs it
 * 400 ms at start and 13 ms at each operation's first request, one operation costs 1 to 10 ms (dependencies §4.1, §5.1).
 * Its own loader is left out, for it compiles the meta-schema of OpenAPI whatever the options say; `ory-mock check` and
 * a test validate the document instead. Its lookup of the route, which compiles every route's pattern anew on each
 * request, runs once for each operation (§5.3).
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
export type EovValidator = (request: EovRequest) => Promise<readonly Violation[]>

const NONE: readonly Violation[] = []

export async function createEovValidator(document: OpenApiDocument, operation: OperationInfo): Promise<EovValidator> {
  const installed = await install(requestDocument(document, operation), operation)
  const openapi = await lookUpRoute(installed, operation)
  const validate = middlewareNamed(installed, 'requestMiddleware')
  return async (request) => {
    const error = await run(validate, { ...request, openapi: { ...openapi, pathParams: request.params } })
    return error === undefined ? NONE : violationsOf(error, operation)
  }
}

type Handler = OpenApiRequestHandler

async function install(document: OpenApiDocument, operation: OperationInfo): Promise<readonly Handler[]> {
  const { OpenApiValidator } = await import('express-openapi-validator/dist/openapi.validator.js')
  const apiDoc = document as never
  const validator = new OpenApiValidator({
    apiSpec: apiDoc,
    validateRequests: { allErrors: true },
    validateResponses: false,
    validateSecurity: false,
    validateApiSpec: false,
    fileUploader: false,
    formats: { uuid4: isUuid4, 'date-time': isDateTime },
    ajvFormats: { mode: 'full' },
    serDes: [{ format: 'date-time' }, { format: 'date' }],
  })
  const { path, method } = operation
  const pathParams = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '')
  const route = {
    basePath: '',
    expressRoute: path.replace(/\{([^}]+)\}/g, ':$1'),
    openApiRoute: path,
    method,
    pathParams,
  }
  return validator.installMiddleware(Promise.resolve({ apiDoc, basePaths: [''], routes: [route], serial: 1 }))
}

/** What its route lookup finds for the operation: the same for every request but for the path's parameters. */
async function lookUpRoute(installed: readonly Handler[], { method, path }: OperationInfo): Promise<object> {
  const url = path.replace(/\{[^}]+\}/g, 'any')
  const app = { param: () => undefined, enabled: () => true }
  const request: { openapi?: object } & Record<string, unknown> = {
    method,
    path: url,
    originalUrl: url,
    baseUrl: '',
    app,
  }
  for (const name of ['pathParamsMiddleware', 'metadataMiddleware']) {
    const error = await run(middlewareNamed(installed, name), request)
    if (error !== undefined) throw error
  }
  if (request.openapi === undefined) throw new Error(`express-openapi-validator does not find ${method} ${path}`)
  return request.openapi
}

function middlewareNamed(installed: readonly Handler[], name: string): Handler {
  const found = installed.find((middleware) => middleware.name === name)
  if (found === undefined) throw new Error(`this express-openapi-validator has no ${name}: install the version ~5.6`)
  return found
}

/** Runs one middleware; resolves with what it passes on as an error. */
function run(middleware: Handler, request: object): Promise<unknown> {
  return new Promise((resolve) => {
    middleware(request as never, undefined as never, resolve)
  })
}

interface EovError {
  readonly status: number
  readonly message: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
}

function violationsOf(error: unknown, operation: OperationInfo): readonly Violation[] {
  const { status, message, errors = [] } = error as EovError
  if (status === 415) return [violation('media-type', '', message)]
  if (status !== 400 || errors.length === 0) throw error
  return errors.map((each) => locate(each.path, each.message, operation))
}

const PARTS: Readonly<Record<string, ViolatedPart>> = {
  body: 'body',
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
