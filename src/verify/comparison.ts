import { pointerOf } from '../config/problem.ts'
import { isJsonObject, type Json } from '../json.ts'
import { MASK } from '../verdict/secret-names.ts'

/** Where two answers differ. */
export interface Difference {
  /** A JSON pointer into the answer: `/status`, `/headers/location`, `/body/ui/nodes/0`. */
  readonly at: string
  /** Undefined where something is there that should not be. */
  readonly expected: Json | undefined
  /** Undefined where something is missing. */
  readonly actual: Json | undefined
  /** Both lists have the same items, in another order. */
  readonly order?: true
}

const ID = /<uuid#\d+>/g

type Key = string | number

/**
 * Compares answers of one conversation, in their order. Ids count by their role, not their number: `<uuid#3>` may be
 * `<uuid#5>` on the other side, as long as it always is.
 */
export class Comparison {
  readonly #there = new Map<string, string>()
  readonly #back = new Map<string, string>()

  differences(expected: Json | undefined, actual: Json | undefined, path: readonly Key[] = []): Difference[] {
    if (typeof expected === 'string' && typeof actual === 'string') {
      return this.#sameText(expected, actual) ? [] : [{ at: pointerOf(path), expected, actual }]
    }
    if (expected === actual) return []
    if (Array.isArray(expected) && Array.isArray(actual)) return this.#lists(expected, actual, path)
    if (!isJsonObject(expected) || !isJsonObject(actual)) return [{ at: pointerOf(path), expected, actual }]
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)])
    return [...keys].flatMap((key) => this.differences(own(expected, key), own(actual, key), [...path, key]))
  }

  #lists(expected: readonly Json[], actual: readonly Json[], path: readonly Key[]): Difference[] {
    if (isReordered(expected, actual)) return [{ at: pointerOf(path), expected, actual, order: true }]
    return aligned(expected, actual).flatMap(([index, one, other]) => this.differences(one, other, [...path, index]))
  }

  #sameText(expected: string, actual: string): boolean {
    // a secret that was not recorded can be any
    if (expected === MASK) return true
    if (withoutNumbers(expected) !== withoutNumbers(actual)) return false
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

const withoutNumbers = (text: string): string => text.replace(ID, '<uuid>')

const own = (object: { readonly [key: string]: Json | undefined }, key: string) =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** An item as it looks from outside, so that it can be found again. */
const look = (item: Json | undefined): string => withoutNumbers(JSON.stringify(item))

function isReordered(expected: readonly Json[], actual: readonly Json[]): boolean {
  const [here, there] = [expected.map(look), actual.map(look)]
  if (here.length !== there.length || here.every((item, index) => item === there[index])) return false
  return JSON.stringify(here.sort()) === JSON.stringify(there.sort())
}

type Pair = readonly [index: number, expected: Json | undefined, actual: Json | undefined]

/**
 * The items of two lists side by side. What is the same on both sides stands together even where an item more or less comes
 * before it; between two of those, items are taken in their order.
 */
function aligned(expected: readonly Json[], actual: readonly Json[]): Pair[] {
  const anchors = [...commonItems(expected.map(look), actual.map(look)), [expected.length, actual.length] as const]
  const pairs: Pair[] = []
  let [here, there] = [0, 0]
  for (const [nextHere, nextThere] of anchors) {
    while (here < nextHere || there < nextThere) {
      const one = here < nextHere ? expected[here] : undefined
      const other = there < nextThere ? actual[there] : undefined
      pairs.push([here < nextHere ? here : there, one, other])
      here = Math.min(here + 1, nextHere)
      there = Math.min(there + 1, nextThere)
    }
    if (nextHere < expected.length) pairs.push([here++, expected[nextHere], actual[there++]])
  }
  return pairs
}

/** The longest common subsequence, as pairs of indexes. */
function commonItems(here: readonly string[], there: readonly string[]): [number, number][] {
  const lengths = Array.from({ length: here.length + 1 }, () => new Array<number>(there.length + 1).fill(0))
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0
  for (let row = here.length - 1; row >= 0; row--) {
    for (let column = there.length - 1; column >= 0; column--) {
      const same = here[row] === there[column]
      const best = same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
      const cells = lengths[row]
      if (cells) cells[column] = best
    }
  }
  const pairs: [number, number][] = []
  let [row, column] = [0, 0]
  while (row < here.length && column < there.length) {
    if (here[row] === there[column]) pairs.push([row++, column++])
    else if (at(row + 1, column) >= at(row, column + 1)) row++
    else column++
  }
  return pairs
}
