import type { Contract, OperationInfo } from '../contract/contract.ts'
import { type OpenApiDocument, responseOf, type Schema, schemaName } from '../contract/openapi.ts'
import { operationObject } from '../contract/prune.ts'
import type { CoveragePoint, Dimension } from './shown-coverage.ts'

/** An operation of the published document, with all that can be exercised of it. */
export interface OperationPoints {
  readonly operation: OperationInfo
  readonly points: readonly CoveragePoint[]
}

/** All points of a contract, operations and statuses in the order of the document. Additional routes have none. */
export function coveragePoints({ document, operations }: Pick<Contract, 'document' | 'operations'>): OperationPoints[] {
  return operations
    .filter(({ additional }) => !additional)
    .map((operation) => ({ operation, points: pointsOf(document, operation) }))
}

function pointsOf(document: OpenApiDocument, operation: OperationInfo): CoveragePoint[] {
  const { responses, requestBody, parameters = [] } = operationObject(document, operation)
  const requestTypes = Object.keys(requestBody?.content ?? {})
  const responseTypes: string[] = []
  const states = new Set<string>()
  for (const [status, response] of Object.entries(responses)) {
    for (const [type, { schema }] of Object.entries(responseOf(document, response).content ?? {})) {
      responseTypes.push(`${status} ${type}`)
      for (const state of flowStates(document, schema)) states.add(state)
    }
  }
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const bodies = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema)
  return [
    ...points('status', Object.keys(responses)),
    ...points('response type', responseTypes),
    ...points('request type', requestTypes),
    ...points('method', new Set(bodies.flatMap((schema) => branches(document, schema)))),
    ...points('flow state', states),
    ...points('query parameter', query),
  ]
}

const points = (dimension: Dimension, values: Iterable<string>): CoveragePoint[] =>
  [...values].map((value) => ({ dimension, value }))

function resolved(document: OpenApiDocument, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (document.components.schemas[schemaName(schema.$ref)] ?? {})
}

/** The names of a union's branches, as its discriminator maps them. */
function branches(document: OpenApiDocument, schema: Schema): string[] {
  return Object.keys(resolved(document, schema).discriminator?.mapping ?? {})
}

/** The states that a flow can have: only flows have a `ui`. */
function flowStates(document: OpenApiDocument, schema: Schema): string[] {
  const { properties = {}, oneOf, anyOf } = resolved(document, schema)
  const inner = [...(oneOf ?? []), ...(anyOf ?? [])].flatMap((one) => flowStates(document, one))
  const { state, ui } = properties
  if (ui === undefined || state === undefined) return inner
  return [...inner, ...(resolved(document, state).enum ?? []).map(String)]
}
