import { createContract } from '../contract/contract.ts'
import { operations } from '../operations.ts'
import { operationOf } from '../pipeline/operate.ts'
import { readListOptions } from './list-options.ts'

/** `ory-mock operations`: every operation of the document and every additional route, and who answers it. */
export function listOperations(args: readonly string[]): void {
  const { json } = readListOptions('operations', args)
  const rows = createContract({ dialect: 'spec' }).operations.map((operation) => ({
    operationId: operation.operationId,
    method: operation.method,
    path: operation.path,
    additional: operation.additional,
    answeredBy: operationOf(operations, operation) ? ('behaviour' as const) : ('generated' as const),
  }))
  if (json) {
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  for (const row of rows) {
    const marks = [row.additional ? 'additional route' : '', row.answeredBy === 'generated' ? 'GENERATED' : ''].filter(
      Boolean,
    )
    console.log(
      `${row.method.padEnd(7)} ${row.path.padEnd(46)} ${row.operationId}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`,
    )
  }
  const generated = rows.filter((row) => row.answeredBy === 'generated').map((row) => row.operationId)
  console.log(
    generated.length === 0
      ? '\nEvery operation is behaviour; none is answered by generated data.'
      : `\nAnswered by generated, valid data so far (${generated.length}): ${generated.join(', ')}`,
  )
}
