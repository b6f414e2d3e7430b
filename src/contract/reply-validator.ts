import type { OperationInfo } from './document.ts'
import { mediaType } from './form.ts'
import type { RouteMatch } from './match.ts'
import { type OpenApiDocument, type ResponseObject, responseOf } from './openapi.ts'
import { operationObject } from './prune.ts'
import { SchemaRegistry, type ValueValidator } from './schema-registry.ts'
import { type Violation, violation } from './violation.ts'

/** A reply as it is about to be sent. It has a `body`, which is sent as JSON, or a `text`, or neither. */
export interface JudgedReply {
  readonly status: number
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly contentType: string | undefined
  readonly body?: unknown
  readonly text?: string | undefined
}

/**
 * Judges a reply: status, headers that matter, content type, body. Empty when it keeps the contract. Without an
 * operation (an unknown route or method) only what every reply has to keep is judged.
 */
export type ReplyValidator = (match: RouteMatch | undefined, reply: JudgedReply) => readonly Violation[]

type Judge = (reply: JudgedReply) => readonly Violation[]

const NONE: readonly Violation[] = []

export function createReplyValidator(document: OpenApiDocument): ReplyValidator {
  const registry = new SchemaRegistry(document)
  const unrouted = unroutedJudge(registry)
  const judges = new Map<OperationInfo, Map<number, Judge>>()
  return (match, reply) => {
    if (match === undefined) return unrouted(reply)
    let byStatus = judges.get(match.operation)
    if (byStatus === undefined) {
      byStatus = new Map()
      judges.set(match.operation, byStatus)
    }
    let judge = byStatus.get(reply.status)
    if (judge === undefined) {
      judge = judgeOf(document, registry, match.operation, reply.status)
      byStatus.set(reply.status, judge)
    }
    return judge(reply)
  }
}

function judgeOf(document: OpenApiDocument, registry: SchemaRegistry, operation: OperationInfo, status: number): Judge {
  const { responses } = operationObject(document, operation)
  const named = responses[String(status)] ?? responses['default']
  if (named === undefined) {
    const statuses = Object.keys(responses).join(', ')
    return () => [violation('status', '', `${operation.operationId} has no ${status}: its statuses are ${statuses}`)]
  }
  const response = responseOf(document, named)
  const headers = requiredHeaders(response)
  const content = contentJudge(registry, response, status)
  return (reply) => {
    const missing = headers.filter((name) => !reply.headers[name])
    const wrong = content(reply)
    return missing.length === 0 ? wrong : [...missing.map(missingHeader), ...wrong]
  }
}

function requiredHeaders(response: ResponseObject): readonly string[] {
  return Object.entries(response.headers ?? {})
    .filter(([, header]) => header.required === true)
    .map(([name]) => name.toLowerCase())
}

const missingHeader = (name: string) => violation('header', name, 'is missing')

function contentJudge(registry: SchemaRegistry, response: ResponseObject, status: number): Judge {
  const media = new Map<string, ValueValidator>()
  for (const [type, { schema }] of Object.entries(response.content ?? {})) {
    media.set(type, registry.validator(schema, 'body'))
  }
  const mayBeEmpty = media.size === 0 || (status >= 300 && status < 400)
  return (reply) => {
    const empty = reply.body === undefined && !reply.text
    if (empty) return mayBeEmpty ? NONE : [violation('body', '', 'is missing')]
    if (media.size === 0) return [violation('body', '', `has to be absent with status ${status}`)]
    const type = mediaType(reply.contentType)
    const validate = media.get(type ?? '')
    if (validate === undefined) return [wrongMediaType(reply.contentType, [...media.keys()])]
    return validateBody(validate, type === 'application/json', reply)
  }
}

function wrongMediaType(contentType: string | undefined, documented: readonly string[]): Violation {
  return violation('media-type', '', `is ${contentType ?? 'missing'} and has to be ${documented.join(' or ')}`)
}

function validateBody(validate: ValueValidator, json: boolean, { body, text }: JudgedReply): readonly Violation[] {
  if (text === undefined) return json ? validate(body) : [violation('body', '', 'has to be text')]
  if (!json) return validate(text)
  try {
    return validate(JSON.parse(text))
  } catch {
    return [violation('body', '', 'is no JSON')]
  }
}

/** What keeps to no operation: redirects say where to, 405 says what is allowed, JSON errors have Ory's shape. */
function unroutedJudge(registry: SchemaRegistry): Judge {
  const error = registry.validator({ $ref: '#/components/schemas/jsonError' }, 'body')
  return (reply) => {
    const { status, headers } = reply
    if (status === 405 && !headers['allow']) return [missingHeader('allow')]
    if (status >= 300 && status < 400 && !headers['location']) return [missingHeader('location')]
    if (status < 400 || mediaType(reply.contentType) !== 'application/json') return NONE
    return validateBody(error, true, reply)
  }
}
