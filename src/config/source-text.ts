import { readFileSync } from 'node:fs'
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument, visit } from 'yaml'
import type { Json } from '../json.ts'
import { keysOf, type Problem } from './problem.ts'

/** A YAML or JSON text: its value, and where in the text each part of the value stands. */
export interface SourceText {
  readonly file: string
  /** `undefined` when the text cannot be read as YAML or JSON; `problems` then says why. */
  readonly value: Json | undefined
  readonly problems: readonly Problem[]
  /** The problems, found in `value`, with file, line and column. */
  locate(problems: readonly Problem[]): Problem[]
}

interface Place {
  readonly line: number
  readonly column: number
}

/** Reads and parses a file; that it cannot be read is a problem, not an exception. */
export function readSource(file: string): SourceText {
  try {
    return parseSource(readFileSync(file, 'utf8'), file)
  } catch (error) {
    return unreadable(file, { file, pointer: '', ...whyUnreadable(error) })
  }
}

/** Why a file could not be read, for people. */
export function whyUnreadable(error: unknown): Pick<Problem, 'message' | 'hint'> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT')
    return { message: 'there is no such file.', hint: 'Check the name and the folder it is looked for in.' }
  if (code === 'EISDIR') return { message: 'is a folder, not a file.' }
  if (code === 'EACCES') return { message: 'cannot be read: permission denied.' }
  return { message: `cannot be read: ${error instanceof Error ? error.message : String(error)}.` }
}

/** Parses a text: as JSON when the file's name ends in `.json`, else as YAML. */
export function parseSource(text: string, file: string): SourceText {
  return file.endsWith('.json') ? parseJson(text, file) : parseYaml(text, file)
}

function parseJson(text: string, file: string): SourceText {
  try {
    const value: Json = JSON.parse(text)
    // positions cost a second parse: only when there is something to point at
    return { file, value, problems: [], locate: (problems) => locateIn(yaml(text), problems, file) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = /position (\d+)/.exec(message)?.[1]
    const place = placeAt(text, offset === undefined ? text.length : Number(offset))
    const what = message.replace(/ in JSON at position.*| at position.*/, '')
    return unreadable(file, { file, ...place, pointer: '', message: `is not JSON: ${what}.` })
  }
}

function parseYaml(text: string, file: string): SourceText {
  const parsed = yaml(text)
  const first = parsed.document.errors[0]
  if (first) {
    const place = parsed.place(first.pos[0])
    const message = `is not YAML: ${first.message.split(/ at line \d|\n/)[0]}.`
    return unreadable(file, { file, ...place, pointer: '', message })
  }
  try {
    const value = (parsed.document.toJS() ?? null) as Json
    return { file, value, problems: [], locate: (problems) => locateIn(parsed, problems, file) }
  } catch (error) {
    const message = `is not YAML: ${error instanceof Error ? error.message : String(error)}.`
    return unreadable(file, { file, ...placeOfUnresolved(parsed), pointer: '', message })
  }
}

/** The first alias without an anchor: the one thing that shows only when the value is made, and without a place. */
function placeOfUnresolved({ document, place }: ParsedText): Place | undefined {
  let offset: number | undefined
  visit(document, {
    Alias: (_, alias) => {
      if (offset === undefined && alias.resolve(document) === undefined) offset = alias.range?.[0]
    },
  })
  return offset === undefined ? undefined : place(offset)
}

function unreadable(file: string, problem: Problem): SourceText {
  return { file, value: undefined, problems: [problem], locate: (problems) => [...problems] }
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

type ParsedText = ReturnType<typeof yaml>

function yaml(text: string) {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: true })
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  return { document, place }
}

function locateIn(parsed: ParsedText, problems: readonly Problem[], file: string): Problem[] {
  const located: Problem[] = problems.map((problem) => {
    const offset = offsetOf(parsed, problem)
    return { file, ...(offset === undefined ? {} : parsed.place(offset)), ...problem }
  })
  return located.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
}

/** Where what is wrong begins: a scalar, or the key of an object or list; the nearest that there is, when it is absent. */
function offsetOf({ document }: ParsedText, { pointer, ofKey }: Problem): number | undefined {
  let node: Node | null = document.contents
  let offset = node?.range?.[0]
  for (const key of keysOf(pointer)) {
    if (isAlias(node)) node = node.resolve(document) ?? null
    if (isMap<ParsedNode, ParsedNode | null>(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      if (!pair) return offset
      const pointed = isScalar(pair.value) && !ofKey ? pair.value : pair.key
      offset = pointed?.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq<ParsedNode>(node)) {
      const item = node.items[Number(key)]
      if (!item) return offset
      offset = item.range?.[0] ?? offset
      node = item
    } else return offset
  }
  return offset
}
