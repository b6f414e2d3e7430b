import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Row } from './result.ts'
import { crowd } from './rows/crowd.ts'
import { growth } from './rows/growth.ts'
import { journal } from './rows/journal.ts'
import { life } from './rows/life.ts'
import { proxy } from './rows/proxy.ts'
import { start } from './rows/start.ts'
import { switches } from './rows/switches.ts'
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

const ROWS = { start, throughput, crowd, life, growth, switches, journal, tuples, proxy }

/** Where the time of a login goes, for the row that is the hardest to meet: from profiles of the server under load. */
const PROFILE = [
  '## Where the time of a login goes',
  '',
  'Shares of processor time in a profile of the server under load (`node --cpu-prof`, ten connections): writing to the socket 22 %; reading',
  'the flow, checking the password, making and saving the session 18 %; judging the request and reading its body 13 %; judging the reply 5 %;',
  'collecting garbage 6 %; the rest is Node and Express. No single place stands out. What was tried and kept: request and response objects',
  'born with their prototypes, bodies read by events instead of iteration, headers as a list, instants without detours, one',
  'express-openapi-validator for each operation with its route looked up once. The rounds differ by a factor of four when others use the',
  'machine: compare the lowest and the highest.',
  '',
]

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
    ...(rows.every((row) => row.met) ? [] : PROFILE),
  ].join('\n')
}

await main()
