import type { Json, JsonObject } from '../../src/json.ts'
import type { Random } from '../support/random.ts'

/*
 * Values as clients get them wrong.
 */

const ODD: readonly [Json, ...Json[]] = [
  '',
  ' ',
  'x',
  'no@address@example.org',
  'ü'.repeat(80),
  '\u0000',
  '../../etc/passwd',
  0,
  -1.5,
  1e21,
  true,
  null,
  [],
  ['a', 'b'],
  {},
  { a: { b: [null] } },
]

/** The values with one of them gone, odd or unasked for; traits are broken inside, too. */
export function broken(dice: Random, values: JsonObject): JsonObject {
  const names = Object.keys(values)
  const name = names[dice.below(names.length)] ?? 'x'
  const value = values[name]
  switch (dice.below(5)) {
    case 0: {
      const { [name]: _, ...rest } = values
      return rest
    }
    case 1:
      return {
        ...values,
        [dice.pick(['unknown', 'constructor', 'csrf_token', 'flow', 'traits', 'method'])]: dice.pick(ODD),
      }
    case 2:
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return { ...values, [name]: broken(dice, value as JsonObject) }
      }
      return { ...values, [name]: dice.pick(ODD) }
    default:
      return { ...values, [name]: dice.pick(ODD) }
  }
}
