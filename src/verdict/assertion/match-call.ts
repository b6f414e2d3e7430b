import { isJsonObject, type Json } from '../../json.ts'
import { showEntry } from '../entry.ts'
import type { Recorded } from '../journal.ts'
import type { JournalEntry, ShownMessage } from '../shown-entry.ts'
import type { CallPattern, StatusPattern, Values } from './expectation.ts'
import { type Actual, isMatcher, mismatchesOf } from './match-value.ts'

/** An entry, as it was and as it may be shown; neither is made before somebody looks at it. */
export class Judged {
  readonly recorded: Recorded
  /** The operation that it is of, also where it came by an additional route. */
  readonly operation: string | undefined
  #open: JournalEntry | undefined
  #masked: JournalEntry | undefined

  constructor(recorded: Recorded, operation: string | undefined) {
    this.recorded = recorded
    this.operation = operation
  }

  get open(): JournalEntry {
    this.#open ??= showEntry(this.recorded, true)
    return this.#open
  }

  get masked(): JournalEntry {
    this.#masked ??= showEntry(this.recorded, false)
    return this.#masked
  }
}

/** What a call differs in; those of more weight make it another call altogether. */
export interface Mismatch {
  readonly text: string
  readonly weight: number
}

const [WHICH, WHERE, WHAT] = [100, 20, 1]

/** Why a call is not as expected; empty when it is. Of a call of another operation nothing else is said. */
export function mismatchesWith(pattern: CallPattern, judged: Judged): readonly Mismatch[] {
  const { operation, method, status, switches = [] } = pattern
  const { recorded } = judged
  if (operation !== undefined && operation !== judged.operation) {
    return [{ text: `operation is ${judged.operation ?? 'none'}, not ${operation}`, weight: WHICH }]
  }
  const wantedMethod = method?.toUpperCase() ?? recorded.method
  return [
    ...weighing(WHERE, wantedMethod === recorded.method ? [] : [`method is ${recorded.method}, not ${wantedMethod}`]),
    ...weighing(WHERE, ofPath(pattern, judged)),
    ...weighing(WHAT, statusMismatch(status, recorded.status)),
    ...weighing(WHAT, ofParts(pattern, judged)),
    ...weighing(
      WHAT,
      switches
        .filter((name) => !recorded.switches.some((each) => each.name === name))
        .map((name) => `switch ${name} did not meet it`),
    ),
  ]
}

const bareOf = (path: string): string => path.split('?', 1)[0] ?? ''
const queryOf = (path: string): string => path.slice(bareOf(path).length + 1)

function ofPath({ path }: CallPattern, judged: Judged): readonly string[] {
  if (path === undefined) return []
  return mismatchesOf(path, { value: judged.recorded.path, shown: bareOf(judged.masked.path), where: 'path' })
}

function ofParts({ query, headers, body, response = {} }: CallPattern, judged: Judged): readonly string[] {
  if ([query, headers, body, response.headers, response.body].every((each) => each === undefined)) return []
  const { open, masked } = judged
  return [
    ...ofValues('query', query, parametersOf(queryOf(open.path)), parametersOf(queryOf(masked.path))),
    ...ofMessage('', { headers, body }, open.request, masked.request),
    ...ofMessage('response ', response, open.response, masked.response),
  ]
}

const weighing = (weight: number, texts: readonly string[]): Mismatch[] => texts.map((text) => ({ text, weight }))

function statusMismatch(wanted: CallPattern['status'], status: number): readonly string[] {
  if (wanted === undefined) return []
  const all = [wanted].flat()
  const isIt = (each: StatusPattern) => (typeof each === 'number' ? each === status : each[0] === String(status)[0])
  return all.some(isIt) ? [] : [`status is ${status}, not ${all.join(' or ')}`]
}

interface MessagePattern {
  readonly headers?: Values | undefined
  readonly body?: Json | undefined
}

function ofMessage(side: string, pattern: MessagePattern, open: ShownMessage, masked: ShownMessage): readonly string[] {
  return [
    ...ofValues(`${side}header`, pattern.headers && inLowerCase(pattern.headers), open.headers, masked.headers),
    ...(pattern.body === undefined ? [] : ofBody(`${side}body`, pattern.body, open, masked)),
  ]
}

const inLowerCase = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]))

function ofBody(where: string, expected: Json, open: ShownMessage, masked: ShownMessage): readonly string[] {
  const isForm = String(open.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  const wantsFields = isJsonObject(expected) && !isMatcher(expected)
  if (!isForm || !wantsFields) return mismatchesOf(expected, { value: open.body, shown: masked.body, where })
  return mismatchesOf(asText(expected), { value: fieldsOf(open.body), shown: fieldsOf(masked.body), where })
}

/** The values of forms are texts. */
function asText(expected: Json): Json {
  if (isMatcher(expected)) return expected
  if (Array.isArray(expected)) return expected.map(asText)
  if (isJsonObject(expected)) {
    return Object.fromEntries(Object.entries(expected).map(([name, each = null]) => [name, asText(each)]))
  }
  return String(expected)
}

/** The fields of a form; a dotted name is a member of a member. */
function fieldsOf(body: Json | undefined): Json | undefined {
  if (typeof body !== 'string') return undefined
  const fields: Record<string, Json> = Object.create(null)
  for (const [name, values] of Object.entries(parametersOf(body))) {
    const keys = name.split('.')
    const last = keys.pop() ?? ''
    let into = fields
    for (const key of keys) {
      const inner = into[key]
      const next: Record<string, Json> = isJsonObject(inner) ? (inner as Record<string, Json>) : Object.create(null)
      into[key] = next
      into = next
    }
    into[last] = values
  }
  return { ...fields }
}

type Several = Readonly<Record<string, string | readonly string[]>>

/** Query parameters or fields, decoded; a list where a name comes more than once. */
function parametersOf(text: string): Several {
  const found: Record<string, string | readonly string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name]
    found[name] = before === undefined ? value : [before, value].flat()
  }
  return found
}

/** Of a header or parameter that came more than once, one has to be as expected, unless a list is. */
function ofValues(what: string, expected: Values | undefined, open: Several, shown: Several): readonly string[] {
  return Object.entries(expected ?? {}).flatMap(([name, wanted]) => {
    if (wanted === undefined) return []
    const actual: Actual = { value: open[name], shown: shown[name], where: `${what} ${name}` }
    const { value } = actual
    if (typeof value === 'string' || value === undefined || Array.isArray(wanted)) return mismatchesOf(wanted, actual)
    const fits = (value as readonly string[]).some(
      (each) => mismatchesOf(wanted, { ...actual, value: each }).length === 0,
    )
    return fits ? [] : mismatchesOf(wanted, actual)
  })
}
