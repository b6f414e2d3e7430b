import { parseArgs } from 'node:util'
import { type Bounds, chosenBounds } from '../bounds.ts'
import { parseDuration } from '../config/duration.ts'
import { UsageError } from './usage-error.ts'

/** The options of `serve`, as given: absent ones are undefined. */
export interface ServeOptions {
  readonly port: number | undefined
  readonly selfHosted: boolean
  readonly host: string | undefined
  readonly app: string | undefined
  readonly config: readonly string[]
  readonly fixture: string | undefined
  readonly scenario: string | undefined
  readonly dialect: 'spec' | 'wire'
  readonly requests: 'enforce' | 'report' | undefined
  readonly auth: string | undefined
  readonly data: string | undefined
  readonly seed: string | undefined
  readonly clock: number | undefined
  readonly strictSandboxes: boolean
  readonly sandboxTtl: string | undefined
  readonly allowedHosts: readonly string[]
  readonly trustProxy: boolean
  readonly journal: string | undefined
  readonly journalSecrets: boolean
  readonly bounds: Partial<Bounds>
  readonly noMagic: boolean
  readonly verbose: boolean
}

/** An option of a command, as `parseArgs` wants it, and what its help says about it. */
export interface OptionHelp {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  readonly value?: string
  readonly help: string
}

/** Every option of `serve`, with what `ory-mock --help` says about it. */
export const SERVE_OPTIONS = {
  port: { type: 'string', value: 'N', help: 'one port for every API (4000; 0 takes a free one)' },
  'self-hosted': { type: 'boolean', help: 'the ports of self-hosted servers: 4433, 4434, 4466, 4467, mail on 4437' },
  host: { type: 'string', value: 'ADDRESS', help: 'another interface than loopback' },
  app: {
    type: 'string',
    value: 'URL',
    help: "your app: pages, return addresses and CORS are then its, and nobody else's",
  },
  config: { type: 'string', multiple: true, value: 'FILE', help: 'kratos.yml or keto.yml, YAML or JSON; repeatable' },
  fixture: { type: 'string', value: 'NAME|FILE', help: 'what the world holds at the start (empty)' },
  scenario: { type: 'string', value: 'NAME|FILE', help: 'a situation to start in' },
  dialect: {
    type: 'string',
    value: 'spec|wire',
    help: 'bodies as the document wants them, or as the servers of 2022 sent them (spec)',
  },
  requests: {
    type: 'string',
    value: 'enforce|report',
    help: 'refuse what breaks the contract, or only report it (enforce; report with wire)',
  },
  auth: {
    type: 'string',
    value: 'off|any|TOKEN',
    help: 'bearer token of the secured operations (any; off with --self-hosted or wire)',
  },
  data: { type: 'string', value: 'FILE', help: 'keep all sandboxes across restarts; written within half a second' },
  seed: { type: 'string', value: 'TEXT', help: 'the same ids and codes for the same requests' },
  clock: { type: 'string', value: 'ISO', help: 'start at this time, with a clock that stands still' },
  'strict-sandboxes': { type: 'boolean', help: 'refuse sandboxes that do not exist' },
  'max-sandboxes': { type: 'string', value: 'N', help: 'at most so many sandboxes (10000)' },
  'sandbox-ttl': { type: 'string', value: 'DURATION', help: 'dispose of sandboxes idle for so long (1h)' },
  'allowed-host': { type: 'string', multiple: true, value: 'NAME', help: 'answer for this host name too; repeatable' },
  'trust-proxy': { type: 'boolean', help: 'believe X-Forwarded-Host, -Proto, -Port and -Prefix of a proxy in front' },
  'max-body': { type: 'string', value: 'BYTES', help: 'largest request body (1048576)' },
  'max-headers': { type: 'string', value: 'BYTES', help: 'most that the headers of a request may take (16384)' },
  'max-flows': { type: 'string', value: 'N', help: 'flows kept for each sandbox, the newest (200000)' },
  'max-mails': { type: 'string', value: 'N', help: 'mails kept for each sandbox, the newest (10000)' },
  'max-errors': {
    type: 'string',
    value: 'N',
    help: 'errors of the error page kept for each sandbox, the newest (10000)',
  },
  journal: { type: 'string', value: 'FILE', help: 'append every exchange to this file, as JSON Lines' },
  'journal-secrets': { type: 'boolean', help: 'write passwords, tokens and cookies into that file as they are' },
  'journal-size': { type: 'string', value: 'N', help: 'exchanges kept in memory for each sandbox (1000)' },
  'journal-bytes': { type: 'string', value: 'N', help: 'memory for the exchanges of all sandboxes (33554432)' },
  'max-snapshots': { type: 'string', value: 'N', help: 'snapshots kept for each sandbox (100)' },
  'no-magic': { type: 'boolean', help: 'treat SWITCH-NAME@mock.test like any other address' },
  verbose: { type: 'boolean', help: 'print every request' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies Record<string, OptionHelp>

/** @throws UsageError with one sentence */
export function readServeOptions(args: readonly string[]): ServeOptions | 'help' {
  const given = parse(args)
  if (given.help) return 'help'
  return {
    port: whole('port', given.port, 0, 65_535),
    selfHosted: given['self-hosted'] ?? false,
    host: given.host,
    app: url('app', given.app),
    config: given.config ?? [],
    fixture: given.fixture,
    scenario: given.scenario,
    dialect: choice('dialect', given.dialect, ['spec', 'wire']) ?? 'spec',
    requests: choice('requests', given.requests, ['enforce', 'report']),
    auth: given.auth,
    data: given.data,
    seed: given.seed,
    clock: instantOf(given.clock),
    strictSandboxes: given['strict-sandboxes'] ?? false,
    sandboxTtl: given['sandbox-ttl'],
    allowedHosts: given['allowed-host'] ?? [],
    trustProxy: given['trust-proxy'] ?? false,
    journal: given.journal,
    journalSecrets: given['journal-secrets'] ?? false,
    bounds: boundsOf(given),
    noMagic: given['no-magic'] ?? false,
    verbose: given.verbose ?? false,
  }
}

const BOUNDS = {
  'max-body': 'maxBody',
  'max-headers': 'maxHeaders',
  'max-sandboxes': 'maxSandboxes',
  'max-flows': 'maxFlows',
  'max-mails': 'maxMails',
  'max-errors': 'maxErrors',
  'max-snapshots': 'maxSnapshots',
  'journal-size': 'journalSize',
  'journal-bytes': 'journalBytes',
} as const satisfies Partial<Record<keyof typeof SERVE_OPTIONS, keyof Bounds>>

/** The bounds that are given. A flow has to outlive the request that begins it. */
function boundsOf(given: ReturnType<typeof parse>): Partial<Bounds> {
  const names = Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]
  return chosenBounds(
    Object.fromEntries(names.map((name) => [BOUNDS[name], whole(name, given[name], name === 'max-flows' ? 1 : 0)])),
  )
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SERVE_OPTIONS, allowPositionals: false }).values
  } catch (error) {
    throw usageOf(error, 'ory-mock --help')
  }
}

