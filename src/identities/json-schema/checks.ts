import { goBigFloat, goQuote } from '../../http/go-text.ts'
import type { Json, JsonObject } from '../../json.ts'
import { type Fault, fault, token } from './fault.ts'
import { isFormat } from './formats.ts'
import { constantText, enumText, equals, isGoInteger, jsonType, printed } from './json-values.ts'
import type { Schema } from './schema.ts'

/*
 * The keywords that look at one value alone, worded as Ory's validator words them (kratos-login-registration-sessions
 * §1.5, admin-keto-projects §1.8).
 */

export function checkType(schema: Schema, value: Json): Fault | undefined {
  if (schema.types.length === 0) return undefined
  const type = jsonType(value)
  if (schema.types.includes(type)) return undefined
  if (typeof value === 'number' && schema.types.includes('integer') && isGoInteger(value)) return undefined
  return fault('type', `expected ${schema.types.join(' or ')}, but got ${type}`)
}

export function checkGeneral(faults: Fault[], schema: Schema, value: Json): void {
  const [constant] = schema.constant
  if (constant !== undefined && !equals(value, constant)) faults.push(fault('const', constantText(constant)))
  if (schema.enum !== undefined && !schema.enum.some((item) => equals(value, item))) {
    faults.push(fault('enum', enumText(schema.enum)))
  }
  if (schema.format !== undefined && isFormat(schema.format, value) === false) {
    faults.push(fault('format', notValid(value, schema.format)))
  }
}

/** `"nope" is not valid "email"` */
export function notValid(value: Json, format: string): string {
  return `${printed(value)} is not valid ${goQuote(format)}`
}

export function checkObject(faults: Fault[], schema: Schema, value: JsonObject): void {
  const { minProperties, maxProperties } = schema
  if (minProperties !== undefined || maxProperties !== undefined) {
    const count = Object.keys(value).length
    if (minProperties !== undefined && count < minProperties) {
      const text = `minimum ${minProperties} properties allowed, but found ${count} properties`
      faults.push(fault('minProperties', text))
    }
    if (maxProperties !== undefined && count > maxProperties) {
      const text = `maximum ${maxProperties} properties allowed, but found ${count} properties`
      faults.push(fault('maxProperties', text))
    }
  }
  if (schema.required.every((name) => Object.hasOwn(value, name))) return
  const missing = schema.required.filter((name) => !Object.hasOwn(value, name))
  const text = `missing properties: ${missing.map(goQuote).join(', ')}`
  faults.push({ message: text, at: '', keyword: 'required', missing: missing.map(token), causes: [] })
}

export function checkArray(faults: Fault[], schema: Schema, value: readonly Json[]): void {
  const { minItems, maxItems, items } = schema
  if (minItems !== undefined && value.length < minItems) {
    faults.push(fault('minItems', `minimum ${minItems} items allowed, but found ${value.length} items`))
  }
  if (maxItems !== undefined && value.length > maxItems) {
    faults.push(fault('maxItems', `maximum ${maxItems} items allowed, but found ${value.length} items`))
  }
  if (schema.uniqueItems) checkUnique(faults, value)
  if (schema.additionalItems === false && isTuple(items) && value.length > items.length) {
    const text = `only ${items.length} items are allowed, but found ${value.length} items`
    faults.push(fault('additionalItems', text))
  }
}

/** The schema of one item, and the keyword under which it stands. */
export function itemSchema(schema: Schema, index: number): [Schema | undefined, string] {
  const { items, additionalItems } = schema
  if (items === undefined) return [undefined, '']
  if (!isTuple(items)) return [items, 'items']
  if (index < items.length) return [items[index], `items/${index}`]
  return [typeof additionalItems === 'object' ? additionalItems : undefined, 'additionalItems']
}

export function checkString(faults: Fault[], schema: Schema, value: string): void {
  const { minLength, maxLength, pattern } = schema
  if (minLength !== undefined || maxLength !== undefined) {
    const length = [...value].length
    if (minLength !== undefined && length < minLength) {
      faults.push(fault('minLength', `length must be >= ${minLength}, but got ${length}`))
    }
    if (maxLength !== undefined && length > maxLength) {
      faults.push(fault('maxLength', `length must be <= ${maxLength}, but got ${length}`))
    }
  }
  if (pattern !== undefined && !pattern.regex.test(value)) {
    faults.push(fault('pattern', `does not match pattern ${goQuote(pattern.source)}`))
  }
  checkContent(faults, schema, value)
}

export function checkNumber(faults: Fault[], schema: Schema, value: number): void {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema
  if (minimum !== undefined && value < minimum) bound(faults, 'minimum', '>=', minimum, value)
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    bound(faults, 'exclusiveMinimum', '>', exclusiveMinimum, value)
  }
  if (maximum !== undefined && value > maximum) bound(faults, 'maximum', '<=', maximum, value)
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    bound(faults, 'exclusiveMaximum', '<', exclusiveMaximum, value)
  }
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    faults.push(fault('multipleOf', `${value} not multipleOf ${goBigFloat(multipleOf)}`))
  }
}

function bound(faults: Fault[], keyword: string, sign: string, limit: number, value: number): void {
  faults.push(fault(keyword, `must be ${sign} ${goBigFloat(limit)} but found ${value}`))
}

function checkUnique(faults: Fault[], value: readonly Json[]): void {
  for (const [i, item] of value.entries()) {
    for (const [j, earlier] of value.slice(0, i).entries()) {
      if (equals(item, earlier)) faults.push(fault('uniqueItems', `items at index ${j} and ${i} are equal`))
    }
  }
}

function checkContent(faults: Fault[], schema: Schema, value: string): void {
  const { contentEncoding, contentMediaType } = schema
  let content = value
  if (contentEncoding === 'base64') {
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) {
      faults.push(fault('contentEncoding', `${goQuote(value)} is not base64 encoded`))
      return
    }
    content = Buffer.from(value, 'base64').toString('utf8')
  } else if (contentEncoding !== undefined) return
  if (contentMediaType === 'application/json' && !isJsonText(content)) {
    faults.push(fault('contentMediaType', `value is not of mediatype ${goQuote(contentMediaType)}`))
  }
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Exact for decimal fractions: 0.3 is a multiple of 0.1, although their quotient as doubles is not whole. */
function isMultiple(value: number, of: number): boolean {
  if (of === 0) return false
  const places = Math.max(decimals(value), decimals(of))
  if (places > 15) return Number.isInteger(value / of)
  const scale = 10 ** places
  return Math.round(value * scale) % Math.round(of * scale) === 0
}

function decimals(n: number): number {
  const [mantissa = '', exponent = '0'] = String(n).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

function isTuple(items: Schema['items']): items is readonly Schema[] {
  return Array.isArray(items)
}
