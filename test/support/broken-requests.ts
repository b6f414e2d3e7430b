import { generateSync, type JsonSchema } from 'json-schema-faker'
import type { OpenApiDocument, OperationObject, Parameter, Schema } from '../../src/contract/openapi.ts'
import { operationsIn, schemaName } from '../../src/contract/openapi.ts'

/** A request as a client writes it. */
export interface SampleRequest {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly rawQuery: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A request that breaks the contract in one way, and where. */
export interface BrokenRequest extends SampleRequest {
  readonly title: string
  readonly in: 'body' | 'query' | 'path' | 'media-type'
}

const ID = '6f0b8a4c-1f0e-4a7e-9d3e-0d7d4f8d1c11'
const JSON_TYPE = 'application/json'

/** A request that keeps the contract, for each operation: required parameters, and a body made by json-schema-faker. */
export function validRequests(document: OpenApiDocument): SampleRequest[] {
  return [...operationsIn(document)].map(([path, method, operation]) => validRequest(document, path, method, operation))
}

/** Requests that break the contract, for each operation that has anything to break. */
export function brokenRequests(document: OpenApiDocument): BrokenRequest[] {
  return [...operationsIn(document)].flatMap(([path, method, operation]) => {
    const valid = validRequest(document, path, method, operation)
    return [
      ...brokenPaths(valid, path),
      ...(operation.parameters ?? []).filter((one) => one.in === 'query').flatMap((one) => brokenQueries(valid, one)),
      ...brokenBodies(document, valid, operation),
    ]
  })
}

function validRequest(
  document: OpenApiDocument,
  path: string,
  method: string,
  operation: OperationObject,
): SampleRequest {
  const required = (operation.parameters ?? []).filter((one) => one.in === 'query' && one.required === true)
  const schema = operation.requestBody?.content[JSON_TYPE]?.schema
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path: path.replace(/\{[^}]+\}/g, ID),
    rawQuery: required.map(({ name }) => `${name}=${ID}`).join('&'),
    headers: schema === undefined ? {} : { 'content-type': JSON_TYPE },
    text: schema === undefined ? '' : JSON.stringify(validBody(document, schema)),
  }
}

/** All members present, so that each can be broken. */
function validBody(document: OpenApiDocument, schema: Schema): unknown {
  const uuid4 = () => ID
  return generateSync({ ...schema, components: document.components } as unknown as JsonSchema, {
    seed: 7,
    maxDepth: 20,
    alwaysFakeOptionals: true,
    minItems: 1,
    formats: { uuid4, 'date-time': () => '2022-07-27T12:00:00Z' },
  })
}

function brokenPaths(valid: SampleRequest, path: string): BrokenRequest[] {
  if (!path.includes('{')) return []
  return ['%zz', '%', '%ff'].map((text) => {
    const broken = path.replace(/\{[^}]+\}/g, text)
    return { ...valid, title: `${text}, which is not percent-encoded UTF-8`, in: 'path', path: broken }
  })
}

function brokenQueries(valid: SampleRequest, { name, required, schema }: Parameter): BrokenRequest[] {
  const others = valid.rawQuery.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${name}=`))
  const query = (title: string, ...pairs: string[]): BrokenRequest => ({
    ...valid,
    title: `${name}: ${title}`,
    in: 'query',
    rawQuery: [...others, ...pairs].join('&'),
  })
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number }
  return [
    ...(required === true ? [query('missing'), query('empty', `${name}=`)] : []),
    ...(schema.type === 'array'
      ? []
      : [
          query('twice', `${name}=1`, `${name}=2`),
          query('twice, the second empty', `${name}=1`, `${name}=`),
          query('three times', `${name}=1`, `${name}=2`, `${name}=3`),
        ]),
    ...(schema.type === 'integer' ? [query('no number', `${name}=x`), query('a fraction', `${name}=1.5`)] : []),
    ...(schema.type === 'boolean' ? [query('no boolean', `${name}=maybe`)] : []),
    ...(minimum === undefined ? [] : [query('too small', `${name}=${minimum - 1}`)]),
    ...(maximum === undefined ? [] : [query('too large', `${name}=${maximum + 1}`)]),
  ]
}

function brokenBodies(
  document: OpenApiDocument,
  valid: SampleRequest,
  { requestBody }: OperationObject,
): BrokenRequest[] {
  const schema = requestBody?.content[JSON_TYPE]?.schema
  if (requestBody === undefined || schema === undefined) return []
  const body = (title: string, text: string): BrokenRequest => ({ ...valid, title, in: 'body', text })
  const media = (title: string, headers: Record<string, string>): BrokenRequest => ({
    ...valid,
    title,
    in: 'media-type',
    headers,
  })
  return [
    body('no JSON', '{"a":'),
    body('null', 'null'),
    body('a string', '"text"'),
    body('a number', '1'),
    ...(requestBody.required === true ? [body('empty', '')] : []),
    media('another media type', { 'content-type': 'text/plain' }),
    media('multipart', { 'content-type': 'multipart/form-data; boundary=x' }),
    media('no media type', {}),
    ...brokenValues(document, schema, JSON.parse(valid.text)).map(([title, value]) =>
      body(title, JSON.stringify(value)),
    ),
  ]
}

type Titled = readonly [title: string, value: unknown]

/** The value, broken in one place each: members missing, of the wrong type, outside their enum, format or pattern. */
function brokenValues(document: OpenApiDocument, schema: Schema, value: unknown): Titled[] {
  const read = resolve(document, schema, value)
  if (Array.isArray(value)) {
    const broken = brokenValues(document, read.items ?? {}, value[0]).map(([title, item]): Titled => [title, [item]])
    return [['an object instead of an array', {}], ...broken]
  }
  if (typeof value === 'object' && value !== null)
    return brokenMembers(document, read, value as Record<string, unknown>)
  return [...(read.enum === undefined ? [] : [['outside the enum', 'no-such-value'] as const]), ...brokenScalars(read)]
}

function brokenMembers(document: OpenApiDocument, schema: Schema, value: Record<string, unknown>): Titled[] {
  const missing = (schema.required ?? []).map((name): Titled => {
    const { [name]: _, ...rest } = value
    return [`${name}: missing`, rest]
  })
  const wrong = Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
    (name in value ? brokenValues(document, member, value[name]) : []).map(
      ([title, broken]): Titled => [`${name}: ${title}`, { ...value, [name]: broken }],
    ),
  )
  return [['an array instead of an object', []], ...missing, ...wrong]
}

function brokenScalars({ type, format, ...rest }: Schema): Titled[] {
  const { pattern } = rest as { pattern?: string }
  if (type === 'string') {
    return [
      ['a number', 5],
      ['null', null],
      ...(format === undefined ? [] : [[`no ${format}`, 'x'] as const]),
      ...(pattern === undefined ? [] : [['against the pattern', '?'] as const]),
    ]
  }
  if (type === 'integer' || type === 'boolean')
    return [
      ['a string', 'x'],
      ['an object', {}],
    ]
  return []
}

/** What a reference or a union means for a value. */
function resolve(document: OpenApiDocument, schema: Schema, value: unknown): Schema {
  if (schema.$ref !== undefined) {
    return resolve(document, document.components.schemas[schemaName(schema.$ref)] ?? {}, value)
  }
  if (schema.discriminator === undefined) return schema
  const tag = (value as Record<string, unknown> | null)?.[schema.discriminator.propertyName]
  const ref = schema.discriminator.mapping?.[String(tag)]
  return ref === undefined ? schema : resolve(document, { $ref: ref }, value)
}
