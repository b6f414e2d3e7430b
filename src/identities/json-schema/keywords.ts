import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { Schema } from './schema.ts'
import { SchemaError } from './schema-error.ts'

/** Compiles a part of a schema; `where` is for messages. */
export type CompilePart = (json: Json | undefined, where: string) => Schema

/** Reads the keywords of one schema object. A value of the wrong JSON type counts as absent. */
export class Keywords {
  readonly #json: JsonObject
  readonly #where: string
  readonly #compile: CompilePart

  constructor(json: JsonObject, where: string, compile: CompilePart) {
    this.#json = json
    this.#where = where
    this.#compile = compile
  }

  raw(key: string): Json | undefined {
    return Object.hasOwn(this.#json, key) ? this.#json[key] : undefined
  }

  text(key: string): string | undefined {
    const value = this.raw(key)
    return typeof value === 'string' ? value : undefined
  }

  number(key: string): number | undefined {
    const value = this.raw(key)
    return typeof value === 'number' ? value : undefined
  }

  object(key: string): JsonObject | undefined {
    const value = this.raw(key)
    return isJsonObject(value) ? value : undefined
  }

  list(key: string): readonly Json[] | undefined {
    const value = this.raw(key)
    return Array.isArray(value) ? (value as readonly Json[]) : undefined
  }

  texts(key: string): string[] {
    return (this.list(key) ?? []).filter((item) => typeof item === 'string')
  }

  compile(json: Json | undefined, at: string): Schema {
    return this.#compile(json, `${this.#where}/${at}`)
  }

  schema(key: string): Schema | undefined {
    const value = this.raw(key)
    return value === undefined ? undefined : this.compile(value, key)
  }

  schemas(key: string): Schema[] {
    return (this.list(key) ?? []).map((item, i) => this.compile(item, `${key}/${i}`))
  }

  schemaMap(key: string): [string, Schema][] {
    return Object.entries(this.object(key) ?? {}).map(([name, item]) => [name, this.compile(item, `${key}/${name}`)])
  }

  /** @throws SchemaError */
  regex(source: string, key: string): RegExp {
    try {
      return goRegex(source)
    } catch {
      throw new SchemaError(`${this.#where}/${key}: ${JSON.stringify(source)} is not a regular expression`)
    }
  }
}

/** A regular expression in Go's spelling. What JavaScript cannot express throws. */
export function goRegex(source: string): RegExp {
  const [, flags = '', rest = source] = /^\(\?([ims]+)\)(.*)$/s.exec(source) ?? []
  const spelt = rest.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$')
  try {
    return new RegExp(spelt, `${flags}u`)
  } catch {
    // RE2 takes escapes of plain characters (`\-`, `\@`), which JavaScript takes without the u flag only
    return new RegExp(spelt, flags)
  }
}
