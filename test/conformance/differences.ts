import { isJsonObject, type Json } from '../../src/json.ts'

/** Where two answers differ. */
export interface Difference {
  readonly at: string
  readonly expected: Json | undefined
  readonly actual: Json | undefined
}

const ID = /<uuid#\d+>/g

/**
 * Compares answers of one conversation, in their order. Ids count by their role, not their number: `<uuid#3>` may be
 * `<uuid#5>` on the other side, as long as it always is.
 */
export class Comparison {
  readonly #there = new Map<string, string>()
  readonly #back = new Map<string, string>()

  differences(expected: Json | undefined, actual: Json | undefined, at = ''): Difference[] {
    if (typeof expected === 'string' && typeof actual === 'string') {
      return this.#sameText(expected, actual) ? [] : [{ at, expected, actual }]
    }
    if (expected === actual) return []
    const members = membersOf(expected, actual)
    if (members === undefined) return [{ at, expected, actual }]
    return members.flatMap(([key, one, other]) => this.differences(one, other, `${at}/${key}`))
  }

  #sameText(expected: string, actual: string): boolean {
    if (expected.replace(ID, '<uuid>') !== actual.replace(ID, '<uuid>')) return false
    const others = actual.match(ID) ?? []
    return (expected.match(ID) ?? []).every((id, index) => this.#sameRole(id, others[index] ?? ''))
  }

  #sameRole(id: string, other: string): boolean {
    if (!this.#there.has(id) && !this.#back.has(other)) {
      this.#there.set(id, other)
      this.#back.set(other, id)
    }
    return this.#there.get(id) === other
  }
}

type Member = readonly [key: string, expected: Json | undefined, actual: Json | undefined]

/** The members of two arrays or of two objects side by side; undefined for anything else. */
function membersOf(expected: Json | undefined, actual: Json | undefined): Member[] | undefined {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const longest = Math.max(expected.length, actual.length)
    return Array.from({ length: longest }, (_, index) => [String(index), expected[index], actual[index]])
  }
  if (!isJsonObject(expected) || !isJsonObject(actual)) return undefined
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
  const own = (object: typeof expected, key: string) => (Object.hasOwn(object, key) ? object[key] : undefined)
  return [...keys].map((key) => [key, own(expected, key), own(actual, key)])
}
