import { readFileSync } from 'node:fs'
import { type Problem, ProblemError, under } from '../../config/problem.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { Mock } from '../../mock.ts'
import { type Sandbox, SandboxRefused, startSandbox } from '../sandboxes.ts'
import { SnapshotRefused } from '../snapshots.ts'
import { prepareStart } from '../start.ts'
import { readBook } from './book.ts'
import { fillKept, type KeptSandbox, readSnapshot } from './kept.ts'

/**
 * Fills a server's sandboxes with what its data file holds; a file that is not there yet holds nothing.
 * @returns what could not be had any more, a sentence each
 * @throws ProblemError when the file cannot be used
 */
export async function loadData(file: string, mock: Mock): Promise<readonly string[]> {
  const notices: string[] = []
  const entries = readBook(file, readText(file))
  for (const [index, entry] of entries.entries()) {
    try {
      await load(mock, entry, notices)
    } catch (error) {
      throw placed(error, file, `/sandboxes/${index}`)
    }
  }
  return notices
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new ProblemError([{ file, pointer: '', message: `it cannot be read: ${message}.` }])
  }
}

async function load(mock: Mock, entry: KeptSandbox, notices: string[]): Promise<void> {
  const { name, maker, scenario, snapshots } = entry
  const sandbox = maker === undefined ? mock.sandboxes.wake(name) : wakeProject(mock, entry, maker)
  if (scenario !== undefined) await startInScenario(mock, sandbox, scenario, notices)
  const { config } = sandbox.start
  fillKept(sandbox.world, entry, config, sandbox.worlds)
  for (const snapshot of snapshots) sandbox.snapshots.keep(snapshot.name, readSnapshot(sandbox.world, snapshot, config))
}

/** The world of a project, which its maker knows from then on. */
function wakeProject({ sandboxes }: Mock, { name, state }: KeptSandbox, makerName: string): Sandbox {
  const maker = sandboxes.get(makerName)?.world
  const { whole_config: config, project } = state
  if (!maker || !isJsonObject(project)) {
    const message = `it belongs to the sandbox "${makerName}", which is not in the file.`
    throw new ProblemError([{ pointer: '/maker', message }])
  }
  const known: JsonObject = isJsonObject(config) ? config : {}
  maker.createdProjects.save({ id: String(project['id']), slug: name })
  return sandboxes.wakeProject(name, maker, known)
}

/** A later reset comes back to the scenario, as long as there is one of that name. */
async function startInScenario(mock: Mock, sandbox: Sandbox, scenario: string, notices: string[]): Promise<void> {
  try {
    startSandbox(sandbox, await prepareStart({ config: mock.start.config, scenario }))
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    notices.push(
      `The sandbox "${sandbox.name}" was in the scenario "${scenario}", which cannot be used: ${error.message}`,
    )
  }
}

function placed(error: unknown, file: string, pointer: string): unknown {
  const at = (problems: readonly Problem[]) => new ProblemError(problems.map((each) => ({ file, ...each })))
  if (error instanceof ProblemError) return at(under(pointer, error.problems))
  if (error instanceof SandboxRefused || error instanceof SnapshotRefused)
    return at([{ pointer, message: error.message }])
  return error
}
