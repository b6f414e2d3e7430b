import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../config/load.ts'
import { ProblemError } from '../config/problem.ts'
import { SchemaChecker } from '../config/schema-checker.ts'
import { readSource } from '../config/source-text.ts'
import type { Json, JsonObject } from '../json.ts'

/**
 * A conversation that was held with a server: what was sent, and what came back. The form of the files under
 * `spec/conversations/`, and of what `ory-mock proxy --record` writes; `spec/conversation.schema.json` describes it for editors.
 */
export interface Conversation {
  readonly name: string
  /** What it shows. */
  readonly title: string
  /**
   * The configuration that it was held under: the name of one under `spec/conversations/configurations/`, or a file beside the
   * conversation. Without one it is played under whatever configuration a server has.
   */
  readonly config?: string
  readonly variables?: Readonly<Record<string, string>>
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

/** Where the conversations with the real servers lie, and their configurations beside them. */
export const CONVERSATIONS = fileURLToPath(new URL('../../spec/conversations/', import.meta.url))

const checker = new SchemaChecker(
  JSON.parse(readFileSync(new URL('../../spec/conversation.schema.json', import.meta.url), 'utf8')),
)

/** All conversations of a folder whose files are known to be right, by name. */
export function loadConversations(folder = CONVERSATIONS): Conversation[] {
  return jsonFiles(folder).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Conversation)
}

/** A conversation and the file that it stands in, which its configuration may lie beside. */
export interface FiledConversation {
  readonly conversation: Conversation
  readonly file: string
}

/**
 * Conversations of the user's own.
 * @param paths files, and folders of files
 * @throws ProblemError with file, line and column
 */
export function readConversations(paths: readonly string[]): FiledConversation[] {
  const files = paths.flatMap((path) => (isFolder(path) ? jsonFiles(path) : [path]))
  const problems = []
  const read: FiledConversation[] = []
  for (const file of files) {
    const source = readSource(file)
    const found = source.value === undefined ? source.problems : source.locate(checker.check(source.value))
    problems.push(...found)
    if (found.length === 0) read.push({ conversation: named(source.value as unknown as Conversation, file), file })
  }
  if (problems.length > 0) throw new ProblemError(problems)
  return read
}

const named = (conversation: Conversation, file: string): Conversation => ({
  ...conversation,
  name: conversation.name || basename(file, '.json'),
})

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function jsonFiles(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile())
  return names
    .map((entry) => entry.name)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

/** The names of the configurations that the conversations with the real servers were held under. */
export function configurationNames(): string[] {
  const names = readdirSync(join(CONVERSATIONS, 'configurations'))
  return names.flatMap((name) => /^(.+)\.(kratos|keto)\.json$/.exec(name)?.[1] ?? []).sort()
}

/**
 * The configuration that a conversation was held under; undefined when it names none.
 * @param file where the conversation stands, for a configuration that is named as a file
 * @throws ProblemError
 */
export function configurationOf(
  { config }: Pick<Conversation, 'config'>,
  file = CONVERSATIONS,
): JsonObject | undefined {
  if (config === undefined) return undefined
  const { config: loaded, problems } = loadConfig([configurationFile(config, file)])
  if (problems.length > 0) throw new ProblemError(problems)
  return loaded
}

function configurationFile(config: string, file: string): string {
  if (/[./]/.test(config)) return resolve(dirname(file), config)
  const name = config === 'keto' ? 'keto.keto.json' : `${config}.kratos.json`
  return join(CONVERSATIONS, 'configurations', name)
}
