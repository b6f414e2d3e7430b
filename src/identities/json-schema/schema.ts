import type { Json, JsonObject } from '../../json.ts'

/** A JSON Schema (draft-04 to draft-07), compiled: references resolved, patterns and formats ready to run. */
export interface Schema {
  /** Where it stands: `#`, `#/definitions/x` … Only roots and targets of references have one. */
  readonly ptr: string
  /** The document it belongs to; schemas of one document share it. */
  readonly document: JsonObject
  /** `true` and `false` as schemas. */
  readonly always?: boolean
  /** The schema meant by `$ref`; everything else is then ignored. */
  readonly ref?: Schema
  readonly types: readonly string[]
  /** A list, so that `const: null` can be told from no `const`. */
  readonly constant: readonly Json[]
  readonly enum?: readonly Json[]
  readonly format?: string
  readonly not?: Schema
  readonly allOf: readonly Schema[]
  readonly anyOf: readonly Schema[]
  readonly oneOf: readonly Schema[]
  readonly if?: Schema
  readonly then?: Schema
  readonly else?: Schema

  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required: readonly string[]
  /** In the order of the document. */
  readonly properties: ReadonlyMap<string, Schema>
  readonly propertyNames?: Schema
  readonly patternProperties: readonly { readonly source: string; readonly regex: RegExp; readonly schema: Schema }[]
  readonly additionalProperties?: false | Schema
  readonly dependencies: ReadonlyMap<string, Schema | readonly string[]>

  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems: boolean
  readonly items?: Schema | readonly Schema[]
  readonly additionalItems?: boolean | Schema
  readonly contains?: Schema

  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: { readonly source: string; readonly regex: RegExp }
  readonly contentEncoding?: string
  readonly contentMediaType?: string

  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number

  readonly title?: string
  readonly default?: Json
  /** The keyword `ory.sh/kratos`. */
  readonly extension?: JsonObject
}
