import { goQuote } from '../../http/go-text.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { checkArray, checkGeneral, checkNumber, checkObject, checkString, checkType, itemSchema } from './checks.ts'
import { anchored, type Fault, fault, finish, token, within } from './fault.ts'
import type { Schema } from './schema.ts'
import type { ValidationError } from './validation-error.ts'

/** Looks at a value that a schema with the keyword `ory.sh/kratos` describes; answers what is wrong with it. */
export type ExtensionRun = (extension: JsonObject, value: Json) => ExtensionFault | undefined

export interface ExtensionFault {
  /** What follows the schema's own pointer, `format` or `''`. */
  readonly keyword: string
  readonly message: string
}

/**
 * Validates a value with Ory's own rules and texts. They differ from other validators: a wrong type silences everything
 * else said about that value, formats fail for what is not a string, and the extensions run in the midst of it all, so
 * that their errors stand in the same tree.
 * @returns the tree of what is wrong, `undefined` when nothing is
 */
export function validate(schema: Schema, value: Json, run?: ExtensionRun): ValidationError | undefined {
  const fault = new Validation(run).validate(schema, value)
  return fault === undefined ? undefined : finish(fault, '#', schema.ptr)
}

class Validation {
  readonly #run: ExtensionRun | undefined

  constructor(run: ExtensionRun | undefined) {
    this.#run = run
  }

  validate(schema: Schema, value: Json): Fault | undefined {
    if (schema.always !== undefined) return schema.always ? undefined : fault('', 'always fail')
    if (schema.ref !== undefined) return this.#reference(schema, schema.ref, value)
    const typeFault = checkType(schema, value)
    if (typeFault !== undefined) return typeFault
    const faults: Fault[] = []
    checkGeneral(faults, schema, value)
    if (isCombined(schema)) this.#combined(faults, schema, value)
    this.#parts(faults, schema, value)
    const extension = schema.extension === undefined ? undefined : this.#run?.(schema.extension, value)
    if (extension !== undefined) faults.push(fault(extension.keyword, extension.message))
    return faults.length > 1 ? fault('', 'validation failed', faults) : faults[0]
  }

