import { namedFiles } from '../simulation/named-files.ts'
import { loadScenario } from '../simulation/scenario.ts'

/** `ory-mock scenarios`: those of the working directory, then ours. */
export function listScenarios(args: readonly string[]): void {
  const rows = namedFiles('scenarios').map(({ name }) => {
    const { title, story } = loadScenario(name).scenario
    return { name, title, story }
  })
  if (args.includes('--json')) console.log(JSON.stringify(rows, null, 2))
  else for (const { name, title } of rows) console.log(`${name.padEnd(28)} ${title}`)
}
