import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Millis } from '../state/clock.ts'
import { DURATION_HINT, parseDuration } from './duration.ts'
import { type Problem, pointerOf } from './problem.ts'

/**
 * One object of a configuration, read key by key. What is absent takes the default; what is wrong takes it too and is
 * noted in `problems`, which all sections of a document share.
 */
export class Section {
  readonly pointer: readonly (string | number)[]
  readonly problems: Problem[]
  readonly #object: JsonObject

  constructor(object: JsonObject, pointer: readonly (string | number)[], problems: Problem[]) {
    this.#object = object
    this.pointer = pointer
    this.problems = problems
  }

  keys(): string[] {
    return Object.keys(this.#object)
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined
  }

  /** The value as configured; `null` counts as absent, as with Kratos. */
  raw(key: string): Json | undefined {
    if (!Object.hasOwn(this.#object, key)) return undefined
    return this.#object[key] ?? undefined
  }

  section(key: string): Section {
    return new Section(this.object(key) ?? {}, [...this.pointer, key], this.problems)
  }

  object(key: string): JsonObject | undefined {
    return this.#read(key, 'an object', (value) => (isJsonObject(value) ? value : undefined))
  }

  text(key: string): string | undefined {
    return this.#read(key, 'a string', (value) => (typeof value === 'string' ? value : undefined))
  }

  /** Like `text`, with `''` as good as absent: how Kratos' own tools write an address that is not set. */
  textUnlessEmpty(key: string): string | undefined {
    return this.text(key) || undefined
  }

  flag(key: string, otherwise: boolean): boolean {
    return this.#read(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined)) ?? otherwise
  }

  integer(key: string): number | undefined {
    return this.#read(key, 'a whole number', (value) =>
      typeof value === 'number' && Number.isInteger(value) ? value : undefined,
    )
  }

  duration(key: string, otherwise: Millis): Millis {
    const text = this.text(key)
    if (text === undefined) return otherwise
    const length = parseDuration(text)
    if (length === undefined) this.problem(key, `${JSON.stringify(text)} is not a duration.`, DURATION_HINT)
    return length ?? otherwise
  }

  oneOf<T extends string>(key: string, values: readonly T[], otherwise: T): T {
    const text = this.text(key)
    if (text === undefined) return otherwise
    const found = values.find((value) => value === text)
    if (found === undefined) {
      this.problem(key, `${JSON.stringify(text)} is not one of the possible values.`, `Write ${values.join(' or ')}.`)
    }
    return found ?? otherwise
  }

  texts(key: string, otherwise: readonly string[]): readonly string[] {
    return this.list(key, 'a list of strings', (value) => typeof value === 'string') ?? otherwise
  }

  /** A list whose items are all of a kind. */
  list<T extends Json>(key: string, expected: string, is: (value: Json) => value is T): readonly T[] | undefined {
    return this.#read(key, expected, (value) => (Array.isArray(value) && value.every(is) ? value : undefined))
  }

  /** The objects of a list; `undefined` when there is none. */
  sections(key: string): Section[] | undefined {
    const list = this.#read(key, 'a list', (value) => (Array.isArray(value) ? value : undefined))
    return list?.flatMap((item: Json, index: number) => {
      if (isJsonObject(item)) return [new Section(item, [...this.pointer, key, index], this.problems)]
      this.problem(key, `item ${index} must be an object.`)
      return []
    })
  }

  problem(key: string, message: string, hint?: string): void {
    const pointer = pointerOf([...this.pointer, key])
    this.problems.push(hint === undefined ? { pointer, message } : { pointer, message, hint })
  }

  #read<T>(key: string, expected: string, read: (value: Json) => T | undefined): T | undefined {
    const value = this.raw(key)
    if (value === undefined) return undefined
    const found = read(value)
    if (found === undefined) this.problem(key, `must be ${expected}, not ${describe(value)}.`)
    return found
  }
}

/** A value for a message: `the string "x"`, `a list` … */
export function describe(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value)
  return `the ${typeof value} ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`
}
