import { describeScenarios } from '../simulation/scenario.ts'
import { readListOptions } from './list-options.ts'
import { UsageError } from './usage-error.ts'

/**
 * `ory-mock scenarios [NAMES]`: those of the working directory, then ours; of named ones their story.
 * @throws UsageError when there is no scenario of a name
 */
export function listScenarios(args: readonly string[]): void {
  const { json, names } = readListOptions('scenarios', args, true)
  const all = describeScenarios()
  const unknown = names.find((name) => !all.some((each) => each.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`There is no scenario "${unknown}". "ory-mock scenarios" lists them.`)
  }
  const rows = names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
  if (json) console.log(JSON.stringify(rows, null, 2))
  else if (names.length > 0) console.log(rows.map(withStory).join('\n\n'))
  else for (const { name, title } of rows) console.log(`${name.padEnd(34)} ${title}`)
}

function withStory({ name, title, story }: ReturnType<typeof describeScenarios>[number]): string {
  const lines = story.split('\n').map((line) => `  ${line}`)
  return [`${name}: ${title}`, ...lines, `  Start in it: ory-mock --scenario ${name}`].join('\n')
}
