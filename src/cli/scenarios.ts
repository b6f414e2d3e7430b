import { describeScenarios } from '../simulation/scenario.ts'

/** `ory-mock scenarios`: those of the working directory, then ours. */
export function listScenarios(args: readonly string[]): void {
  const rows = describeScenarios()
  if (args.includes('--json')) console.log(JSON.stringify(rows, null, 2))
  else for (const { name, title } of rows) console.log(`${name.padEnd(34)} ${title}`)
}
