import type { OperationInfo } from './document.ts'
import { createEovReplyValidator } from './eov.ts'
import { mediaType } from './form.ts'
import type { RouteMatch } from './match.ts'
import { type OpenApiDocument, type ResponseObject, responseOf } from './openapi.ts'
import { operationObject } from './prune.ts'
import type { SchemaRegistry, ValueValidator } from './schema-registry.ts'
import { type Violation, violation } from './violation.ts'

/** A reply as it is about to be sent. It has a `body`, which is sent as JSON, or a `text`, or neither. */
export interface JudgedReply {
  readonly status: number
  /** By their names, in whatever case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly contentType: string | undefined
  readonly body?: unknown
  readonly text?: string | undefined
}

/**
 * Judges a reply: status, headers that matter, content type, body. Empty when it keeps the contract. Without an
 * operation (an unknown route or method) only what every reply has to keep is judged. The JSON bodies that
 * express-openapi-validator sees, it judges; what it does not see (5xx, redirects, empty bodies, `null`, text, headers,
 * content types) is judged here.
 */
export type ReplyValidator = (
  match: RouteMatch | undefined,
  reply: JudgedReply,
) => readonly Violation[] | Promise<readonly Violation[]>

type Judge = (reply: JudgedReply) => readonly Violation[]

const NONE: readonly Violation[] = []

export function createReplyValidator(document: OpenApiDocument, registry: SchemaRegistry): ReplyValidator {
  const unrouted = unroutedJudge(registry)
  const judges = new Map<OperationInfo, Map<number, Judge | Promise<Judge>>>()
  return (match, reply) => {
    if (match === undefined) return unrouted(reply)
    let byStatus = judges.get(match.operation)
    if (byStatus === undefined) {
      byStatus = new Map()
      judges.set(match.operation, byStatus)
    }
    const known = byStatus.get(reply.status)
    if (typeof known === 'function') return known(reply)
    const making = known ?? judgeOf(document, registry, match.operation, reply.status)
    byStatus.set(reply.status, making)
    return making.then((made) => {
      byStatus.set(reply.status, made)
      return made(reply)
    })
  }
}

async function judgeOf(
  document: OpenApiDocument,
  registry: SchemaRegistry,
  operation: OperationInfo,
  status: number,
): Promise<Judge> {
  const { responses } = operationObject(document, operation)
  const named = responses[String(status)] ?? responses['default']
  if (named === undefined) {
    const statuses = Object.keys(responses).join(', ')
    return () => [violation('status', '', `${operation.operationId} has no ${status}: its statuses are ${statuses}`)]
  }
  const response = responseOf(document, named)
  const headers = requiredHeaders(response)
  const media = new Map<string, ValueValidator>()
  for (const [type, { schema }] of Object.entries(response.content ?? {})) {
    const own = registry.validator(schema, 'body')
    const seen = type === JSON_TYPE && status < 500
    media.set(type, seen ? both(await createEovReplyValidator(document, operation, status), own) : own)
  }
  return (reply) => {
    const missing = headers.filter((name) => !headerOf(reply, name))
    const wrong = judgeContent(media, reply)
    return missing.length === 0 ? wrong : [...missing.map(missingHeader), ...wrong]
  }
}

const JSON_TYPE = 'application/json'

/** express-openapi-validator decides; where it finds the body wrong, the own validator says more clearly where. */
function both(decide: ValueValidator, explain: ValueValidator): ValueValidator {
  return (body) => {
    if (body === null) return explain(body)
    const violations = decide(body)
    if (violations.length === 0) return NONE
    const explained = explain(body)
    return explained.length === 0 ? violations : explained
  }
}

function requiredHeaders(response: ResponseObject): readonly string[] {
  return Object.entries(response.headers ?? {})
    .filter(([, header]) => header.required === true)
    .map(([name]) => name.toLowerCase())
}

function headerOf({ headers }: JudgedReply, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1]
}

const missingHeader = (name: string) => violation('header', name, 'is missing')

function judgeContent(media: ReadonlyMap<string, ValueValidator>, reply: JudgedReply): readonly Violation[] {
  const { status, contentType } = reply
  if (reply.body === undefined && !reply.text) {
    const mayBeEmpty = media.size === 0 || (status >= 300 && status < 400)
    return mayBeEmpty ? NONE : [violation('body', '', 'is missing')]
  }
  if (media.size === 0) return [violation('body', '', `has to be absent with status ${status}`)]
  const type = mediaType(contentType)
  const validate = media.get(type ?? '')
  if (validate === undefined) {
    const documented = [...media.keys()].join(' or ')
    return [violation('media-type', '', `is ${contentType ?? 'missing'} and has to be ${documented}`)]
  }
  return judgeBody(validate, type === JSON_TYPE, reply)
}

function judgeBody(validate: ValueValidator, json: boolean, { body, text }: JudgedReply): readonly Violation[] {
  if (text === undefined) return json ? validate(body) : [violation('body', '', 'has to be text')]
  if (!json) return validate(text)
  try {
    return validate(JSON.parse(text))
  } catch {
    return [violation('body', '', 'is no JSON')]
  }
}

/** What belongs to no operation: redirects say where to, 405 says what is allowed, JSON errors have Ory's shape. */
function unroutedJudge(registry: SchemaRegistry): Judge {
  const error = registry.validator({ $ref: '#/components/schemas/jsonError' }, 'body')
  return (reply) => {
    const { status } = reply
    if (status === 405 && !headerOf(reply, 'allow')) return [missingHeader('allow')]
    if (status >= 300 && status < 400 && !headerOf(reply, 'location')) return [missingHeader('location')]
    if (status < 400 || mediaType(reply.contentType) !== JSON_TYPE) return NONE
    return judgeBody(error, true, reply)
  }
}
