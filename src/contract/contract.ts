import { type Dialect, listOperations, loadDocument, type OperationInfo, readPublished } from './document.ts'
import { createMatcher, type Matcher } from './match.ts'
import type { OpenApiDocument } from './openapi.ts'
import { createReplyValidator, type ReplyValidator } from './reply-validator.ts'
import { createRequestValidator, type RequestValidator } from './request-validator.ts'

export type { Dialect, OperationInfo } from './document.ts'
export type { RouteMatch } from './match.ts'
export type { JudgedReply } from './reply-validator.ts'
export type { JudgedRequest, RequestVerdict } from './request-validator.ts'
export type { Violation } from './violation.ts'

/** The specification as corrected, and the judgement of requests and replies by it. It holds no state of any world. */
export interface Contract extends Matcher {
  readonly dialect: Dialect
  /** The document that this dialect is judged by: what `/__mock/openapi.json` serves. */
  readonly document: OpenApiDocument
  /** Every operation: the documented ones and the additional routes. */
  readonly operations: readonly OperationInfo[]
  /** Judges a request, by express-openapi-validator. Never rejects for what a client sent. */
  readonly validateRequest: RequestValidator
  /** Judges a reply, just before it is sent. */
  readonly validateReply: ReplyValidator
  /** The document as published, read anew: what `/__mock/openapi.json?published` serves. */
  readonly published: () => OpenApiDocument
}

export function createContract({ dialect }: { dialect: Dialect }): Contract {
  const document = loadDocument(dialect)
  const operations = listOperations(document)
  return {
    dialect,
    document,
    operations,
    ...createMatcher(operations),
    validateRequest: createRequestValidator(document),
    validateReply: createReplyValidator(document),
    published: readPublished,
  }
}
