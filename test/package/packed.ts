import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/* The package as it is published, and empty folders to use it in. */

export const run = promisify(execFile)
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Packed {
  /** The tarball. */
  readonly file: string
  /** What it contains, by paths from its root. */
  readonly paths: readonly string[]
}

/** Builds and packs, as `npm publish` would. */
export async function pack(into: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', into, '--silent'], { cwd: ROOT })
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as {
    readonly filename: string
    readonly files: readonly { readonly path: string }[]
  }[]
  if (!packed) throw new Error(`npm pack answered ${stdout}`)
  return { file: join(into, packed.filename), paths: packed.files.map(({ path }) => path) }
}

/** The packed files alone, without the packages that they need, as `node_modules/ory-mock` of a folder. */
export function layOut({ paths }: Packed, folder: string): void {
  for (const path of paths)
    cpSync(join(ROOT, path), join(folder, 'node_modules', 'ory-mock', path), { recursive: true })
}

/** A folder of its own; `remove` at the end. */
export function emptyFolder(parent: string = tmpdir()): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(parent, 'ory-mock-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** What a command printed and how it ended, also when it failed. */
export async function outcome(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly timeout?: number },
): Promise<{ readonly code: number; readonly printed: string }> {
  const told = { maxBuffer: 64 * 1024 * 1024, ...options }
  return await run(command, [...args], told).then(
    ({ stdout, stderr }) => ({ code: 0, printed: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : 1,
      printed: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  )
}
