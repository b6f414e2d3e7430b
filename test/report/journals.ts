import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import { report as command } from '../../src/cli/report.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { JournalFile } from '../../src/verdict/journal-file.ts'
import { runCli } from '../support/cli-process.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'

/** A folder for the files of one suite, gone after it. */
export function folderOf(name: string): {
  readonly path: (file: string) => string
  readonly read: (file: string) => string
} {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), `ory-mock-${name}-`))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = (file: string) => join(folder, file)
  return { path, read: (file) => readFileSync(path(file), 'utf8') }
}

/** The journal of a server of the fixture `team`, as `--journal FILE` writes it, while somebody uses it. */
export async function journalOf(file: string, use: (server: OnePortMock) => Promise<void>): Promise<void> {
  const server = await startOnePort({ fixture: 'team', requests: 'report' })
  const journal = new JournalFile(file, { dialect: 'spec', secrets: false, onError: (error) => Promise.reject(error) })
  server.mock.journals.listen((entry) => journal.add(entry))
  try {
    await use(server)
  } finally {
    await server.close()
    journal.close()
  }
}

/** Runs `ory-mock report` in a process of its own. */
export const report = (...args: readonly string[]) => runCli(['report', ...args])

/** The same command in this process, where it is asked many times. */
export async function reportHere(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly printed: string }> {
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text))
  try {
    return { code: await command(args), printed: printed.join('\n') }
  } catch (error) {
    if (error instanceof UsageError) return { code: 2, printed: error.message }
    throw error
  } finally {
    log.mockRestore()
  }
}