  #reference(schema: Schema, target: Schema, value: Json): Fault | undefined {
    const inner = this.validate(target, value)
    if (inner === undefined) return undefined
    const address = schema.document === target.document ? target.ptr : `${target.document['$id'] ?? ''}${target.ptr}`
    return fault('$ref', `doesn't validate with ${goQuote(address)}`, [anchored(inner, target.ptr)])
  }

  #combined(faults: Fault[], schema: Schema, value: Json): void {
    if (schema.not !== undefined && this.validate(schema.not, value) === undefined) {
      faults.push(fault('not', 'not failed'))
    }
    for (const [i, each] of schema.allOf.entries()) {
      const inner = this.validate(each, value)
      if (inner !== undefined) faults.push(fault(`allOf/${i}`, 'allOf failed', [inner]))
    }
    keep(faults, this.#anyOf(schema.anyOf, value))
    keep(faults, this.#oneOf(schema.oneOf, value))
    keep(faults, this.#conditional(schema, value))
  }

  #anyOf(schemas: readonly Schema[], value: Json): Fault | undefined {
    const causes: Fault[] = []
    for (const [i, each] of schemas.entries()) {
      const inner = this.validate(each, value)
      if (inner === undefined) return undefined
      causes.push(within(inner, '', String(i)))
    }
    return causes.length === 0 ? undefined : fault('anyOf', 'anyOf failed', causes)
  }

  #oneOf(schemas: readonly Schema[], value: Json): Fault | undefined {
    if (schemas.length === 0) return undefined
    const causes: Fault[] = []
    let matched: number | undefined
    for (const [i, each] of schemas.entries()) {
      const inner = this.validate(each, value)
      if (inner !== undefined) causes.push(within(inner, '', String(i)))
      else if (matched === undefined) matched = i
      else return fault('oneOf', `valid against schemas at indexes ${matched} and ${i}`)
    }
    return matched === undefined ? fault('oneOf', 'oneOf failed', causes) : undefined
  }

  #conditional(schema: Schema, value: Json): Fault | undefined {
    if (schema.if === undefined) return undefined
    const branch = this.validate(schema.if, value) === undefined ? 'then' : 'else'
    const chosen = schema[branch]
    const inner = chosen === undefined ? undefined : this.validate(chosen, value)
    return inner === undefined ? undefined : fault(branch, `if-${branch} failed`, [inner])
  }

  #parts(faults: Fault[], schema: Schema, value: Json): void {
    if (Array.isArray(value)) this.#array(faults, schema, value as readonly Json[])
    else if (isJsonObject(value)) this.#object(faults, schema, value)
    else if (typeof value === 'string') checkString(faults, schema, value)
    else if (typeof value === 'number') checkNumber(faults, schema, value)
  }

  #object(faults: Fault[], schema: Schema, value: JsonObject): void {
    checkObject(faults, schema, value)
    const additional = schema.additionalProperties === undefined ? undefined : new Set(Object.keys(value))
    for (const [name, each] of schema.properties) {
      if (!Object.hasOwn(value, name)) continue
      additional?.delete(name)
      this.#property(faults, each, value, name, 'properties', name)
    }
    if (schema.propertyNames !== undefined) {
      for (const name of Object.keys(value)) {
        const inner = this.validate(schema.propertyNames, name)
        if (inner !== undefined) faults.push(within(inner, token(name), 'propertyNames'))
      }
    }
    if (schema.patternProperties.length > 0) this.#patterns(faults, schema, value, additional)
    if (additional !== undefined) this.#additional(faults, schema, value, additional)
    if (schema.dependencies.size > 0) this.#dependencies(faults, schema, value)
  }

  #patterns(faults: Fault[], schema: Schema, value: JsonObject, additional: Set<string> | undefined): void {
    for (const { source, regex, schema: each } of schema.patternProperties) {
      for (const name of Object.keys(value).filter((key) => regex.test(key))) {
        additional?.delete(name)
        this.#property(faults, each, value, name, 'patternProperties', source)
      }
    }
  }

  /** @param key the key below `keyword` where the property's schema stands */
  #property(faults: Fault[], schema: Schema, value: JsonObject, name: string, keyword: string, key?: string): void {
    const inner = this.validate(schema, value[name] ?? null)
    if (inner === undefined) return
    faults.push(within(inner, token(name), key === undefined ? keyword : `${keyword}/${token(key)}`))
  }

  #additional(faults: Fault[], schema: Schema, value: JsonObject, names: ReadonlySet<string>): void {
    if (schema.additionalProperties === undefined || names.size === 0) return
    if (schema.additionalProperties === false) {
      const listed = [...names].map(goQuote).join(', ')
      faults.push(fault('additionalProperties', `additionalProperties ${listed} not allowed`))
      return
    }
    for (const name of names) this.#property(faults, schema.additionalProperties, value, name, 'additionalProperties')
  }

  #dependencies(faults: Fault[], schema: Schema, value: JsonObject): void {
    for (const [name, needed] of schema.dependencies) {
      if (!Object.hasOwn(value, name)) continue
      const keyword = `dependencies/${token(name)}`
      if (isList(needed)) {
        for (const [i, each] of needed.entries()) {
          if (Object.hasOwn(value, each)) continue
          const text = `property ${goQuote(each)} is required, if ${goQuote(name)} property exists`
          faults.push(fault(`${keyword}/${i}`, text))
        }
      } else {
        const inner = this.validate(needed, value)
        if (inner !== undefined) faults.push(within(inner, '', keyword))
      }
    }
  }

  #array(faults: Fault[], schema: Schema, value: readonly Json[]): void {
    checkArray(faults, schema, value)
    for (const [i, item] of value.entries()) {
      const [each, keyword] = itemSchema(schema, i)
      const inner = each === undefined ? undefined : this.validate(each, item)
      if (inner !== undefined) faults.push(within(inner, String(i), keyword))
    }
    keep(faults, this.#contains(schema.contains, value))
  }

  #contains(schema: Schema | undefined, value: readonly Json[]): Fault | undefined {
    if (schema === undefined) return undefined
    const causes: Fault[] = []
    for (const [i, item] of value.entries()) {
      const inner = this.validate(schema, item)
      if (inner === undefined) return undefined
      causes.push(within(inner, String(i), ''))
    }
    return fault('contains', 'contains failed', causes)
  }
}

/** Whether the schema is made of others. Few are, and the look at each kind of them costs more than the rest. */
function isCombined(schema: Schema): boolean {
  const { not, allOf, anyOf, oneOf } = schema
  return not !== undefined || schema.if !== undefined || allOf.length + anyOf.length + oneOf.length > 0
}

function keep(faults: Fault[], found: Fault | undefined): void {
  if (found !== undefined) faults.push(found)
}

function isList(value: Schema | readonly string[]): value is readonly string[] {
  return Array.isArray(value)
}
