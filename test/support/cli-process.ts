import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PATIENCE = 60_000

/** `ory-mock serve`, or another command that serves, in a process of its own, on a free port. */
export interface CliProcess {
  readonly url: string
  /** What it has printed so far, both streams. */
  readonly printed: () => string
  /** Sends the signal and waits for the end. @returns the exit code; null when the signal ended it */
  readonly end: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => Promise<number | null>
}

/**
 * @param options.blocks the largest file that the process may write, in the blocks of `ulimit -f`
 * @throws when it ends before it is ready, with what it printed
 */
export async function startCli(
  args: readonly string[],
  options: { readonly blocks?: number; readonly command?: 'serve' | 'proxy' } = {},
): Promise<CliProcess> {
  const { child, printed, ended } = run([options.command ?? 'serve', '--port', '0', ...args], options.blocks)
  const url = await ready(child, printed, ended)
  const end: CliProcess['end'] = async (signal) => {
    child.kill(signal)
    return await ended
  }
  return { url, printed, end }
}

/** Runs a command that ends by itself. @param options.reads whether all that it prints is read, or only how it begins */
export async function runCli(
  args: readonly string[],
  options: { readonly reads?: 'all' | 'the beginning' } = {},
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const { child, printed, ended } = run(args)
  if (options.reads === 'the beginning') child.stdout.once('data', () => child.stdout.destroy())
  const code = await ended
  return { code, printed: printed() }
}

function run(args: readonly string[], blocks?: number) {
  const command = [process.execPath, '--import', 'tsx', 'src/cli.ts', ...args]
  const [program = '', ...rest] =
    blocks === undefined ? command : ['sh', '-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...command]
  const child = spawn(program, rest, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { child, printed: () => text, ended }
}

function ready(child: ChildProcess, printed: () => string, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`not ready in ${PATIENCE} ms:\n${printed()}`))
    }, PATIENCE)
    const look = (): void => {
      const [, url] = /APIs {6}(http:\S+)[\s\S]*Try it/.exec(printed()) ?? []
      if (url === undefined) return
      clearTimeout(timer)
      child.stdout?.off('data', look)
      resolve(url)
    }
    child.stdout?.on('data', look)
    void ended.then((code) => {
      clearTimeout(timer)
      reject(new Error(`ended with ${code}:\n${printed()}`))
    }, reject)
  })
}
