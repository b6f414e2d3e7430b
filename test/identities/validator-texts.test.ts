import { describe, expect, it } from 'vitest'
import { compileSchema } from '../../src/identities/json-schema/compile.ts'
import { SchemaError } from '../../src/identities/json-schema/schema-error.ts'
import { validate } from '../../src/identities/json-schema/validate.ts'
import { formatValidationError } from '../../src/identities/json-schema/validation-error.ts'
import type { Json, JsonObject } from '../../src/json.ts'

/** What a schema says against a value, as the administrator reads it; `''` when nothing. */
function said(schema: JsonObject, value: Json): string {
  const error = validate(compileSchema(schema), value)
  return error === undefined ? '' : formatValidationError(error)
}

/** The text of an error that stands alone at the top. */
const text = (schema: JsonObject, value: Json) => said(schema, value).replace(/^I\[[^\]]*\] S\[[^\]]*\] /, '')

describe('each keyword', () => {
  it('has the text of the real validator', () => {
    const cases: readonly (readonly [JsonObject, Json, string])[] = [
      [{ type: 'string' }, 1, 'expected string, but got number'],
      [{ type: ['string', 'null'] }, [], 'expected string or null, but got array'],
      [{ type: 'integer' }, 1.5, 'expected integer, but got number'],
      [{ const: 'a' }, 'b', 'value must be "a"'],
      [{ const: 5 }, 'b', 'value must be "5"'],
      [{ const: true }, null, 'value must be true'],
      [{ const: null }, 1, 'value must be <nil>'],
      [{ const: {} }, 1, 'const failed'],
      [{ enum: ['a'] }, 1, 'value must be "a"'],
      [{ enum: ['a', 1, null, true] }, 'x', 'value must be one of "a", "1", <nil>, true'],
      [{ enum: [[1]] }, 'x', 'enum failed'],
      [{ format: 'email' }, 'a"b', String.raw`"a\"b" is not valid "email"`],
      [{ format: 'email' }, null, '%!q(<nil>) is not valid "email"'],
      [{ minLength: 3 }, 'ä', 'length must be >= 3, but got 1'],
      [{ maxLength: 1 }, '💚💚', 'length must be <= 1, but got 2'],
      [{ pattern: String.raw`^\d"$` }, 'x', String.raw`does not match pattern "^\\d\"$"`],
      [{ minimum: 1 }, 0, 'must be >= 1 but found 0'],
      [{ exclusiveMinimum: 1 }, 1, 'must be > 1 but found 1'],
      [{ maximum: 1000000 }, 1000001, 'must be <= 1e+06 but found 1000001'],
      [{ exclusiveMaximum: 0.5 }, 0.5, 'must be < 0.5 but found 0.5'],
      [
        { $schema: 'http://json-schema.org/draft-04/schema#', maximum: 3, exclusiveMaximum: true },
        3,
        'must be < 3 but found 3',
      ],
      [{ multipleOf: 2 }, 7, '7 not multipleOf 2'],
      [{ minItems: 1 }, [], 'minimum 1 items allowed, but found 0 items'],
      [{ maxItems: 1 }, [1, 2], 'maximum 1 items allowed, but found 2 items'],
      [{ uniqueItems: true }, [{ a: 1, b: 2 }, 0, { b: 2, a: 1 }], 'items at index 0 and 2 are equal'],
      [{ items: [{}], additionalItems: false }, [1, 2], 'only 1 items are allowed, but found 2 items'],
      [{ minProperties: 1 }, {}, 'minimum 1 properties allowed, but found 0 properties'],
      [{ maxProperties: 0 }, { a: 1 }, 'maximum 0 properties allowed, but found 1 properties'],
      [{ required: ['a', 'b"'] }, {}, String.raw`missing properties: "a", "b\""`],
      [{ additionalProperties: false }, { a: 1 }, 'additionalProperties "a" not allowed'],
      [{ dependencies: { a: ['b'] } }, { a: 1 }, 'property "b" is required, if "a" property exists'],
      [{ not: {} }, 1, 'not failed'],
      [{ oneOf: [{}, { type: 'string' }, {}] }, 1, 'valid against schemas at indexes 0 and 2'],
      [{ contentEncoding: 'base64' }, '*', '"*" is not base64 encoded'],
      [{ contentMediaType: 'application/json' }, '{', 'value is not of mediatype "application/json"'],
    ]
    for (const [schema, value, expected] of cases) expect([schema, text(schema, value)]).toEqual([schema, expected])
  })

  it('is silent where its condition holds', () => {
    for (const [schema, value] of [
      [{ type: 'integer', minimum: 1, maximum: 5, multipleOf: 0.1 }, 3],
      [{ multipleOf: 0.1 }, 0.3],
      [{ enum: [{ a: [1] }] }, { a: [1] }],
      [{ const: null }, null],
      [{ format: 'unheard-of' }, 'x'],
      [{ dependencies: { a: ['b'], c: { required: ['d'] } } }, { b: 1 }],
      [{ contains: { type: 'string' } }, [1, 'x']],
      [{ propertyNames: { pattern: '^a' } }, { a: 1 }],
      [{ patternProperties: { '^a': { type: 'number' } }, additionalProperties: false }, { a1: 1 }],
      [JSON.parse('{"if": {"type": "number"}, "then": {"minimum": 2}, "else": false}'), 2],
    ] as readonly (readonly [JsonObject, Json])[]) {
      expect([schema, said(schema, value)]).toEqual([schema, ''])
    }
  })
})

