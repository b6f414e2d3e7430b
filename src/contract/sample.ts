import type { JsonSchema, Random } from 'json-schema-faker'
import { deepFreeze, type OperationInfo } from './document.ts'
import { type OpenApiDocument, responseOf, type Schema } from './openapi.ts'
import { operationObject } from './prune.ts'
import type { SchemaRegistry } from './schema-registry.ts'

/**
 * A valid body that an operation documents for a status, filled at random; the same for the same seed. `undefined` when
 * the operation documents no body there. It is shared and frozen.
 * @throws when the operation or the status is not in the document
 */
export type Sampler = (operationId: string, status: number, seed?: string | number) => Promise<unknown>

/** So many samples are kept, so that seeds that never come again do not fill the memory. */
const KEPT = 1000

export function createSampler(
  document: OpenApiDocument,
  operations: readonly OperationInfo[],
  registry: SchemaRegistry,
): Sampler {
  const kept = new Map<string, unknown>()
  const components = { schemas: withLeaves(document.components.schemas) }
  return async (operationId, status, seed = 0) => {
    const key = `${operationId} ${status} ${seed}`
    if (kept.has(key)) return kept.get(key)
    const operation = operations.find((one) => one.operationId === operationId)
    if (operation === undefined) throw new Error(`the contract has no operation "${operationId}"`)
    const schema = bodySchema(document, operation, status)
    const body = schema && deepFreeze(await generate({ ...schema, components }, hash(key)))
    const violations = schema ? registry.validator(schema, 'body')(body) : []
    if (violations.length > 0) throw new Error(`the sample ${key} is not valid: ${JSON.stringify(violations)}`)
    if (kept.size >= KEPT) kept.clear()
    kept.set(key, body)
    return body
  }
}

/** The status that a success of the operation has: its first below 400. */
export function successStatus(document: OpenApiDocument, operation: OperationInfo): number {
  return Math.min(...documentedStatuses(document, operation).named)
}

/** What an operation documents. */
export interface DocumentedStatuses {
  readonly named: readonly number[]
  /** Whether any other is documented too, as `default`. */
  readonly others: boolean
}

/** The statuses that an operation documents. */
export function documentedStatuses(document: OpenApiDocument, operation: OperationInfo): DocumentedStatuses {
  const keys = Object.keys(operationObject(document, operation).responses)
  return { named: keys.map(Number).filter(Number.isFinite), others: keys.includes('default') }
}

function bodySchema(document: OpenApiDocument, operation: OperationInfo, status: number): Schema | undefined {
  const { responses } = operationObject(document, operation)
  const response = responses[String(status)] ?? responses['default']
  if (response === undefined) throw new Error(`${operation.operationId} documents no status ${status}`)
  return responseOf(document, response).content?.['application/json']?.schema
}

/** A tree whose children are leaves: else the generator grows it without end. */
function withLeaves(schemas: OpenApiDocument['components']['schemas']): OpenApiDocument['components']['schemas'] {
  const { expandTree } = schemas
  if (expandTree === undefined) return schemas
  const { children: _, ...properties } = expandTree.properties ?? {}
  const leaf: Schema = { ...expandTree, properties: { ...properties, type: { type: 'string', enum: ['leaf'] } } }
  const tree: Schema = { ...expandTree, properties: { ...properties, children: { type: 'array', items: leaf } } }
  return { ...schemas, expandTree: tree }
}

async function generate(schema: object, seed: number): Promise<unknown> {
  const { generateSync } = await import('json-schema-faker')
  // Every `$ref` counts as depth, and at the end of it required members come out as null: 20 is deep enough for all.
  return generateSync(schema as JsonSchema, { seed, maxDepth: 20, formats: { uuid4, 'date-time': dateTime } })
}

function uuid4(random: Random): string {
  const hex = (length: number) => Array.from({ length }, () => random.int(0, 15).toString(16)).join('')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`
}

function dateTime(random: Random): string {
  const start = Date.UTC(2022, 0, 1)
  return new Date(start + random.int(0, 365 * 24 * 60 * 60) * 1000).toISOString()
}

/** FNV-1a, 31 bits: a seed from a text. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return value & 0x7fffffff
}
