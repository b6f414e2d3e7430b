import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { readServeOptions } from '../../src/cli/options.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/*
 * The guides of the README: what it shows are the files beside this one. Those of Vitest, Jest and Playwright run in an
 * empty project (test/package/installed.test.ts), as Cypress' is compiled there; those of Python and Go run here.
 */

const HERE = fileURLToPath(new URL('.', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ory-mock/', import.meta.url))
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const PATIENCE = 240_000
const run = promisify(execFile)

let server: OnePortMock
beforeAll(async () => {
  server = await startOnePort({ clock: Date.now() })
})
afterAll(() => server.close())

describe('the README', () => {
  test.each([
    'vitest/home-page.test.ts',
    'playwright/playwright.config.ts',
    'playwright/sign-in.spec.ts',
    'jest/home-page.test.js',
    'python/test_whoami.py',
    'go/whoami_test.go',
    'cypress/sign-in.cy.ts',
    'docker/compose.yaml',
  ])('shows or links %s', (file) => {
    const linked = README.includes(`(test/guides/${file})`)
    expect(linked || README.includes(readFileSync(join(HERE, file), 'utf8').trim())).toBe(true)
  })
})

/** Runs a suite in another language. @returns why it cannot be run here, if so */
async function suite(prepare: () => Promise<unknown>, command: readonly string[], folder: string) {
  mkdirSync(CACHE, { recursive: true })
  const failure = await prepare().then(
    () => undefined,
    (error: Error) => error.message.split('\n')[0],
  )
  if (failure !== undefined) return failure
  const [program = '', ...args] = command
  const env = { ...process.env, ORY_MOCK_URL: server.url }
  const { stdout, stderr } = await run(program, args, { cwd: join(HERE, folder), env, timeout: PATIENCE })
  expect(stdout + stderr).toMatch(/^(OK|ok\s)/m)
  return undefined
}

describe.each([
  {
    name: 'Python',
    run: async () => {
      const program = join(CACHE, 'guide-python', 'bin', 'python')
      const prepare = async () => {
        if (!existsSync(program)) await run('python3', ['-m', 'venv', join(CACHE, 'guide-python')])
        const requirements = join(HERE, 'python', 'requirements.txt')
        await run(program, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { timeout: PATIENCE })
      }
      return await suite(prepare, [program, '-m', 'unittest'], 'python')
    },
  },
  {
    name: 'Go',
    run: () =>
      suite(() => run('go', ['mod', 'download'], { cwd: join(HERE, 'go') }), ['go', 'test', '-count=1', './...'], 'go'),
  },
])('the suite in $name', ({ name, run: play }) => {
  it('passes', { timeout: 2 * PATIENCE }, async ({ skip }) => {
    const missing = await play()
    if (missing === undefined) return
    if (process.env['REQUIRE_ALL'] === '1') expect.fail(`${name} cannot be had here: ${missing}`)
    process.stderr.write(`Skipped: the guide in ${name} (${missing})\n`)
    skip(missing)
  })
})

test('the service of the compose file starts ory-mock with options that it has', () => {
  const compose = parse(readFileSync(join(HERE, 'docker/compose.yaml'), 'utf8')) as {
    readonly services: { readonly ory: { readonly command: string } }
  }
  const [, args = ''] = /^npx --yes ory-mock (.*)$/.exec(compose.services.ory.command) ?? []
  expect(readServeOptions(args.split(' '))).toMatchObject({ host: '0.0.0.0', allowedHosts: ['ory'], fixture: 'team' })
})
