import { describeCatalogue, describeNotSwitchable } from '../simulation/control/switch-routes.ts'
import { checkSwitch } from '../simulation/switches/thrown.ts'
import { readListOptions } from './list-options.ts'
import { UsageError } from './usage-error.ts'

/**
 * `ory-mock switches [NAMES]`: the catalogue, by section, or all that there is to know of some.
 * @throws UsageError when there is no switch of a name
 */
export function listSwitches(args: readonly string[]): void {
  const { json, names } = readListOptions('switches', args, true)
  const [problem] = names.flatMap((name) => checkSwitch(name, ''))
  if (problem) throw new UsageError(`${problem.message} ${problem.hint}`)
  const rows = describeCatalogue().filter(({ name }) => names.length === 0 || names.includes(name))
  if (json) console.log(JSON.stringify(rows, null, 2))
  else if (names.length > 0) console.log(rows.map(detailsOf).join('\n\n'))
  else printTable(rows)
}

type Row = ReturnType<typeof describeCatalogue>[number]

function printTable(rows: readonly Row[]): void {
  let section = ''
  for (const row of rows) {
    if (row.section !== section) console.log(`\n${row.section}`)
    section = row.section
    console.log(`  ${row.name.padEnd(34)} ${row.title}`)
  }
  console.log('\nNot to be had from a server')
  for (const { name, reason } of describeNotSwitchable()) console.log(`  ${name.padEnd(34)} ${reason}`)
  console.log(`\n${rows.length} switches. "ory-mock switches NAME" says how one comes about and what the client sees.`)
}

function detailsOf({ name, title = '', how = '', sees = '', operations = [], parameters = {}, ...rest }: Row): string {
  const given = Object.entries(parameters).map(
    ([key, { type, default: otherwise, help }]) =>
      `              ${key}: ${help} (${type}${otherwise === '' ? '' : `, ${otherwise} if left out`})`,
  )
  return [
    `${name}: ${title}`,
    `  how         ${how}`,
    `  sees        ${sees}`,
    ...(rest.breaksContract ? ['  contract    broken on purpose: a header and the journal say so'] : []),
    `  operations  ${operations === '*' ? 'all' : operations.join(', ')}`,
    ...(given.length > 0 ? ['  parameters', ...given] : []),
    `  throw it    curl -H 'X-Mock-Switch: ${name}' …, or {"name": "${name}", "times": 1} to /__mock/switches`,
  ].join('\n')
}
