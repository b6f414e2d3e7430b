import { type Problem, ProblemError } from '../../config/problem.ts'
import type { Call } from '../../http/call.ts'
import { parseCookies } from '../../http/cookies.ts'
import type { Json } from '../../json.ts'
import type { SwitchRequest } from '../../state/thrown-switch.ts'
import { catalogue } from './catalogue.ts'
import { checkSwitchRequest, concern, meets } from './thrown.ts'

/*
 * Switches that a request carries itself: in the header `X-Mock-Switch`, in the cookie `mock_switch`, or by the status that
 * `Prefer: code=` asks for.
 */

export const SWITCH_HEADER = 'x-mock-switch'
export const SWITCH_COOKIE = 'mock_switch'

/** A switch as a request names it. */
export interface Carried {
  /** As it is written: under this its calls are counted. */
  readonly text: string
  readonly request: SwitchRequest
}

/** The switches of the header. @throws ProblemError when it names what does not exist */
export function ofHeader(call: Call): readonly Carried[] {
  return named(headerOf(call, SWITCH_HEADER), 'the header X-Mock-Switch')
}

/** The switches of the cookie, whose value may be percent-encoded. @throws ProblemError when it names what does not exist */
export function ofCookie(call: Call): readonly Carried[] {
  return named(decoded(parseCookies(call.headers.cookie).get(SWITCH_COOKIE)), `the cookie ${SWITCH_COOKIE}`)
}

function decoded(value: string | undefined): string | undefined {
  try {
    return value === undefined ? undefined : decodeURIComponent(value)
  } catch {
    return value
  }
}

/**
 * The status of `Prefer: code=410`; undefined when the header asks for none. Other preferences are for others.
 * @throws ProblemError when what it asks for is no status
 */
export function preferredStatus(call: Call): number | undefined {
  const code = /(?:^|[,;\s])code=("?)([^,;\s]*)\1(?:$|[,;\s])/i.exec(headerOf(call, 'prefer') ?? '')?.[2]
  if (code === undefined) return undefined
  if (/^[2-5]\d\d$/.test(code)) return Number(code)
  const message = `"${code}" is no status of an answer.`
  throw new ProblemError([{ file: 'the header Prefer', pointer: '', message, hint: 'Send code=410, for example.' }])
}

/**
 * The switch that is about this call and makes the operation answer the preferred status: of several the one that meets the
 * fewest operations, for it is most about this one; else the first.
 */
export function ofPreference(call: Call, operationId: string): readonly Carried[] {
  const status = preferredStatus(call)
  if (status === undefined) return []
  const fitting = [...catalogue].filter(
    ([, definition]) =>
      definition.status === status &&
      definition.operations !== '*' &&
      meets(definition, operationId) &&
      concern(definition, call, operationId) === true,
  )
  const [first] = fitting.sort(([, a], [, b]) => a.operations.length - b.operations.length)
  return first === undefined ? [] : [{ text: first[0], request: { name: first[0] } }]
}

function headerOf(call: Call, name: string): string | undefined {
  const value = call.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** `name[;operation=…][;times=…][;parameter=…], name…` */
function named(text: string | undefined, where: string): readonly Carried[] {
  const parts = (text ?? '').split(',').map((part) => part.trim())
  return parts.filter((part) => part !== '').map((part) => ({ text: part, request: parse(part, where) }))
}

function parse(part: string, where: string): SwitchRequest {
  const [name = '', ...pairs] = part.split(';').map((each) => each.trim())
  const request = toRequest(name, pairs.filter((pair) => pair !== '').map(pairOf))
  const problems = checkSwitchRequest(request).map((problem) => withText(problem, pairs))
  if (problems.length > 0) throw new ProblemError(problems.map((problem): Problem => ({ ...problem, file: where })))
  return request
}

/** What is no number is told as it was written. */
function withText(problem: Problem, pairs: readonly string[]): Problem {
  const written = pairs.find((pair) => pair.startsWith(problem.pointer.slice(1)))
  return problem.hint?.startsWith('NaN') ? { ...problem, hint: `It says "${written}".` } : problem
}

/** A pair without a value says that something is so. */
function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at < 0 ? [text, 'true'] : [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function toRequest(name: string, pairs: readonly (readonly [string, string])[]): SwitchRequest {
  const given = new Map(pairs)
  const parameters = [...given]
    .filter(([key]) => !OPTIONS.has(key))
    .map(([key, value]) => [key, typed(name, key, value)])
  const text = (key: 'operation' | 'seed') => (given.has(key) ? { [key]: given.get(key) ?? '' } : {})
  const count = (key: 'times' | 'after' | 'probability') =>
    given.has(key) ? { [key]: Number(given.get(key) || Number.NaN) } : {}
  return {
    name,
    ...text('operation'),
    ...count('times'),
    ...count('after'),
    ...count('probability'),
    ...text('seed'),
    ...(parameters.length > 0 ? { parameters: Object.fromEntries(parameters) } : {}),
  }
}

const OPTIONS: ReadonlySet<string> = new Set(['operation', 'times', 'after', 'probability', 'seed'])

/** A value of the type that the parameter has; what cannot be read so stays text, for the check to refuse. */
function typed(name: string, key: string, value: string): Json {
  const type = new Map(Object.entries(catalogue.get(name)?.parameters ?? {})).get(key)?.type
  if (type === 'number' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  return type === 'boolean' && (value === 'true' || value === 'false') ? value === 'true' : value
}
