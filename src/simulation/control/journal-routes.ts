import { ProblemError } from '../../config/problem.ts'
import { refusal } from '../../http/guard.ts'
import { noContent, ok, type Reply } from '../../http/reply.ts'
import { isJsonObject } from '../../json.ts'
import type { Expectation } from '../../verdict/assertion/expectation.ts'
import { judge } from '../../verdict/assertion/judge.ts'
import { Judged } from '../../verdict/assertion/match-call.ts'
import { toCurl } from '../../verdict/curl.ts'
import { showEntry } from '../../verdict/entry.ts'
import type { Recorded } from '../../verdict/journal.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'
import { checkExpectation, EXPECTATION } from './expectation-schema.ts'
import { JOURNAL_ENTRY } from './journal-entry-schema.ts'

/** Secrets are shown to whoever asks for them. */
function wantsSecrets({ exchange }: ControlCall): boolean {
  const asked = exchange.query.get('secrets')
  return asked !== null && asked !== 'false'
}

function getJournal(call: ControlCall): Reply {
  const { sandbox, query } = call.exchange
  const limit = readLimit(query.get('limit'))
  const operation = query.get('operation')
  const sameAs = additionalRoutes(call)
  const isWanted = (entry: Recorded) => operation === null || [entry.operation, sameAs(entry)].includes(operation)
  const entries = sandbox.journal.entries().filter(isWanted)
  const newest = limit === undefined ? entries : entries.slice(-limit)
  return ok(newest.map((entry) => showEntry(entry, wantsSecrets(call))))
}

function readLimit(text: string | null): number | undefined {
  if (text === null) return undefined
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new ControlError(400, `limit is a whole number above 0, not "${text}".`)
  return Number(text)
}

/** @throws ControlError 404 */
function find({ exchange, params }: ControlCall): Recorded {
  const id = params['id'] ?? ''
  const entry = exchange.sandbox.journal.entries().find((each) => String(each.id) === id)
  if (entry) return entry
  throw new ControlError(
    404,
    `The journal has no entry ${id}. It may have made room for younger ones (--journal-size, --journal-bytes).`,
  )
}

/** With secrets it repeats the request byte by byte. */
function curlOf(recorded: Recorded, secrets: boolean): string {
  return toCurl(showEntry(recorded, secrets), secrets ? recorded.requestBody : undefined)
}

function getEntry(call: ControlCall): Reply {
  const [recorded, secrets] = [find(call), wantsSecrets(call)]
  return ok({ ...showEntry(recorded, secrets), curl: curlOf(recorded, secrets) })
}

function getCurl(call: ControlCall): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
    text: `${curlOf(find(call), wantsSecrets(call))}\n`,
  }
}

/** Whose other route an additional route is: `toSessionByPut` is `toSession`. */
function additionalRoutes({ mock }: ControlCall): (entry: Recorded) => string | undefined {
  const known = new Map(mock.contract.operations.map(({ operationId, sameAs }) => [operationId, sameAs]))
  return ({ operation }) => (operation === undefined ? undefined : known.get(operation))
}

/** Of what fails, the answer says what came nearest. */
function verify(call: ControlCall): Reply {
  const { journal } = call.exchange.sandbox
  const { body } = call
  if (!isJsonObject(body)) {
    throw new ControlError(
      400,
      'Send what is expected: {"called": {"operation": "…", "body": {…}}, "times": 1}, {"in_order": […]} or {"never_violated": {}}.',
    )
  }
  const problems = checkExpectation(body)
  if (problems.length > 0) throw new ProblemError(problems)
  const operationOf = additionalRoutes(call)
  const calls = journal.entries().map((entry) => new Judged(entry, operationOf(entry)))
  const { matched, failure } = judge(body as Expectation, { calls, forgotten: journal.forgotten })
  if (!failure) return ok({ matched })
  const { message, nearest } = failure
  return { ...refusal(417, message), body: { error: message, matched, nearest } }
}

function deleteJournal({ exchange }: ControlCall): Reply {
  exchange.sandbox.journal.clear()
  return noContent()
}

export const journalRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/journal',
    summary:
      'What was called, answered and violated, oldest first; secrets are masked without `secrets=true`. `operation` keeps its calls alone, `limit` the newest so many.',
    query: ['secrets', 'operation', 'limit'],
    answer: { type: 'array', items: JOURNAL_ENTRY },
    handle: getJournal,
  },
  {
    method: 'GET',
    path: '/journal/{id}',
    summary: 'One exchange, with the curl command that repeats its request.',
    query: ['secrets'],
    answer: {
      ...JOURNAL_ENTRY,
      required: [...JOURNAL_ENTRY.required, 'curl'],
      properties: { ...JOURNAL_ENTRY.properties, curl: { type: 'string' } },
    },
    handle: getEntry,
  },
  {
    method: 'GET',
    path: '/journal/{id}/curl',
    summary: 'The curl command alone, as text.',
    query: ['secrets'],
    answer: { type: 'string' },
    handle: getCurl,
  },
  {
    method: 'POST',
    path: '/journal/verify',
    summary:
      'Whether the journal is as expected. If so, the answer names the calls that are meant; if not, it is a 417 whose `error` says for people what came nearest and why it is not that.',
    body: EXPECTATION,
    answer: {
      type: 'object',
      required: ['matched'],
      properties: { matched: { type: 'array', items: { type: 'integer' }, description: 'Their ids.' } },
    },
    handle: verify,
  },
  { method: 'DELETE', path: '/journal', summary: 'Empties the journal.', handle: deleteJournal },
]
