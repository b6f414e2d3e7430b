import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { short } from './figures.ts'
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
 * `npm run bench -- ROW…` measures some rows only, and writes nothing.
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
  'Shares of processor time in a profile of the server within one process (`node --cpu-prof`, without the operating system, which takes',
  'about as much again for either server): proving who it is and reading the body for it 17 %; the new session with its five indexes 14 %;',
  'collecting garbage 10 %; sending 9 %; writing JSON 8 %; the router of Express 5 %; judging the',
  'reply 5 %; judging the request 4 %; the rest is Node. No single place stands out.',
  '',
  'What was tried and kept: request and response objects born with their prototypes, bodies read by events instead of iteration, headers as',
  'a list, ASCII sent as latin1, instants without detours, one express-openapi-validator for each operation with its route looked up once,',
  'and its compiled validators asked at once where it has nothing to prepare (judging a request takes 4 % of a login instead of 13 %), stages that wait only',
  'where there is something to wait for, JSON read once for all methods, flows saved only when they changed, schemas that skip the keywords',
  'they do not have. What was tried and brought nothing: lists instead of sets for what expires.',
  'Within one process a login takes 1.02 to 1.09 times the processor time that bare Express takes to parse the same body and send the same',
  'object; a `whoami` takes 0.48 times.',
  '',
  'Within one process, without what the operating system takes, a `whoami` takes 1.13 to 1.18 times (4 µs more) the processor time of a',
  'server that leaves the journal out. What it does takes 1 µs; the rest is memory: with entries that were new objects which refer to the',
  'texts of requests and answers it was 6 to 7 µs, as the garbage collector copies twice what lives on, so the texts are kept outside of the',
  'heap and entries are filled again. Ten connections that ask as fast as they can show more: the slower server wakes its clients more often.',
  '',
]

async function main(): Promise<void> {
  installOpponents()
  const wanted = process.argv.slice(2)
  const unknown = wanted.find((name) => !Object.hasOwn(ROWS, name))
  if (unknown !== undefined)
    throw new Error(`There is no row "${unknown}". There are: ${Object.keys(ROWS).join(', ')}.`)
  const before = load()
  const rows: Row[] = []
  for (const [name, measure] of Object.entries(ROWS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`Measuring ${name} …`)
    for (const row of await measure()) {
      rows.push(row)
      console.log(`  ${row.met ? 'met    ' : 'NOT MET'} ${row.what}: ${row.measured} (budget ${row.budget})`)
    }
  }
  console.log(`${rows.filter((row) => row.met).length} of ${rows.length} budgets met`)
  // a part of the rows is no result
  if (wanted.length > 0) return
  await writeFile(here('RESULTS.md'), report(rows, [before, load()]))
  console.log('See bench/RESULTS.md')
}

/** How many processes wanted a processor in the last minutes. */
const load = (): string => short(loadavg()[1] ?? Number.NaN)

function report(rows: readonly Row[], [before, after]: readonly [string, string]): string {
  return [
    '# Results of `npm run bench`',
    '',
    'Ratios in one run, each with the lowest and highest of its rounds. Validation both ways and the journal are on. "Bare Express" is',
    'Express 5 with default classes, `express.json()` and `express.urlencoded()`, that sends the same object by `res.json`. Prism mocks the',
    `same document. Load average of the machine, of ${availableParallelism()} processors: ${before} before, ${after} after.`,
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
