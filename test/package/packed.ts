import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/* The package as it is published, and empty folders to use it in. */

const run = promisify(execFile)
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What npm would leave out of any package, and the recorded conversations, which are many. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage', 'bench/opponents', 'test/conformance'])

export interface Packed {
  /** The tarball. */
  readonly file: string
  /** What it contains, by paths from its root. */
  readonly paths: readonly string[]
  /** The repository that it was built and packed in, a copy of ours. */
  readonly repository: string
}

/** Builds and packs, as `npm publish` would, in a copy of the repository. */
export async function pack(into: string): Promise<Packed> {
  const repository = join(into, 'repository')
  const filter = (source: string) => !LEFT_OUT.has(relative(ROOT, source).replaceAll('\\', '/'))
  cpSync(ROOT, repository, { recursive: true, filter })
  symlinkSync(join(ROOT, 'node_modules'), join(repository, 'node_modules'), 'junction')
  const { stdout } = await run('npm', ['pack', '--json', '--silent'], { cwd: repository })
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as {
    readonly filename: string
    readonly files: readonly { readonly path: string }[]
  }[]
  if (!packed) throw new Error(`npm pack answered ${stdout}`)
  return { file: join(repository, packed.filename), paths: packed.files.map(({ path }) => path), repository }
}

/** The packed files alone, without the packages that they need, as `node_modules/ory-mock` of a folder. */
export function layOut({ paths, repository }: Packed, folder: string): void {
  for (const path of paths) cpSync(join(repository, path), join(folder, 'node_modules', 'ory-mock', path))
}

/** A folder of its own; `remove` at the end. */
export function emptyFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'ory-mock-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The files of a folder and those below it, by paths from it, with slashes. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

/** In bytes. */
export const sizeOf = (folder: string): number =>
  filesIn(folder).reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)

/** What a command printed, without colours, and how it ended, also when it failed. */
export async function outcome(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly timeout?: number },
): Promise<{ readonly code: number; readonly printed: string }> {
  const { FORCE_COLOR: _, ...env } = options.env ?? process.env
  const told = { maxBuffer: 64 * 1024 * 1024, ...options, env: { ...env, NO_COLOR: '1' } }
  return await run(command, [...args], told).then(
    ({ stdout, stderr }) => ({ code: 0, printed: stdout + stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : 1,
      printed: `${error.stdout ?? ''}${error.stderr ?? ''}`,
    }),
  )
}
