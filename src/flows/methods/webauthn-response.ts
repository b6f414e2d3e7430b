import { decodeGoJson, GoJsonError } from '../../http/go-json.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'

/*
 * What a browser answers for a security key: JSON in a text field (kratos-settings-recovery-verification-mfa §4.3).
 */

/** An answer that is none: which part of it is broken. */
export class UnreadableResponse extends Error {}

/** The parts of an answer that every ceremony has. Binary values are base64url without padding. */
export interface KeyResponse {
  readonly id: string
  readonly rawId: string
  /** The members of `response`. */
  readonly response: JsonObject
  readonly clientData: { readonly type: string; readonly challenge: string; readonly origin: string }
}

/** @throws UnreadableResponse */
export function readKeyResponse(text: string): KeyResponse {
  const answer = objectOf(parsed(text), 'the answer')
  const id = binaryOf(answer, 'id')
  if (id === '') throw new UnreadableResponse('id is missing')
  if (answer['type'] !== 'public-key') throw new UnreadableResponse('type is not public-key')
  const response = objectOf(answer['response'], 'response')
  const clientData = objectOf(parsed(textOf(binaryOf(response, 'clientDataJSON'))), 'clientDataJSON')
  return {
    id,
    rawId: binaryOf(answer, 'rawId'),
    response,
    clientData: {
      type: String(clientData['type'] ?? ''),
      challenge: String(clientData['challenge'] ?? ''),
      origin: String(clientData['origin'] ?? ''),
    },
  }
}

/** A binary member, without padding; `''` when it is absent. @throws UnreadableResponse */
export function binaryOf(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' || !/^[A-Za-z0-9_-]*={0,2}$/.test(value)) {
    throw new UnreadableResponse(`${name} is not base64url`)
  }
  return value.replace(/=+$/, '')
}

function parsed(text: string): unknown {
  try {
    return decodeGoJson(text)
  } catch (error) {
    throw error instanceof GoJsonError ? new UnreadableResponse(error.message) : error
  }
}

function objectOf(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw new UnreadableResponse(`${what} is not an object`)
  return value
}

const textOf = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('utf8')
