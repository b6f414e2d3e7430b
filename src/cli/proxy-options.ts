import { parseArgs } from 'node:util'
import type { Addresses } from '../verify/player.ts'
import { choice, duration, type OptionHelp, usageOf, whole } from './options.ts'
import { UsageError } from './usage-error.ts'
import { readAddresses } from './verify-options.ts'

/** The options of `proxy`, as given. */
export interface ProxyCliOptions {
  readonly to: Addresses
  readonly knownAs: Addresses
  readonly port: number
  readonly host: string | undefined
  readonly allowedHosts: readonly string[]
  readonly rewrite: boolean
  readonly checks: boolean
  readonly dialect: 'spec' | 'wire'
  readonly journal: string | undefined
  readonly journalSecrets: boolean
  readonly journalSize: number | undefined
  readonly record: string | undefined
  /** In milliseconds. */
  readonly timeout: number
  readonly maxBody: number
  readonly verbose: boolean
}

/** Every option of `proxy`, with what `ory-mock proxy --help` says about it. */
export const PROXY_OPTIONS = {
  to: {
    type: 'string',
    value: 'URL',
    help: 'the server behind: one address, or several (public=URL,admin=URL,read=URL,write=URL)',
  },
  'known-as': {
    type: 'string',
    value: 'URL',
    help: 'how the server behind calls itself, where that is another address: its base URL, or public=URL,admin=URL',
  },
  port: {
    type: 'string',
    value: 'N',
    help: 'the port (4000; 0 takes a free one); of several servers the first one, the others follow',
  },
  host: { type: 'string', value: 'ADDRESS', help: 'another interface than loopback' },
  'allowed-host': { type: 'string', multiple: true, value: 'NAME', help: 'answer for this host name too; repeatable' },
  'no-rewrite': { type: 'boolean', help: 'change nothing: neither addresses nor cookies nor headers' },
  dialect: {
    type: 'string',
    value: 'wire|spec',
    help: 'judge by what the servers of 2022 sent, or by the document (wire)',
  },
  journal: { type: 'string', value: 'FILE', help: 'append every exchange to this file, as JSON Lines' },
  'journal-secrets': { type: 'boolean', help: 'write passwords, tokens and cookies into that file as they are' },
  'journal-size': { type: 'string', value: 'N', help: 'exchanges kept in memory (1000)' },
  record: { type: 'string', value: 'DIR', help: 'write what is seen as a conversation and a fixture, secrets masked' },
  timeout: { type: 'string', value: 'DURATION', help: 'so long the server behind may show no sign of life (30s)' },
  'max-body': { type: 'string', value: 'BYTES', help: 'largest body that is held in memory (10485760)' },
  'no-checks': { type: 'boolean', help: 'judge and remember nothing' },
  verbose: { type: 'boolean', help: 'print every request' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies Record<string, OptionHelp>

/** @throws UsageError with one sentence */
export function readProxyOptions(args: readonly string[]): ProxyCliOptions | 'help' {
  const given = parse(args)
  if (given.help) return 'help'
  if (given.to === undefined) {
    throw new UsageError('Name the server behind: --to http://localhost:4433, or --to public=URL,admin=URL.')
  }
  return {
    to: readAddresses('to', given.to),
    knownAs: given['known-as'] === undefined ? {} : readAddresses('known-as', given['known-as']),
    port: whole('port', given.port, 0, 65_535) ?? 4000,
    host: given.host,
    allowedHosts: given['allowed-host'] ?? [],
    rewrite: !given['no-rewrite'],
    checks: !given['no-checks'],
    dialect: choice('dialect', given.dialect, ['spec', 'wire']) ?? 'wire',
    journal: given.journal,
    journalSecrets: given['journal-secrets'] ?? false,
    journalSize: whole('journal-size', given['journal-size']),
    record: given.record,
    timeout: duration('timeout', given.timeout ?? '30s'),
    maxBody: whole('max-body', given['max-body']) ?? 10_485_760,
    verbose: given.verbose ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: PROXY_OPTIONS, allowPositionals: false }).values
  } catch (error) {
    throw usageOf(error, 'ory-mock proxy --help')
  }
}
