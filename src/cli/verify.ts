import { ProblemError } from '../config/problem.ts'
import { createContract, createPublishedContract } from '../contract/contract.ts'
import { Chance } from '../state/chance.ts'
import { CONVERSATIONS, type FiledConversation, loadConversations, readConversations } from '../verify/conversation.ts'
import { findingsTable, rowsOf } from '../verify/findings-table.ts'
import { type Document, type Drift, driftOf, driftTable } from '../verify/recorded.ts'
import { CannotVerify, type Outcome, type Verdict, verify as verifyServer } from '../verify/verify.ts'
import { optionsHelp } from './help.ts'
import { progress } from './progress.ts'
import { UsageError } from './usage-error.ts'
import { readVerifyOptions, VERIFY_OPTIONS, type VerifyCliOptions } from './verify-options.ts'

/**
 * `ory-mock verify --against URL [FILES]`: plays conversations against a running server and prints what it does otherwise.
 * @returns the exit code: 0 without differences, 1 with
 * @throws UsageError when nobody answers there
 */
export async function verify(args: readonly string[]): Promise<number> {
  const options = readVerifyOptions(args, process.env)
  if (options === 'help') {
    console.log(['ory-mock verify --against URL [FILES]', '', ...optionsHelp(VERIFY_OPTIONS)].join('\n'))
    return 0
  }
  if ('recorded' in options) {
    const drift = await driftOf(loadConversations(), publishedDocument())
    console.log(options.json ? JSON.stringify(drift, null, 2) : driftText(drift))
    return 0
  }
  const verdict = await verdictOf(options)
  console.log(options.json ? asJson(verdict) : asText(verdict))
  return isSame(verdict) ? 0 : 1
}

async function verdictOf(options: VerifyCliOptions): Promise<Verdict> {
  const bar = progress(process.stderr)
  try {
    return await verifyServer({
      ...options,
      conversations: chosen(options),
      chance: new Chance(),
      onPlay: (name, index, of) => bar.show(`${index + 1}/${of} ${name}`),
    })
  } catch (error) {
    // 1 would say that something differs
    if (error instanceof CannotVerify || error instanceof ProblemError) throw new UsageError(error.message)
    throw error
  } finally {
    bar.clear()
  }
}

/** @throws ProblemError with file, line and column; UsageError */
function chosen({ files, only }: VerifyCliOptions): FiledConversation[] {
  const found = readConversations(files.length > 0 ? files : [CONVERSATIONS]).filter(
    ({ conversation }) => only.length === 0 || only.some((name) => conversation.name.startsWith(name)),
  )
  if (found.length === 0) throw new UsageError('No conversation has such a name.')
  return found
}

function publishedDocument(): Document {
  const { match, validateReply } = createPublishedContract()
  return {
    operationOf: (method, path) => match(method, path)?.operation.operationId,
    judge: async (method, path, reply) => validateReply(match(method, path), reply),
  }
}

/** What the README shows. */
const driftText = (drift: Drift): string =>
  [
    ...driftTable(drift),
    '',
    `${drift.valid} of ${drift.answers} recorded answers are valid by the document as published.`,
  ].join('\n')

const isSame = ({ outcomes }: Verdict): boolean =>
  outcomes.every(({ findings, stopped }) => findings.length === 0 && stopped === undefined)

function operationNames(): (method: string, path: string) => string | undefined {
  const { match } = createContract({ dialect: 'wire' })
  return (method, path) => match(method, path)?.operation.operationId
}

const rows = ({ outcomes }: Verdict) =>
  rowsOf(
    outcomes.flatMap(({ findings }) => findings),
    operationNames(),
  )

function asJson(verdict: Verdict): string {
  const conversations = verdict.outcomes.map(({ findings, ...outcome }) => ({
    ...outcome,
    differences: findings.map(({ conversation: _, call, ...rest }) => ({
      ...rest,
      call: call && `${call.method} ${call.path}`,
    })),
  }))
  return JSON.stringify({ mock: verdict.mock, same: isSame(verdict), table: rows(verdict), conversations }, null, 2)
}

function asText(verdict: Verdict): string {
  const { outcomes } = verdict
  const table = rows(verdict)
  const played = outcomes.filter(({ notPlayed }) => notPlayed === undefined)
  const same = played.filter(({ findings, stopped }) => findings.length === 0 && stopped === undefined)
  const count = (key: 'answers' | 'same') => played.reduce((sum, one) => sum + one[key], 0)
  const answers = count('answers') - played.reduce((sum, one) => sum + one.notCompared.length, 0)
  return [
    ...(table.length > 0 ? [...findingsTable(table), ''] : []),
    ...played.flatMap(({ name, stopped }) => (stopped === undefined ? [] : [`${name} could not go on: ${stopped}.`])),
    ...notPlayed(outcomes),
    ...notCompared(played),
    `${same.length} of ${played.length} conversations and ${count('same')} of ${answers} answers are the same as recorded.`,
  ].join('\n')
}

/** What was not played, a line for each reason. */
function notPlayed(outcomes: readonly Outcome[]): string[] {
  const reasons = new Map<string, string[]>()
  for (const { name, notPlayed: reason } of outcomes) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), name])
  }
  return [...reasons].map(([reason, names]) => `Not played, ${reason}: ${names.join(', ')}.`)
}

/** What cannot be told of a server with one address for all APIs. */
function notCompared(played: readonly Outcome[]): string[] {
  const steps = played.flatMap(({ name, notCompared: left }) => left.map((step) => `${name}: ${step}`))
  return steps.length === 0 ? [] : [`Not compared, needs an address for each API: ${steps.join(', ')}.`]
}
