import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

export interface ListOptions {
  readonly json: boolean
  /** What it shall be about; without any, everything. */
  readonly names: readonly string[]
}

/**
 * The options of a command that lists something: `--json`, and names where it takes any.
 * @throws UsageError
 */
export function readListOptions(command: string, args: readonly string[], takesNames = false): ListOptions {
  try {
    const options = { json: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: takesNames })
    return { json: values.json ?? false, names: positionals }
  } catch {
    const usage = `ory-mock ${command}${takesNames ? ' [NAMES]' : ''} [--json]`
    throw new UsageError(`"ory-mock ${[command, ...args].join(' ')}" is not understood. It is used so: ${usage}.`)
  }
}
