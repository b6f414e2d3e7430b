import {
  type Dialect,
  listOperations,
  loadCorrected,
  loadDocument,
  type OperationInfo,
  readPublished,
} from './document.ts'
import { createMatcher, type Matcher } from './match.ts'
import type { OpenApiDocument } from './openapi.ts'
import { createReplyValidator, type ReplyValidator } from './reply-validator.ts'
import { createRequestValidator, type RequestValidator } from './request-validator.ts'
import { createSampler, type DocumentedStatuses, documentedStatuses, type Sampler, successStatus } from './sample.ts'
import { SchemaRegistry } from './schema-registry.ts'

export type { Dialect, OperationInfo } from './document.ts'
export type { RouteMatch } from './match.ts'
export type { JudgedReply } from './reply-validator.ts'
export type { JudgedRequest, RequestVerdict } from './request-validator.ts'
export type { Violation } from './violation.ts'

/** The specification as corrected, and the judgement of requests and replies by it. It holds no state of any world. */
export interface Contract extends Matcher {
  readonly dialect: Dialect
  /** The document that this dialect is judged by, frozen: what `/__mock/openapi.json` serves. */
  readonly document: OpenApiDocument
  /** The document as published, read anew: what `/__mock/openapi.json?published` serves. */
  readonly published: () => OpenApiDocument
  /** Every operation: the documented ones and the additional routes. */
  readonly operations: readonly OperationInfo[]
  /** Judges a request, by express-openapi-validator. It does not reject, whatever a client sent. */
  readonly validateRequest: RequestValidator
  /** Judges a reply, just before it is sent. */
  readonly validateReply: ReplyValidator
  /** A valid, seeded body of an operation and status. */
  readonly sample: Sampler
  /** The status of an operation's success, its first: 200, 201, 204, or a redirect where it has no other. */
  readonly successOf: (operationId: string) => number
  /** The statuses that an operation documents. */
  readonly statusesOf: (operationId: string) => DocumentedStatuses
}

/**
 * The contract in a dialect. Each is made once for a process and shared by its servers: it depends on files of the
 * package alone, and its validators, which are compiled when first needed, are the costly part of a start.
 */
export function createContract({ dialect }: { readonly dialect: Dialect }): Contract {
  return CONTRACTS[dialect]()
}

const CONTRACTS: Readonly<Record<Dialect, () => Contract>> = {
  spec: once(() => assemble('spec')),
  wire: once(() => assemble('wire')),
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function assemble(dialect: Dialect): Contract {
  const document = loadDocument(dialect)
  const operations = listOperations(document)
  const registry = new SchemaRegistry(document)
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  const named = (operationId: string): OperationInfo => {
    const operation = byId.get(operationId)
    if (operation === undefined) throw new Error(`the contract has no operation "${operationId}"`)
    return operation
  }
  return {
    dialect,
    document,
    published: () => readPublished(),
    operations,
    ...createMatcher(operations),
    validateRequest: createRequestValidator(document),
    validateReply: createReplyValidator(document, registry),
    sample: createSampler(document, operations, registry),
    successOf: (operationId) => successStatus(document, named(operationId)),
    statusesOf: (operationId) => documentedStatuses(document, named(operationId)),
  }
}

/** The document as published, to judge by: its routes and its replies, with no more corrected than makes it usable. */
export function createPublishedContract(): Matcher & Pick<Contract, 'validateReply'> {
  const document = loadCorrected()
  const validateReply = createReplyValidator(document, new SchemaRegistry(document))
  return { ...createMatcher(listOperations(document)), validateReply }
}
