import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../src/config/load.ts'
import type { Json, JsonObject } from '../../src/json.ts'

/** A conversation held with the real servers of July 2022: what was sent, and what came back. */
export interface Recording {
  readonly name: string
  /** What it shows. */
  readonly title: string
  /** A file under configs/. */
  readonly config: string
  readonly variables: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
  /** Of every step but the unrecorded ones; varying values are placeholders. */
  readonly observed: readonly Observed[]
}

/** One step: a `call`, or one of `wait`, `provider` and `mail`. `{name}` in texts is a variable or a saved value. */
export interface Step {
  readonly id?: string
  /** `METHOD /path`, or with a whole address. */
  readonly call?: string
  /** Which address takes it, where the path does not say so. */
  readonly api?: Api
  /** The browser, with cookies of its own, that sends it. */
  readonly as?: string
  readonly accept?: 'html' | 'none'
  /** A null takes a header away. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  readonly text?: string
  /** Name → where in the answer the value stands. */
  readonly save?: Readonly<Record<string, string>>
  /** Pointers: nothing else of the body is compared. */
  readonly only?: readonly string[]
  /** Lists are compared in any order. */
  readonly unordered?: boolean
  readonly unrecorded?: boolean
  /** Milliseconds that pass. */
  readonly wait?: number
  /** What the social provider answers from now on. */
  readonly provider?: Json
  /** The recipient of a mail that has come. */
  readonly mail?: string
}

export type Api = 'public' | 'admin' | 'read' | 'write'

/** An answer in the form that is the same for every correct server. */
export interface Observed {
  readonly id: string
  readonly status?: number
  readonly headers?: JsonObject
  readonly body?: Json | undefined
  readonly mail?: JsonObject
}

/** @param folder beside this file */
export function loadRecordings(folder: string): Recording[] {
  const path = new URL(`./${folder}/`, import.meta.url)
  const files = readdirSync(path).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => JSON.parse(readFileSync(new URL(file, path), 'utf8')) as Recording)
}

/** The configuration that a recording was made under. */
export function configOf({ config }: Recording): JsonObject {
  const file = config === 'keto' ? 'keto.keto.json' : `${config}.kratos.json`
  const loaded = loadConfig([fileURLToPath(new URL(`./configs/${file}`, import.meta.url))])
  if (loaded.problems.length > 0) throw new Error(`${file}: ${JSON.stringify(loaded.problems)}`)
  return loaded.config
}
