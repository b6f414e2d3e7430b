import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Row } from './result.ts'
import { start } from './rows/start.ts'
import { throughput } from './rows/throughput.ts'
import { tuples } from './rows/tuples.ts'

/*
 * `npm run bench`: the budgets of the design as ratios, each against a named opponent in the same run, written to RESULTS.md.
 */

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The opponents come from a manifest of their own, and never into the root's dependencies. */
function installOpponents(): void {
  if (existsSync(here('opponents/node_modules'))) return
  console.log('Installing the opponents …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: here('opponents'), stdio: 'inherit' })
  if (status !== 0) throw new Error('The opponents could not be installed.')
}

const ROWS = { start, throughput, tuples }

async function main(): Promise<void> {
  installOpponents()
  const rows: Row[] = []
  for (const [name, measure] of Object.entries(ROWS)) {
    console.log(`Measuring ${name} …`)
    for (const row of await measure()) {
      rows.push(row)
      console.log(`  ${row.met ? 'met    ' : 'NOT MET'} ${row.what}: ${row.measured} (budget ${row.budget})`)
    }
  }
  await writeFile(here('RESULTS.md'), report(rows))
  console.log(`${rows.filter((row) => row.met).length} of ${rows.length} budgets met; see bench/RESULTS.md`)
}

function report(rows: readonly Row[]): string {
  return [
    '# Results of `npm run bench`',
    '',
    'Ratios in one run, each with the lowest and highest of its rounds. Validation both ways and the journal are on. "Bare Express" is',
    'Express 5 with default classes, `express.json()` and `express.urlencoded()`, that sends the same object by `res.json`. Prism mocks the',
    'same document.',
    '',
    '| What | Budget | Measured | Met | How |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) => `| ${row.what} | ${row.budget} | ${row.measured} | ${row.met ? 'yes' : '**no**'} | ${row.how} |`,
    ),
    '',
  ].join('\n')
}

await main()
