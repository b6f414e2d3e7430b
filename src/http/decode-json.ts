import { badRequest } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Call } from './call.ts'
import { decodeGoJson, GoJsonError } from './go-json.ts'
import { decodeGoStruct, type GoStruct } from './go-struct.ts'

/**
 * Refuses a request that has no body to decode: a method that carries none, an empty body, a content type that is not
 * among `types` (kratos-login-registration-sessions §1.3).
 */
export function requireBody(call: Call, methods: readonly string[], types: readonly string[]): void {
  if (!methods.includes(call.method)) {
    throw badRequest(
      `Unable to decode body because HTTP Request Method was "${call.method}" but only [${methods.join(' ')}] are supported.`,
    )
  }
  if (call.method === 'GET') return
  if (call.body.text === '') {
    throw badRequest('Unable to decode HTTP Request Body because its HTTP Header "Content-Length" is zero.')
  }
  if (!hasContentType(call, types)) {
    throw badRequest(
      `HTTP ${call.method} Request used unknown HTTP Header "Content-Type: ${call.body.contentType ?? ''}", only [${types.join(' ')}] are supported.`,
    )
  }
}

/** True when the request names one of the media types, whatever their parameters. */
export function hasContentType(call: Call, types: readonly string[]): boolean {
  const header = call.body.contentType ?? ''
  return types.includes(header) || header.split(',').some((each) => types.includes(mediaType(each)))
}

/**
 * Decodes a body that must be JSON, as the operations do that take no forms.
 * @throws OryError 400 whose reason begins with `Unable to decode JSON payload: `
 */
export function decodeJsonBody(call: Call, struct: GoStruct, methods = ['POST', 'PUT', 'PATCH', 'DELETE']): JsonObject {
  requireBody(call, methods, ['application/json'])
  try {
    const { fields, error } = decodeGoStruct(decodeGoJson(call.body.text), struct)
    if (error !== undefined) throw error
    return fields
  } catch (error) {
    if (error instanceof GoJsonError) throw badRequest(`Unable to decode JSON payload: ${error.message}`)
    throw error
  }
}

/** The media type of a Content-Type header, in lower case, without its parameters; `''` of nothing. */
export function mediaType(header: string): string {
  return (header.split(';')[0] ?? '').trim().toLowerCase()
}
