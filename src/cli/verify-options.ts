import { parseArgs } from 'node:util'
import { configurationNames } from '../verify/conversation.ts'
import { type Addresses, APIS, RECORDED_AT } from '../verify/player.ts'
import { type OptionHelp, usageOf } from './options.ts'
import { UsageError } from './usage-error.ts'

/** The options of `verify`, as given. */
export interface VerifyCliOptions {
  readonly addresses: Addresses
  /** Files and folders of conversations; none for those that are shipped. */
  readonly files: readonly string[]
  readonly only: readonly string[]
  readonly configurations: readonly string[]
  readonly mailbox: string | undefined
  readonly token: string | undefined
  readonly json: boolean
}

/** Every option of `verify`, with what `ory-mock verify --help` says about it. */
export const VERIFY_OPTIONS = {
  against: {
    type: 'string',
    value: 'URL',
    help: 'the server: one address, several (public=URL,admin=URL,read=URL,write=URL), or "self-hosted" for the usual ports',
  },
  configuration: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'the configuration that a real server runs (see spec/conversations/configurations); repeatable',
  },
  only: { type: 'string', multiple: true, value: 'BEGINNING', help: 'conversations whose names begin so; repeatable' },
  mail: { type: 'string', value: 'URL', help: "a real server's mailbox in Mailslurper's dialect" },
  token: { type: 'string', value: 'TEXT', help: 'the bearer token of administration (ORY_PAT)' },
  recorded: { type: 'boolean', help: 'judge the recorded answers by the document as published; needs no server' },
  json: { type: 'boolean', help: 'print JSON' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies Record<string, OptionHelp>

/** @throws UsageError with one sentence */
export function readVerifyOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): VerifyCliOptions | 'help' | { readonly recorded: true; readonly json: boolean } {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  if (values.recorded) return { recorded: true, json: values.json ?? false }
  if (values.against === undefined) {
    throw new UsageError('Name the server to verify: --against http://localhost:4433, or --against self-hosted.')
  }
  return {
    addresses: readAddresses('against', values.against),
    files: positionals,
    only: values.only ?? [],
    configurations: (values.configuration ?? []).map(checkConfiguration),
    mailbox: values.mail === undefined ? undefined : readAddress('mail', values.mail),
    token: values.token ?? env['ORY_PAT'],
    json: values.json ?? false,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: VERIFY_OPTIONS, allowPositionals: true })
  } catch (error) {
    throw usageOf(error, 'ory-mock verify --help')
  }
}

/**
 * The addresses of a server: one for all APIs, or `public=URL,admin=URL,…`.
 * @param option what they were given by
 * @throws UsageError
 */
export function readAddresses(option: string, text: string): Addresses {
  if (text === 'self-hosted') return RECORDED_AT
  const parts = text.split(',').map((part) => /^([a-z]+)=(.*)$/.exec(part))
  if (!parts.some(Boolean)) {
    const address = readAddress(option, text)
    return { public: address, admin: address, read: address, write: address }
  }
  return Object.fromEntries(
    parts.map((part) => {
      const api = APIS.find((each) => each === part?.[1])
      if (api === undefined) {
        throw new UsageError(`--${option} takes one address, or several as public=URL,admin=URL,read=URL,write=URL.`)
      }
      return [api, readAddress(option, part?.[2] ?? '')]
    }),
  )
}

function readAddress(option: string, text: string): string {
  const url = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.search !== '' || url.hash !== '') {
    throw new UsageError(`--${option} takes an address such as http://localhost:4433, not "${text}".`)
  }
  return url.href.replace(/\/+$/, '')
}

function checkConfiguration(name: string): string {
  // a file names a configuration of the user's own
  if (/[./]/.test(name) || configurationNames().includes(name)) return name
  throw new UsageError(`There is no configuration "${name}"; there are ${configurationNames().join(', ')}.`)
}
