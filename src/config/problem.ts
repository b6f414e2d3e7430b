/** Something wrong in a configuration, a fixture or a scenario: what, where, and what to do about it. */
export interface Problem {
  /** The file as the user named it; absent for what came over the wire. */
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** From 1. */
  readonly column?: number
  /** JSON pointer to the value, or to the key, that is wrong; `''` is the whole document. */
  readonly pointer: string
  /** The key is wrong, not its value: `line` and `column` are the key's. */
  readonly ofKey?: true
  readonly message: string
  /** What to do, as a sentence. */
  readonly hint?: string
}

/** Thrown where there is no use in going on with a document that has problems. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.name = 'ProblemError'
    this.problems = problems
  }
}

/** One line for people: `kratos.yml:12:5: /session/lifespan: … . Hint.` */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const parts = [place, problem.pointer, problem.message].filter((part) => part !== '')
  return parts.join(': ') + (problem.hint === undefined ? '' : ` ${problem.hint}`)
}

/** A JSON pointer (RFC 6901) from its keys. */
export function pointerOf(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The keys of a JSON pointer. */
export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The problems of a part of a document, where the document has that part. */
export function under(pointer: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, pointer: pointer + problem.pointer }))
}
