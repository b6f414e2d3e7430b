import { access, constants, stat } from 'node:fs/promises'
import { DataFile as Adapter } from 'lowdb/node'
import type { Mock } from '../../mock.ts'
import type { Millis } from '../../state/clock.ts'
import type { Sandbox } from '../sandboxes.ts'
import { writeBook } from './book.ts'
import { type Written, writeSandbox } from './kept.ts'

/*
 * `--data FILE`: what all sandboxes hold, kept across restarts. The file is replaced whole, by a temporary one that is
 * renamed, so that it can be read whenever the process dies. It is written half a second after a change, later where
 * writing takes long, and at once when a snapshot is taken and when the server stops.
 */

/** Changes are looked for so often; at most so much is lost when the process is killed. */
export const WINDOW: Millis = 500

/** What takes long to write down is written less often: requests wait for at most this part of the time. */
const SHARE = 10

/** After a failure the next attempt waits so long. */
const PATIENCE: Millis = 5_000

/** The file could not be written: why, and what to do. */
export class CannotWrite extends Error {}

interface Entry {
  /** What the sandbox looked like when it was written. */
  readonly looks: readonly unknown[]
  readonly text: string
}

/** Writes the sandboxes of a server to its data file. */
export class DataFile {
  readonly #file: string
  readonly #mock: Mock
  readonly #adapter: Adapter<readonly string[]>
  readonly #onTrouble: (message: string) => void
  readonly #written: Written = new WeakMap()
  #entries: ReadonlyMap<Sandbox, Entry> = new Map()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined
  /** The machine's time before which nothing is written unasked. */
  #restUntil: Millis = 0
  /** Which version of the file is ours; unknown until the first write. */
  #left: string | undefined
  #trouble: string | undefined

  /** @param onTrouble told once when writing fails, and once when it works again */
  constructor(file: string, mock: Mock, onTrouble: (message: string) => void) {
    this.#file = file
    this.#mock = mock
    this.#onTrouble = onTrouble
    this.#adapter = new Adapter<readonly string[]>(file, { parse: () => [], stringify: writeBook })
  }

  /** Writes what is there, and from then on whatever changes. */
  async start(): Promise<void> {
    await this.#look()
    this.#timer = setInterval(() => void this.#look(), WINDOW)
    this.#timer.unref()
  }

  /**
   * Writes all changes up to now.
   * @throws CannotWrite; nothing is lost then, as long as the process runs
   */
  flush(): Promise<void> {
    this.#next ??= this.#afterRunning()
    return this.#next
  }

  /** Stops looking for changes, and writes the last ones. @throws CannotWrite */
  close(): Promise<void> {
    clearInterval(this.#timer)
    return this.flush()
  }

  async #look(): Promise<void> {
    if (this.#running || Date.now() < this.#restUntil) return
    try {
      await this.flush()
    } catch (error) {
      // that it cannot be written is told by onTrouble
      if (!(error instanceof CannotWrite)) this.#mock.onFailure(error, `keeping ${this.#file}`)
    }
  }

  async #afterRunning(): Promise<void> {
    await this.#running?.catch(() => undefined)
    this.#next = undefined
    this.#running = this.#write()
    try {
      await this.#running
    } finally {
      this.#running = undefined
    }
  }

  async #write(): Promise<void> {
    const startedAt = performance.now()
    const entries = this.#takeChanges()
    if (!entries) return
    this.#restUntil = Date.now() + (performance.now() - startedAt) * SHARE
    try {
      await this.#refuse()
      await this.#adapter.write([...entries.values()].map(({ text }) => text))
      this.#left = await versionOf(this.#file)
    } catch (error) {
      this.#restUntil = Date.now() + PATIENCE
      throw this.#failed(error as NodeJS.ErrnoException)
    }
    this.#entries = entries
    if (this.#trouble !== undefined) this.#onTrouble(`${this.#file} is written again.`)
    this.#trouble = undefined
  }

  /** Every sandbox as JSON; undefined when nothing has changed since the last time. */
  #takeChanges(): ReadonlyMap<Sandbox, Entry> | undefined {
    const sandboxes = this.#mock.sandboxes.list()
    const names = new Map(sandboxes.map(({ world, name }) => [world, name]))
    const entries = new Map<Sandbox, Entry>()
    let changed = sandboxes.length !== this.#entries.size
    for (const sandbox of sandboxes) {
      const known = this.#entries.get(sandbox)
      const looks = looksOf(sandbox)
      if (known && looks.every((each, at) => each === known.looks[at])) entries.set(sandbox, known)
      else {
        const maker = sandbox.maker && names.get(sandbox.maker)
        entries.set(sandbox, { looks, text: writeSandbox(sandbox, maker, this.#mock.start, this.#written) })
        changed = true
      }
    }
    return changed ? entries : undefined
  }

  /** @throws Error when the file is not for us to write */
  async #refuse(): Promise<void> {
    const found = await stat(this.#file).catch(() => undefined)
    if (!found) return
    // a file that is renamed would replace even a read-only one, and some may write everything
    if ((found.mode & 0o222) === 0) throw new Error('it is read-only')
    await access(this.#file, constants.W_OK)
    if (this.#left === undefined || this.#left === (await versionOf(this.#file))) return
    throw new Error('something else has written it meanwhile; two servers cannot keep one file')
  }

  #failed({ code = '', message }: NodeJS.ErrnoException): CannotWrite {
    const why = FULL.has(code) ? `there is no room for it (${code})` : message
    const trouble = `${this.#file} cannot be written: ${why}.`
    if (trouble !== this.#trouble) {
      this.#onTrouble(`${trouble} The server goes on and tries again; what it holds is lost if it ends before.`)
    }
    this.#trouble = trouble
    return new CannotWrite(trouble)
  }
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EFBIG', 'EDQUOT'])

/** Equal, part by part, as long as nothing that is kept of the sandbox changes. */
function looksOf({ world, start, snapshots }: Sandbox): readonly unknown[] {
  const { offset, frozenAt } = world.clock.snapshot()
  const chance = world.chance.seeded ? world.chance.snapshot() : undefined
  const { revision, config, project } = world
  return [revision, config, project, start, snapshots.revision, offset, frozenAt, chance?.block, chance?.used]
}

async function versionOf(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found && `${found.ino} ${found.mtimeMs} ${found.size}`
}
