import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../src/verdict/entry.ts'
import { runCli, startCli } from '../support/cli-process.ts'

const PASSWORD = 'wrong-horse-battery'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ory-mock-journal-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

/** Begins a login and submits a wrong password. @returns what the control API shows of it */
async function logIn(url: string): Promise<readonly JournalEntry[]> {
  const flow = (await (await fetch(`${url}/self-service/login/api`)).json()) as { id: string }
  await fetch(`${url}/self-service/login?flow=${flow.id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ method: 'password', password: PASSWORD, identifier: 'ada@example.com' }),
  })
  return (await (await fetch(`${url}/__mock/journal`)).json()) as JournalEntry[]
}

describe('--journal FILE', () => {
  it('has a head for each server and a line for each exchange, as the control API shows it, when SIGTERM ends it', async () => {
    const file = join(folder, 'runs.jsonl')
    for (const dialect of ['spec', 'wire']) {
      const program = await startCli(['--journal', file, '--dialect', dialect])
      const shown = await logIn(program.url)
      expect(await program.end('SIGTERM')).toBe(0)
      const [head, ...entries] = linesOf(file).slice(-3)
      expect(head).toEqual({ 'ory-mock': expect.any(String), dialect, started_at: expect.any(String) })
      expect(entries).toEqual(shown)
      expect(entries).toHaveLength(2)
    }
    expect(linesOf(file)).toHaveLength(6)
    expect(readFileSync(file, 'utf8')).not.toContain(PASSWORD)
  })

  it('is written while the server runs, with secrets where they are asked for, and without a journal in memory', async () => {
    const file = join(folder, 'secrets.jsonl')
    const program = await startCli(['--journal', file, '--journal-secrets', '--journal-size', '0'])
    expect(await logIn(program.url)).toEqual([])
    await expect.poll(() => readFileSync(file, 'utf8')).toContain(PASSWORD)
    expect(await program.end('SIGKILL')).toBeNull()
    expect(linesOf(file)).toHaveLength(3)
  })

  it('that cannot be opened ends the program with what is wrong', async () => {
    const file = join(folder, 'no', 'such', 'folder.jsonl')
    const { code, printed } = await runCli(['serve', '--port', '0', '--journal', file])
    expect(code).toBe(2)
    expect(printed).toContain(`--journal: ${file} cannot be opened: ENOENT`)
  })

  it('that cannot be written any more is reported once, and the server goes on', async () => {
    const file = join(folder, 'full.jsonl')
    const program = await startCli(['--journal', file], { blocks: 4 })
    for (let count = 0; count < 3; count++) await logIn(program.url)
    await expect.poll(program.printed).toContain(`The journal ${file} cannot be written any more`)
    expect((await logIn(program.url)).length).toBe(8)
    expect(program.printed().match(/cannot be written/g)).toHaveLength(1)
    await program.end('SIGTERM')
  })
})
