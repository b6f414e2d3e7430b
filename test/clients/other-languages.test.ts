import { execFile } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { publishedRoutes } from '../support/published-routes.ts'
import { startOnePort } from '../support/running-mock.ts'
import { WALKABLE } from '../support/walkable.ts'

/*
 * Ory's generated clients for Python and Go call every operation and decode every success body into their own types. Each
 * program prints the operations whose answers it decoded. Where a language, or its package registry, is not at hand, its
 * test is skipped and says so; with REQUIRE_ALL=1 it fails.
 */

const run = promisify(execFile)
const HERE = fileURLToPath(new URL('.', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/ory-mock/', import.meta.url))
const PATIENCE = 180_000

/** Without the parameters that say what is asked, which the document leaves out here, nothing can be allowed. */
const UNDECIDABLE = ['getCheckMirrorStatus', 'postCheckMirrorStatus']

interface Language {
  readonly name: string
  /** Installs the client. @returns the program and its arguments, before the server's address */
  readonly prepare: () => Promise<readonly [program: string, ...args: string[]]>
  /** How the client names an operation. */
  readonly named: (operationId: string) => string
}

const python: Language = {
  name: 'Python',
  prepare: async () => {
    const folder = join(CACHE, 'python')
    const program = join(folder, 'bin', 'python')
    if (!existsSync(program)) await run('python3', ['-m', 'venv', folder])
    const requirements = join(HERE, 'python', 'requirements.txt')
    await run(program, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { timeout: PATIENCE })
    return [program, join(HERE, 'python', 'walk.py')]
  },
  named: (operationId) => operationId.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase(),
}

const go: Language = {
  name: 'Go',
  prepare: async () => {
    const program = join(CACHE, 'go-walk')
    await run('go', ['build', '-o', program, '.'], { cwd: join(HERE, 'go'), timeout: PATIENCE })
    return [program]
  },
  named: (operationId) => operationId,
}

describe.each([python, go])("Ory's client for $name", ({ name, prepare, named }) => {
  it('decodes every success body', { timeout: 2 * PATIENCE }, async ({ skip }) => {
    mkdirSync(CACHE, { recursive: true })
    const prepared = await prepare().catch((error: Error) => error)
    if (prepared instanceof Error) {
      const missing = `${name} and Ory's client for it cannot be had here: ${prepared.message.split('\n')[0]}`
      if (process.env['REQUIRE_ALL'] === '1') expect.fail(missing)
      process.stderr.write(`Skipped: ${missing}\n`)
      return skip(missing)
    }
    const server = await startOnePort({ ...WALKABLE, clock: Date.now() })
    const [program, ...args] = prepared
    try {
      const { stdout } = await run(program, [...args, server.url], { timeout: PATIENCE })
      const decodable = publishedRoutes
        .map(([, , operationId]) => operationId)
        .filter((id) => !UNDECIDABLE.includes(id))
      expect([...new Set(stdout.trim().split('\n'))].sort()).toEqual(decodable.map(named).sort())
      expect(server.failures).toEqual([])
    } finally {
      await server.close()
    }
  })
})
