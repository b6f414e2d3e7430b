import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import leven from 'leven'
import { LowSync } from 'lowdb'
import { DataFileSync } from 'lowdb/node'
import { type Problem, ProblemError } from '../config/problem.ts'
import { parseSource, type SourceText, whyUnreadable } from '../config/source-text.ts'

/** The two kinds of files that have names; each lives in a folder called so. */
export type NamedKind = 'fixtures' | 'scenarios'

export interface NamedFile {
  readonly name: string
  readonly file: string
  /** Comes with this package, and is not the user's. */
  readonly ours: boolean
}

const ROOT = new URL('../../', import.meta.url)
const EXTENSIONS = ['.json', '.yml', '.yaml']

/** The files that can be named: those of the working directory's folder, then ours that it does not hide. */
export function namedFiles(kind: NamedKind, directory = '.'): readonly NamedFile[] {
  const theirs = filesIn(resolve(directory, kind), false)
  const hidden = new Set(theirs.map(({ name }) => name))
  return [...theirs, ...filesIn(fileURLToPath(new URL(kind, ROOT)), true).filter(({ name }) => !hidden.has(name))]
}

function filesIn(folder: string, ours: boolean): NamedFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => EXTENSIONS.includes(extname(file)) && !file.endsWith('.schema.json'))
    .sort()
    .map((file) => ({ name: basename(file, extname(file)), file: join(folder, file), ours }))
}

/**
 * Finds the file that is meant by a name or a path.
 * @throws ProblemError that names those there are
 */
export function findNamedFile(kind: NamedKind, nameOrPath: string, directory = '.'): string {
  if (/[\\/]/.test(nameOrPath) || EXTENSIONS.includes(extname(nameOrPath))) return resolve(directory, nameOrPath)
  return fileOfName(kind, nameOrPath, { directory, otherwise: '; or write the path of a file' })
}

/**
 * Finds the file of a name, where paths are none.
 * @throws ProblemError that names those there are, and what else could be written
 */
export function fileOfName(kind: NamedKind, name: string, { directory = '.', otherwise = '' } = {}): string {
  const known = namedFiles(kind, directory)
  const found = known.find((each) => each.name === name)
  if (found) return found.file
  const names = known.map((each) => each.name)
  const near = names.filter((each) => leven(each, name) <= 2).map((each) => ` Did you mean "${each}"?`)
  const message = `there is no ${kind.slice(0, -1)} "${name}".${near[0] ?? ''}`
  throw new ProblemError([{ pointer: '', message, hint: `Known are: ${names.join(', ')}${otherwise}.` }])
}

/** Whether the file comes with this package: then its tests have checked it, and a server need not when it starts. */
export function isOurs(kind: NamedKind, file: string): boolean {
  return dirname(file) === fileURLToPath(new URL(kind, ROOT))
}

/** Reads one of these files; that it cannot be read is a problem, not an exception. */
export function readNamedFile(file: string): SourceText {
  const unread = (problem: Pick<Problem, 'message' | 'hint'>): SourceText => ({
    file,
    value: undefined,
    problems: [{ file, pointer: '', ...problem }],
    locate: (problems) => [...problems],
  })
  const missing = unread({
    message: 'there is no such file.',
    hint: 'Check the name and the folder it is looked for in.',
  })
  const adapter = new DataFileSync<SourceText>(file, {
    parse: (text) => parseSource(text, file),
    stringify: ({ value }) => JSON.stringify(value),
  })
  const db = new LowSync(adapter, missing)
  try {
    db.read()
  } catch (error) {
    return unread(whyUnreadable(error))
  }
  return db.data
}
