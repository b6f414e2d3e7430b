import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createContract } from '../contract/contract.ts'
import { htmlReport } from '../report/html.ts'
import { jsonReport } from '../report/json.ts'
import { junitReport } from '../report/junit.ts'
import { markdownReport } from '../report/markdown.ts'
import { type JournalsRead, readJournals, UnreadableJournal } from '../report/read-journals.ts'
import { makeReport, type Report } from '../report/report.ts'
import { matches, type Rules, readRules, UnreadableRule } from '../report/rules.ts'
import { terminalReport } from '../report/terminal.ts'
import { optionsHelp } from './help.ts'
import { type OptionHelp, usageOf } from './options.ts'
import { progress } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** Options of `report`, with what `ory-mock --help` says about them. */
export const REPORT_OPTIONS = {
  html: {
    type: 'string',
    value: 'FILE',
    help: 'one page: searchable, needs no network; - writes to the terminal instead',
  },
  json: { type: 'string', value: 'FILE', help: 'everything, for programs' },
  junit: { type: 'string', value: 'FILE', help: "JUnit's XML, for build servers" },
  markdown: { type: 'string', value: 'FILE', help: 'a summary, for pull requests' },
  'fail-under': { type: 'string', value: 'PERCENT', help: 'exit 1 when less of the contract is covered' },
  'fail-on': {
    type: 'string',
    multiple: true,
    value: 'RULE',
    help: 'exit 1 on violations, unmatched, uncovered=OPERATION[:DIMENSION[=VALUE]]; none (violations); repeatable',
  },
  operations: {
    type: 'string',
    multiple: true,
    value: 'PATTERN',
    help: 'only these count for the coverage; * stands for anything; repeatable',
  },
  quiet: { type: 'boolean', help: 'nothing in the terminal' },
  help: { type: 'boolean', help: 'this' },
} as const satisfies Record<string, OptionHelp>

const FORMATS = {
  html: htmlReport,
  json: jsonReport,
  junit: junitReport,
  markdown: markdownReport,
} as const satisfies Readonly<Record<string, (report: Report, at: number) => string>>

/**
 * `ory-mock report JOURNAL…`: what journals say of the contract, in the terminal and in files.
 * @returns the exit code: 1 when something fails the build
 * @throws UsageError for options and journals that cannot be read, and files that cannot be written
 */
export async function report(args: readonly string[]): Promise<0 | 1> {
  const { values, positionals } = parse(args)
  if (values.help) {
    console.log(['ory-mock report JOURNALS', '', ...optionsHelp(REPORT_OPTIONS)].join('\n'))
    return 0
  }
  if (positionals.length === 0)
    throw new UsageError(
      'Which journals? "ory-mock report journal.jsonl"; "ory-mock --journal journal.jsonl" writes one.',
    )
  const contract = createContract({ dialect: 'spec' })
  const ids = contract.operations.map(({ operationId }) => operationId)
  const patterns = values.operations ?? ['*']
  const strange = patterns.find((pattern) => !ids.some((id) => matches(pattern, id)))
  if (strange !== undefined)
    throw new UsageError(`--operations: no operation is called "${strange}". "ory-mock operations" lists them.`)
  const rules = rulesOf(values['fail-on'] ?? [], values['fail-under'], ids)
  const read = await readAll(positionals)
  const made = makeReport(contract, read, rules, (id) => patterns.some((pattern) => matches(pattern, id)))
  const written = await writeFormats(made, values)
  if (!values.quiet && !written.includes('-')) console.log(terminalReport(made))
  return made.passed ? 0 : 1
}

/** So often it is said how far the reading is, in milliseconds. */
const EVERY = 1_000

async function readAll(files: readonly string[]): Promise<JournalsRead> {
  const bar = progress(process.stderr)
  let said = performance.now()
  try {
    return await readJournals(files, (exchanges, file) => {
      if (performance.now() - said < EVERY) return
      said = performance.now()
      bar.show(`${file}: ${exchanges.toLocaleString('en')} exchanges`)
    })
  } catch (error) {
    throw error instanceof UnreadableJournal ? new UsageError(error.message) : error
  } finally {
    bar.clear()
  }
}

async function writeFormats(made: Report, values: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const now = Date.now()
  const written: string[] = []
  for (const [format, write] of Object.entries(FORMATS)) {
    const file = values[format]
    if (typeof file !== 'string') continue
    const text = write(made, now)
    if (file === '-') process.stdout.write(text)
    else await writeFile(file, text).catch((error: Error) => cannotWrite(format, file, error))
    written.push(file)
  }
  return written
}

function cannotWrite(format: string, file: string, error: Error): never {
  throw new UsageError(`--${format}: ${file} cannot be written: ${error.message}.`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: REPORT_OPTIONS, allowPositionals: true })
  } catch (error) {
    throw usageOf(error, 'ory-mock report --help')
  }
}

function rulesOf(given: readonly string[], under: string | undefined, ids: readonly string[]): Rules {
  try {
    return readRules(given, under, ids)
  } catch (error) {
    throw error instanceof UnreadableRule ? new UsageError(error.message) : error
  }
}