describe('the tree', () => {
  it('has one line for one error, and a parent for several', () => {
    const schema = { properties: { a: { minLength: 2, pattern: 'x' } }, required: ['b'] }
    expect(said(schema, { a: 'q' })).toBe(
      [
        'I[#] S[#] validation failed',
        '  I[#] S[#/required] missing properties: "b"',
        '  I[#/a] S[#/properties/a] validation failed',
        '    I[#/a] S[#/properties/a/minLength] length must be >= 2, but got 1',
        '    I[#/a] S[#/properties/a/pattern] does not match pattern "x"',
      ].join('\n'),
    )
  })

  it('says nothing else of a value of the wrong type', () => {
    expect(said({ type: 'string', enum: ['a'], minLength: 2 }, 5)).toBe(
      'I[#] S[#/type] expected string, but got number',
    )
  })

  it('shows the branches of a combination, and starts anew below a reference', () => {
    const schema = {
      definitions: { short: { maxLength: 1 } },
      properties: { 'a/b c': { anyOf: [{ $ref: '#/definitions/short' }, { type: 'null' }] } },
    }
    expect(said(schema, { 'a/b c': 'xy' })).toBe(
      [
        'I[#/a~1b%20c] S[#/properties/a~1b%20c/anyOf] anyOf failed',
        `  I[#/a~1b%20c] S[#/properties/a~1b%20c/anyOf/0/$ref] doesn't validate with "#/definitions/short"`,
        '    I[#/a~1b%20c] S[#/definitions/short/maxLength] length must be <= 1, but got 2',
        '  I[#/a~1b%20c] S[#/properties/a~1b%20c/anyOf/1/type] expected null, but got string',
      ].join('\n'),
    )
  })
})

describe('a schema', () => {
  it('may refer to itself and to its parts by $id', () => {
    const tree = { properties: { next: { $ref: '#' }, value: { $ref: 'https://x.example/v' } }, required: ['value'] }
    const schema = { ...tree, definitions: { v: { $id: 'https://x.example/v', type: 'number' } } }
    expect(said(schema, { value: 1, next: { value: 2 } })).toBe('')
    expect(said(schema, { value: 1, next: { value: 'x' } })).toContain('expected number, but got string')
  })

  it('is refused when it refers to nothing or holds a pattern that is none', () => {
    for (const schema of [{ $ref: '#/definitions/x' }, { $ref: 'https://x.example/y' }, { pattern: '(' }, { not: 5 }]) {
      expect(() => compileSchema({ properties: { a: schema } }).properties).toThrow(SchemaError)
    }
  })
})
