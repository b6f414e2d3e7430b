import type { Chance } from '../state/chance.ts'
import { Comparison, type Difference } from './comparison.ts'
import { configurationOf, type FiledConversation, type Observed } from './conversation.ts'
import { MockTarget } from './mock-target.ts'
import { type Addresses, APIS, apisOf, type Call, CannotGoOn, onOneAddress, playSteps, type Target } from './player.ts'
import { CannotVerify, checkReachable, isMock, RealTarget, type ServerOptions } from './server.ts'

export interface VerifyOptions extends ServerOptions {
  readonly conversations: readonly FiledConversation[]
  /** The configurations that a real server may be said to run; a mock gets that of each conversation. */
  readonly configurations: readonly string[]
  readonly chance: Chance
  /** Told before each conversation. */
  readonly onPlay?: (name: string, index: number, of: number) => void
}

/** A difference, and where it showed. */
export interface Finding extends Difference {
  readonly conversation: string
  readonly step: string
  /** Undefined where it is a mail that differs. */
  readonly call: Call | undefined
  /** The recorded status. */
  readonly status: number | undefined
}

/** What became of one conversation. */
export interface Outcome {
  readonly name: string
  readonly title: string
  /** How many answers were recorded. */
  readonly answers: number
  /** How many of them the server in front answers the same. */
  readonly same: number
  readonly findings: readonly Finding[]
  /** The steps whose answers depend on an address for each API, on a server that has one for all. */
  readonly notCompared: readonly string[]
  /** Why it was not played. */
  readonly notPlayed?: string
  /** Why it could not be played to its end. */
  readonly stopped?: string
}

export interface Verdict {
  /** The server is an ory-mock. */
  readonly mock: boolean
  readonly outcomes: readonly Outcome[]
}

/**
 * Plays conversations against a running server and says what it does otherwise than the one they were held with. A mock
 * plays each in a sandbox of its own, under the conversation's configuration; a real server as it is.
 * @throws CannotVerify when nobody answers, or a mock refuses
 */
export async function verify(options: VerifyOptions): Promise<Verdict> {
  const mock = await isMock(options.addresses)
  await checkReachable(options.addresses)
  const outcomes: Outcome[] = []
  const session = options.chance.code()
  for (const [index, filed] of options.conversations.entries()) {
    const { conversation } = filed
    const { name, title = '', observed } = conversation
    const notPlayed = whyNot(filed, options, mock)
    if (notPlayed !== undefined) {
      outcomes.push({ name, title, answers: observed.length, same: 0, findings: [], notCompared: [], notPlayed })
      continue
    }
    options.onPlay?.(name, index, options.conversations.length)
    outcomes.push(
      mock ? await playOnMock(filed, options, `verify-${session}-${index + 1}`) : await playOnReal(filed, options),
    )
  }
  return { mock, outcomes }
}

function whyNot({ conversation }: FiledConversation, options: VerifyOptions, mock: boolean): string | undefined {
  const needed = apisOf(conversation)
  const missing = APIS.filter((api) => needed.has(api) && options.addresses[api] === undefined)
  if (missing.length > 0) return `needs an address for ${missing.join(' and ')}`
  if (mock) return undefined
  const { config, steps } = conversation
  if (config !== undefined && !options.configurations.includes(config))
    return `held under the configuration "${config}"`
  if (steps.some((step) => step.provider !== undefined)) return 'needs a social provider that answers as it is told'
  if (steps.some((step) => step.mail !== undefined) && options.mailbox === undefined) return 'needs a mailbox'
  return undefined
}

async function playOnMock(filed: FiledConversation, options: VerifyOptions, sandbox: string): Promise<Outcome> {
  const { conversation, file } = filed
  const target = await MockTarget.open(options, sandbox, configurationOf(conversation, file))
  try {
    return await compare(filed, target)
  } finally {
    await target.close()
  }
}

const playOnReal = (filed: FiledConversation, options: VerifyOptions): Promise<Outcome> =>
  compare(filed, new RealTarget(options, options.chance.code()))

/** Plays a conversation and compares every answer with the recorded one. */
export async function compare({ conversation }: FiledConversation, target: Target): Promise<Outcome> {
  const { name, title = '', observed } = conversation
  const comparison = new Comparison()
  const findings: Finding[] = []
  const notCompared: string[] = []
  let played = 0
  const outcome = (): Outcome => {
    const differing = new Set(findings.map(({ step }) => step)).size
    return {
      name,
      title,
      answers: observed.length,
      same: played - differing - notCompared.length,
      findings,
      notCompared,
    }
  }
  try {
    for await (const { seen, call } of playSteps(conversation, target)) {
      const recorded = observed[played++]
      if (recorded === undefined) continue
      if (call !== undefined && needsOwnAddress(recorded, call, target.addresses)) {
        notCompared.push(seen.id)
        continue
      }
      const expected = onOneAddress(recorded, target.addresses)
      const where = { conversation: name, step: seen.id, call, status: recorded.status }
      findings.push(...differences(comparison, expected, seen).map((one) => ({ ...one, ...where })))
    }
    return outcome()
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error
    return { ...outcome(), stopped: error.message }
  }
}

const ELSEWHERE = /^\/(version|admin\/|identities|recovery\/link|relation-tuples)/

/** On one address for all APIs nothing is another address's business: no redirect to it, no 404 for what is there. */
function needsOwnAddress({ status }: Observed, { api, path }: Call, addresses: Addresses): boolean {
  const others = Object.entries(addresses).filter(([other]) => other !== api)
  if (api !== 'public' || !others.some(([, at]) => at === addresses.public)) return false
  return ELSEWHERE.test(path) && (status === 404 || status === 307)
}

function differences(comparison: Comparison, expected: Observed, actual: Observed): Difference[] {
  const { id: _, ...was } = expected
  const { id: __, ...is } = actual
  return comparison.differences(was, is)
}

export { CannotVerify }
