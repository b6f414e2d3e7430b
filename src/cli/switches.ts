import { describeCatalogue, describeNotSwitchable } from '../simulation/control/switch-routes.ts'

/** `ory-mock switches`: the catalogue, by section. */
export function listSwitches(args: readonly string[]): void {
  const rows = describeCatalogue()
  if (args.includes('--json')) {
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  let section = ''
  for (const row of rows) {
    if (row.section !== section) console.log(`\n${row.section}`)
    section = row.section
    console.log(`  ${row.name.padEnd(34)} ${row.title}`)
  }
  console.log('\nNot to be had from a server')
  for (const { name, reason } of describeNotSwitchable()) console.log(`  ${name.padEnd(34)} ${reason}`)
  console.log(`\n${rows.length} switches. "--json" says how each comes about and what the client sees.`)
}
