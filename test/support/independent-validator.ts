import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { EXCEPTIONS } from './published-exceptions.ts'

/*
 * A judge of replies that shares nothing with the server: plain Ajv on the document as published, with no overlay. It
 * reads the document as OpenAPI means it: formats are asserted, `nullable` allows null, a union is decided by its
 * discriminator's mapping. What it lets pass beyond the document stands as data in published-exceptions.ts.
 */

type Node = Readonly<Record<string, unknown>>

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PublishedOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Node>>
    readonly responses: Readonly<Record<string, Response>>
  }
}

interface PublishedOperation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, Response>>
}

interface Response {
  readonly $ref?: string
  readonly content?: Readonly<Record<string, { readonly schema: Node }>>
}

const published = JSON.parse(readFileSync(new URL('../../spec/ory-api.json', import.meta.url), 'utf8')) as Published

const operations = new Map(
  Object.values(published.paths)
    .flatMap((item) => Object.values(item))
    .map((operation) => [operation.operationId, operation]),
)

const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv, { mode: 'full' })
ajv.addFormat('uuid4', /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i)
for (const [name, schema] of Object.entries(published.components.schemas)) {
  ajv.addSchema(readAsMeant(schema) as Node, name)
}
const compiled = new Map<string, ValidateFunction>()

/**
 * Judges a reply by the published document.
 * @param body the parsed body of a JSON reply, the text of another, `undefined` when there is none
 * @returns what is wrong with it; empty when it is valid
 */
export function validatePublished(
  operationId: string,
  status: number,
  contentType: string | undefined,
  body: unknown,
): string[] {
  const operation = operations.get(operationId)
  if (operation === undefined) return [`the document has no operation ${operationId}`]
  const exception = EXCEPTIONS.find(
    (one) => one.operations.includes(operationId) && one.status === status && one.accepts(contentType, body),
  )
  if (exception?.schema !== undefined) return judge({ $ref: `#/components/schemas/${exception.schema}` }, body)
  if (exception !== undefined) return []
  const named = operation.responses[String(status)] ?? operation.responses['default']
  if (named === undefined) return [`the document names no status ${status} for ${operationId}`]
  const { content } = resolve(named)
  if (content === undefined)
    return isEmpty(contentType, body) ? [] : [`the document names no body for ${operationId} ${status}`]
  const type = contentType?.split(';')[0]?.trim() ?? ''
  const media = content[type]
  if (media === undefined) return [`the document does not name the content type "${type}" for ${operationId} ${status}`]
  return judge(media.schema, body)
}

/** The operations of the document, and the statuses that it names for them. */
export function publishedOperations(): readonly {
  readonly operationId: string
  readonly statuses: readonly string[]
}[] {
  return [...operations.values()].map(({ operationId, responses }) => ({
    operationId,
    statuses: Object.keys(responses),
  }))
}

function resolve(response: Response): Response {
  const name = response.$ref?.split('/').at(-1)
  return name === undefined ? response : (published.components.responses[name] ?? {})
}

/** A redirect carries a page for people, which no client reads. */
const isEmpty = (contentType: string | undefined, body: unknown): boolean =>
  body === undefined || body === '' || (typeof body === 'string' && contentType?.startsWith('text/html') === true)

function judge(schema: Node, body: unknown): string[] {
  const key = JSON.stringify(schema)
  const validate = compiled.get(key) ?? ajv.compile(readAsMeant(schema) as Node)
  compiled.set(key, validate)
  if (validate(body)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** The schema in plain JSON Schema. */
function readAsMeant(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(readAsMeant)
  if (typeof node !== 'object' || node === null) return node
  const { nullable, discriminator, $ref, ...rest } = node as Node
  if (typeof $ref === 'string') return { $ref: $ref.split('/').at(-1) }
  if (discriminator !== undefined) return union(discriminator as Discriminator)
  const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, readAsMeant(value)]))
  return nullable === true && typeof plain['type'] === 'string' ? { ...plain, type: [plain['type'], 'null'] } : plain
}

interface Discriminator {
  readonly propertyName: string
  readonly mapping: Readonly<Record<string, string>>
}

function union({ propertyName, mapping }: Discriminator): Node {
  const branches = Object.entries(mapping).map(([tag, ref]) => ({
    allOf: [{ properties: { [propertyName]: { const: tag } } }, { $ref: ref.split('/').at(-1) }],
  }))
  return { type: 'object', required: [propertyName], oneOf: branches }
}