/** What `parseArgs` says is wrong, as one sentence. @param help the command that lists the options */
export function usageOf(error: unknown, help: string): UsageError {
  const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify')
  return new UsageError(`${sentence.replace(/\.$/, '')}. "${help}" lists the options.`)
}

/** @throws UsageError */
export function duration(name: string, text: string): number {
  const length = parseDuration(text)
  if (length === undefined) throw new UsageError(`--${name} takes a duration such as 30m or 1h30m, not "${text}".`)
  return length
}

/** @throws UsageError */
export function whole(
  name: string,
  text: string | undefined,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  const range = max < 1e6 ? ` from ${min} to ${max}` : min > 0 ? ` from ${min}` : ''
  throw new UsageError(`--${name} takes a whole number${range}, not "${text}".`)
}

/** @throws UsageError */
export function choice<T extends string>(name: string, text: string | undefined, choices: readonly T[]): T | undefined {
  if (text === undefined) return undefined
  const found = choices.find((each) => each === text)
  if (found === undefined) throw new UsageError(`--${name} takes ${choices.join(' or ')}, not "${text}".`)
  return found
}

function url(name: string, text: string | undefined): string | undefined {
  if (text === undefined || (URL.canParse(text) && /^https?:/.test(text))) return text
  throw new UsageError(`--${name} takes an address such as http://localhost:3000, not "${text}".`)
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new UsageError(`--clock takes a time such as 2026-01-31T12:00:00Z, not "${text}".`)
  return at
}
