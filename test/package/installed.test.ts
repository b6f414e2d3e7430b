import { once } from 'node:events'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest'
import { emptyFolder, outcome, pack, ROOT, sizeOf } from './packed.ts'

/*
 * The packed package in an empty project, as somebody who knows nothing but the README uses it: the files of test/guides,
 * on the oldest Node that is served and on the newest with long-term support. Where the package registry, or a browser, is
 * not at hand, these tests are skipped and say so; with REQUIRE_ALL=1 they fail.
 */

const NEWEST_LTS = '26'
const NODE_PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const CHROMIUM = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium'
const PATIENCE = 240_000
const QUIETLY = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']

const folder = emptyFolder()
const project = join(folder.path, 'project')
let size: number
let missing: string | undefined

/** What is in the project before npm is asked for anything. */
function layOutProject(): void {
  const guides = join(ROOT, 'test/guides')
  const filter = (source: string) => basename(source) !== 'tsconfig.json'
  cpSync(guides, project, { recursive: true, filter })
  cpSync(join(ROOT, 'test/package/in-project'), project, { recursive: true })
  const users = readFileSync(join(ROOT, 'test/test-api/exact-types.ts'), 'utf8')
  writeFileSync(join(project, 'exact-types.ts'), users.replace('../../src/index.ts', 'ory-mock'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }')
}

async function install(...packages: readonly string[]): Promise<void> {
  const env = { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
  const { code, printed } = await outcome('npm', ['install', ...QUIETLY, ...packages], { cwd: project, env })
  if (code !== 0) missing ??= `npm cannot install here: ${printed.split('\n').find((line) => /code|error/i.test(line))}`
}

const RUNNERS = ['vitest@^4.1', '@playwright/test@^1.65', 'jest@^30', 'cypress@^15']
const COMPILERS = ['typescript54@npm:typescript@~5.4.5', 'typescript7@npm:typescript@~7.0.2']

beforeAll(async () => {
  layOutProject()
  await install((await pack(folder.path)).file)
  size = missing === undefined ? sizeOf(join(project, 'node_modules')) : 0
  if (missing === undefined) await install(...RUNNERS, ...COMPILERS, `${NODE_PACKAGE}@${NEWEST_LTS}`)
}, PATIENCE)
afterAll(() => folder.remove())

/** Skips a test for which something is not at hand. */
function need({ skip }: TestContext, what: string | undefined): void {
  if (what === undefined) return
  if (process.env['REQUIRE_ALL'] === '1') expect.fail(what)
  process.stderr.write(`Skipped: ${what}\n`)
  skip(what)
}

const inProject = (path: string): string => join(project, 'node_modules', path)

/** Of a Node that npm brought, or of the one that runs this. */
const nodeOf = (version: string): string =>
  version === NEWEST_LTS ? inProject(`${NODE_PACKAGE}/bin/node`) : process.execPath

test('takes at most 25 MB, with all that it needs', (context) => {
  need(context, missing)
  expect(size).toBeGreaterThan(5e6)
  expect(size).toBeLessThanOrEqual(25e6)
})

/** Runs a configuration of Playwright, the programs that it starts on the same Node. */
function playwright(node: string, config: string, ...args: readonly string[]) {
  const PATH = `${dirname(node)}${delimiter}${process.env['PATH']}`
  const program = [inProject('@playwright/test/cli.js'), 'test', '--config', config, ...args]
  return outcome(node, program, { cwd: join(project, 'playwright'), env: { ...process.env, PATH } })
}

/** The configuration of the README on free ports, with the browser that is there. */
async function onFreePorts(): Promise<string> {
  const [mock, app] = [await freePort(), await freePort()]
  const config = readFileSync(join(project, 'playwright/playwright.config.ts'), 'utf8')
  const here = config.replaceAll('4000', String(mock)).replaceAll('3000', String(app))
  const browser = { executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] }
  writeFileSync(
    join(project, 'playwright/here.config.ts'),
    `${here.replace('use: {', `workers: 3, reporter: 'list', use: { launchOptions: ${JSON.stringify(browser)},`)}`,
  )
  return 'here.config.ts'
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

describe.each([process.versions.node, NEWEST_LTS])('on Node %s', (version) => {
  test('the Vitest suite of the README passes', { timeout: PATIENCE }, async (context) => {
    need(context, missing)
    const { code, printed } = await outcome(nodeOf(version), [inProject('vitest/vitest.mjs'), 'run', 'vitest/'], {
      cwd: project,
    })
    expect(printed).toMatch(/Tests.* 3 passed/)
    expect(code).toBe(0)
  })

  test('the Jest suite passes', { timeout: PATIENCE }, async (context) => {
    need(context, missing)
    const args = ['--experimental-vm-modules', inProject('jest/bin/jest.js'), 'jest/']
    const { code, printed } = await outcome(nodeOf(version), args, { cwd: project })
    expect(printed).toMatch(/Tests: .*2 passed/)
    expect(code).toBe(0)
  })

  test('the Playwright suite of the README passes, in parallel workers', { timeout: PATIENCE }, async (context) => {
    need(context, missing)
    need(
      context,
      existsSync(CHROMIUM) ? undefined : `no Chromium at ${CHROMIUM}: install one, or name it in CHROMIUM_PATH`,
    )
    const { code, printed } = await playwright(nodeOf(version), await onFreePorts())
    expect(printed).toMatch(/Running 3 tests using 3 workers[\s\S]*3 passed/)
    expect(code).toBe(0)
  })
})

test('a Playwright test that fails has the journal of its sandbox attached', { timeout: PATIENCE }, async (context) => {
  need(context, missing)
  const { printed } = await playwright(process.execPath, '../fails.config.ts')
  const { suites } = JSON.parse(printed) as { suites: readonly { specs: readonly Spec[] }[] }
  const [result] = suites[0]?.specs[0]?.tests[0]?.results ?? []
  const attached = new Map(
    result?.attachments.map(({ name, body = '' }) => [name, Buffer.from(body, 'base64').toString()]),
  )
  expect(result?.status).toBe('failed')
  expect(attached.get('ory-mock')).toBe('GET /sessions/whoami → 401 (toSession)')
  expect(JSON.parse(attached.get('ory-mock.json') ?? '')).toMatchObject([{ operation: 'toSession', status: 401 }])
})

interface Spec {
  readonly tests: readonly {
    readonly results: readonly {
      readonly status: string
      readonly attachments: readonly { readonly name: string; readonly body?: string }[]
    }[]
  }[]
}

describe.each(['typescript54', 'typescript7'])('the declarations, under %s', (compiler) => {
  test.for(['nodenext', 'bundler'])(
    'compile without any other types, by moduleResolution %s',
    async (resolution, context) => {
      need(context, missing)
      expect(await compile(compiler, resolution, 'exact-types.ts')).toEqual([])
    },
  )

  test('of the fixtures compile beside those of their runners', async (context) => {
    need(context, missing)
    // what the runners' own declarations lack, such as those of Node, is none of ours
    const printed = await compile(compiler, 'bundler', 'runners.ts')
    expect(printed.filter((line) => /^runners\.ts|ory-mock/.test(line))).toEqual([])
  })
})

test('the guide for Cypress compiles; it is not run, as its program is not installed here', async (context) => {
  need(context, missing)
  const compilerOptions = { module: 'esnext', moduleResolution: 'bundler', target: 'es2022', types: ['cypress'] }
  const options = { ...compilerOptions, strict: true, skipLibCheck: true, noEmit: true }
  writeFileSync(
    join(project, 'tsconfig.cypress.json'),
    JSON.stringify({ compilerOptions: options, include: ['cypress'] }),
  )
  const args = [inProject('typescript54/bin/tsc'), '-p', 'tsconfig.cypress.json']
  expect((await outcome(process.execPath, args, { cwd: project })).printed).toBe('')
})

/** @returns what the compiler says, by lines */
async function compile(compiler: string, moduleResolution: string, file: string): Promise<string[]> {
  const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext'
  const strictly = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, types: [], noEmit: true }
  const compilerOptions = { module, moduleResolution, target: 'es2022', lib: ['es2022', 'dom'], ...strictly }
  const config = `tsconfig.${compiler}.${moduleResolution}.${file}.json`
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: [file] }))
  const { printed } = await outcome(process.execPath, [inProject(`${compiler}/bin/tsc`), '-p', config], {
    cwd: project,
  })
  return printed.split('\n').filter((line) => line !== '')
}
