import type { OperationInfo } from '../contract/contract.ts'
import type { Operation } from '../http/call.ts'
import type { Reply } from '../http/reply.ts'
import type { Mock } from '../mock.ts'
import type { Exchange } from './exchange.ts'

/** Answers by the operation's code; one that is not modelled yet by a generated, documented success. */
export function operate(mock: Mock, exchange: Exchange, operation: OperationInfo): Reply | Promise<Reply> {
  return operationOf(mock.operations, operation)?.(exchange) ?? generated(mock, operation)
}

/** The code of an operation: its own, or that of the operation whose other route it is. */
export function operationOf(
  operations: Readonly<Record<string, Operation>>,
  { operationId, sameAs }: OperationInfo,
): Operation | undefined {
  return operations[operationId] ?? operations[sameAs]
}

async function generated(mock: Mock, { operationId, sameAs }: OperationInfo): Promise<Reply> {
  const status = mock.contract.successOf(operationId)
  const body = await mock.contract.sample(operationId, status, sameAs)
  return body === undefined ? { status } : { status, body }
}
