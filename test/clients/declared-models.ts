import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv, type ValidateFunction } from 'ajv'

/*
 * What a client declares its methods to give, read from its own declarations: a client in JavaScript decodes whatever is
 * JSON, and it is the declared types that its users rely on.
 */

type Schema = Readonly<Record<string, unknown>>

/** Judges what a client's methods give. */
export interface DeclaredModels {
  /** What is wrong with a body by the type that the method promises; empty when it keeps it. */
  readonly faultsOf: (method: string, body: unknown) => readonly string[]
}

/** @param name of the package, as it is imported */
export function declaredModels(name: string): DeclaredModels {
  const entry = createRequire(import.meta.url).resolve(name)
  const text = readFileSync(entry.replace(/index\.js$/, 'api.d.ts'), 'utf8').replace(/^ *\/\*[\s\S]*?\*\/\n/gm, '')
  const ajv = new Ajv({ strict: false, allErrors: true })
  for (const [model, schema] of schemasIn(text)) ajv.addSchema(schema, model)
  const promises = promisesIn(text)
  const compiled = new Map<string, ValidateFunction>()

  const faultsOf = (method: string, body: unknown): readonly string[] => {
    const type = promises.get(method)
    if (type === undefined) return [`${name} declares no method ${method}`]
    const validate = compiled.get(type) ?? ajv.compile(schemaOf(type))
    compiled.set(type, validate)
    if (validate(body)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  return { faultsOf }
}

/** The type that each method of the API's classes promises: the classes name no base path, the factories' parts do. */
function promisesIn(text: string): ReadonlyMap<string, string> {
  const methods = text.matchAll(/^ {4}(\w+)\(.*\): Promise<import\("axios"\)\.AxiosResponse<(.+)>>;$/gm)
  return new Map([...methods].map(([, method = '', type = '']) => [method, type.replace(/, any$/, '')]))
}

function* schemasIn(text: string): Generator<readonly [model: string, schema: Schema]> {
  for (const [, model = '', body = ''] of text.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}$/gm)) {
    const fields = [...body.matchAll(/^ {4}'([^']+)'(\??): ([^{]*?|[^{]*\{[^}]*\}[^{]*?);$/gm)]
    const properties = Object.fromEntries(fields.map(([, field = '', , type = '']) => [field, schemaOf(type)]))
    const required = fields.filter(([, , isOptional]) => isOptional === '').map(([, field]) => field)
    yield [model, { type: 'object', properties, required }]
  }
  for (const [, model = '', body = ''] of text.matchAll(/^export declare const (\w+): \{\n([\s\S]*?)^\};$/gm)) {
    yield [model, { enum: [...body.matchAll(/: "(.*)";$/gm)].map(([, value]) => value) }]
  }
  for (const [, model = '', union = ''] of text.matchAll(/^export declare type (\w+) = (\w+(?: \| \w+)*);$/gm)) {
    yield [model, schemaOf(union)]
  }
}

/** A type as JSON Schema. @throws when it is written in a way that is not foreseen */
function schemaOf(type: string): Schema {
  if (type.includes(' | ') && !type.startsWith('{')) return { anyOf: type.split(' | ').map(schemaOf) }
  const item = /^Array<([\s\S]+)>$/.exec(type)?.[1] ?? /^(\w+)\[\]$/.exec(type)?.[1]
  if (item !== undefined) return { type: 'array', items: schemaOf(item) }
  const member = /^\{\s*\[key: string\]: ([\s\S]+?);\s*\}$/.exec(type)?.[1]
  if (member !== undefined) return { type: 'object', additionalProperties: schemaOf(member) }
  switch (type) {
    case 'any':
      return {}
    // a client gives '' where there is no body
    case 'void':
      return { const: '' }
    case 'string':
    case 'number':
    case 'boolean':
    case 'object':
    case 'null':
      return { type }
    default:
      if (!/^\w+$/.test(type)) throw new Error(`The type ${type} is not foreseen.`)
      return { $ref: type }
  }
}
