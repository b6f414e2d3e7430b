import { isJsonObject, type Json } from '../json.ts'
import type { Conversation, Observed } from './conversation.ts'
import { few } from './findings-table.ts'
import { markdownTable } from './markdown-table.ts'
import { RECORDED_AT } from './player.ts'

/*
 * What the servers that the conversations were held with do otherwise than the document as published: their recorded answers,
 * judged by it.
 */

/** Something that the document does not allow. */
export interface Fault {
  readonly in: string
  readonly pointer: string
  readonly message: string
}

/** A recorded answer with values in place of its placeholders. */
export interface RecordedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly contentType: string | undefined
  readonly body?: Json
  readonly text?: string
}

/** The document: which operation has a route, and what is wrong with an answer of it. */
export interface Document {
  readonly operationOf: (method: string, path: string) => string | undefined
  readonly judge: (method: string, path: string, reply: RecordedReply) => Promise<readonly Fault[]>
}

/** One way in which the servers differ from the document. */
export interface DriftRow {
  readonly where: string
  readonly what: string
  /** The members that it is about, where it is about some. */
  readonly names: readonly string[]
  /** How many answers show it. */
  readonly times: number
  readonly operations: readonly string[]
}

export interface Drift {
  readonly rows: readonly DriftRow[]
  readonly answers: number
  readonly valid: number
}

/** Judges every recorded answer whose whole body is known. */
export async function driftOf(conversations: readonly Conversation[], document: Document): Promise<Drift> {
  const rows = new Map<string, DriftRow>()
  let [answers, valid] = [0, 0]
  for (const { method, path, reply } of conversations.flatMap(recordedAnswers)) {
    const faults = await faultsOf(method, path, reply, document)
    answers++
    if (faults.length === 0) valid++
    const counted = new Set<string>()
    for (const fault of faults) {
      const key = `${fault.where}\n${fault.what}`
      const known = rows.get(key)
      rows.set(key, known ? more(known, fault, !counted.has(key)) : fault)
      counted.add(key)
    }
  }
  return { rows: [...rows.values()].sort((a, b) => b.times - a.times), answers, valid }
}

/** @param another whether it is another answer that shows the same */
function more(known: DriftRow, { names, operations }: DriftRow, another: boolean): DriftRow {
  return {
    ...known,
    names: [...new Set([...known.names, ...names])],
    times: known.times + (another ? 1 : 0),
    operations: [...new Set([...known.operations, ...operations])],
  }
}

async function faultsOf(method: string, path: string, reply: RecordedReply, document: Document): Promise<DriftRow[]> {
  const operation = document.operationOf(method, path)
  if (operation === undefined) {
    return [{ where: 'route', what: 'not in the document', names: [], times: 1, operations: [`${method} ${path}`] }]
  }
  const shared = { times: 1, operations: [operation] }
  const faults = await document.judge(method, path, reply)
  return withMissing(faults).map(({ in: part, pointer, message }) =>
    part === 'status'
      ? { ...shared, where: `status ${reply.status}`, what: 'not named for the operation', names: [] }
      : { ...shared, where: nameOf(part, pointer), ...nounsOf(message) },
  )
}

/** What an answer lacks in one place is one fault: it was meant to be something else. */
function withMissing(faults: readonly Fault[]): Fault[] {
  const lacking = (fault: Fault) => /^must have required property '(.+)'$/.exec(fault.message)?.[1]
  const gathered = new Map<string, Fault>()
  for (const fault of faults) {
    const name = lacking(fault)
    const key = name === undefined ? JSON.stringify(fault) : fault.pointer
    const before = gathered.get(key)
    const message = name === undefined ? fault.message : `${before?.message ?? 'must have'} ${name}`
    gathered.set(key, { ...fault, message: before ? message.replace(/ (\S+)$/, ', $1') : message })
  }
  return [...gathered.values()]
}

/** The names that a message is about apart from it, so that what differs in them alone is one row. */
function nounsOf(message: string): { what: string; names: string[] } {
  const [, what, name] = /^(must NOT have additional properties): (.+)$/.exec(message) ?? []
  return what === undefined || name === undefined ? { what: message, names: [] } : { what, names: [name] }
}

/** The last name of a pointer, which says more than where in which answer it stands. */
function nameOf(part: string, pointer: string): string {
  const keys = pointer.split('/').filter((key) => key !== '' && !/^\d+$/.test(key))
  return keys.length === 0 ? part : `…/${keys.at(-1)}`
}

interface RecordedAnswer {
  readonly method: string
  readonly path: string
  readonly reply: RecordedReply
}

/** The calls with a path that can be read without playing them, and what came back whole. */
function recordedAnswers({ steps, observed }: Conversation): RecordedAnswer[] {
  return steps.flatMap((step, index) => {
    const [, method = '', path = ''] = /^(\S+) (\/[^?]*)/.exec(step.call ?? '') ?? []
    const seen = observed.find(({ id }) => id === (step.id ?? `step-${index + 1}`))
    // an answer to HEAD has no body to judge
    if (path === '' || method === 'HEAD' || step.only !== undefined || seen?.status === undefined || isElsewhere(seen))
      return []
    return [{ method, path: path.replace(/\{[^}]+\}/g, 'x'), reply: replyOf(seen) }]
  })
}

/** Nothing of an API, but of the address that was asked: it has no such path, or another one has it. */
const isElsewhere = ({ status, body }: Observed): boolean =>
  status === 307 || body === '404 page not found' || body === 'Method Not Allowed'

function replyOf({ status = 0, headers = {}, body }: Observed): RecordedReply {
  const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(valued(value ?? ''))]))
  const contentType = filled['content-type']
  const reply = { status, headers: filled, contentType }
  // what a redirect carries is a page for people, which no client reads
  if (body === undefined || body === '<html>') return reply
  return contentType === 'application/json' ? { ...reply, body: valued(body) } : { ...reply, text: String(body) }
}

/** Values of the kinds that placeholders stand for. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/<uuid#\d+>/g, '6f0b6c0e-1111-4222-8333-444444444444'],
  [/<nil-uuid>/g, '00000000-0000-0000-0000-000000000000'],
  [/<now[^>]*>|<zero-time>/g, '2022-07-27T12:00:00Z'],
  ...Object.entries(RECORDED_AT).map(([api, address]) => [new RegExp(`<${api}>`, 'g'), address] as const),
]

function valued(value: Json): Json {
  if (value === '<nanoseconds>') return 1
  if (typeof value === 'string') return KINDS.reduce((text, [kind, one]) => text.replace(kind, one), value)
  if (Array.isArray(value)) return value.map((item: Json) => valued(item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, valued(member ?? null)]))
}

/** The drift as a table for people. */
export function driftTable({ rows }: Drift): string[] {
  return markdownTable(
    ['Where', 'By the document', 'Answers', 'Of'],
    rows.map(({ where, what, names, times, operations }) => [
      where,
      names.length === 0 ? what : `${what}: ${names.join(', ')}`,
      String(times),
      few(operations),
    ]),
  )
}
