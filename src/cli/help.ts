import { type OptionHelp, SERVE_OPTIONS } from './options.ts'

const COMMANDS = [
  ['[serve]', 'serve the Ory APIs (the default)'],
  ['check [FILES]', 'check the specification, overlays, configurations, fixtures and scenarios'],
  ['operations', 'list the operations, and which are still answered by generated data (--json)'],
  ['scenarios [NAMES]', 'list the scenarios that can be started, or tell the story of some (--json)'],
  ['switches [NAMES]', 'list the error and edge states that can be switched on, or say all about some (--json)'],
  ['proxy', 'check the contract between a client and a real Ory (proxy --help)'],
  ['verify', 'play recorded conversations against a running server and print what it does otherwise (verify --help)'],
  ['report JOURNALS', 'what journals say of the contract: coverage, violations; fails a build (report --help)'],
  ['env', 'print what an app must export to use the server (--port N, --self-hosted)'],
] as const

/** What `ory-mock --help` prints. */
export function help(): string {
  return [
    'ory-mock: a stateful mock and contract-testing server for the Ory APIs. For tests only.',
    '',
    'Commands',
    ...table(COMMANDS),
    '',
    'Options of serve',
    ...optionsHelp(SERVE_OPTIONS),
  ].join('\n')
}

/** The options of a command, a line each. */
export function optionsHelp(options: Readonly<Record<string, OptionHelp>>): string[] {
  return table(
    Object.entries(options).map(([name, { value, help }]) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      help,
    ]),
  )
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}
