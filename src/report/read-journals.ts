import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { isJsonObject, type Json } from '../json.ts'
import type { JournalEntry, ShownViolation } from '../verdict/entry.ts'
import { exerciseOfEntry, hasArrived } from '../verdict/exercise.ts'
import { Tally } from '../verdict/tally.ts'

/** A violation, with all exchanges in which it was seen. */
export interface SeenViolation extends ShownViolation {
  /** Absent where no operation answers the route. */
  readonly operation?: string
  readonly calls: number
  readonly first: FirstSeen
}

/** Where a violation was seen first. */
export interface FirstSeen {
  readonly journal: string
  readonly line: number
  readonly sandbox: string
  /** The sandbox's time. */
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
}

/** What stands in journals, of however many processes and runs. */
export interface JournalsRead {
  readonly tally: Tally
  readonly violations: readonly SeenViolation[]
  readonly journals: readonly { readonly file: string; readonly exchanges: number }[]
  /** Lines that were cut off by the end of a process. */
  readonly warnings: readonly string[]
}

/** A journal cannot be read: which, where, and what to do. */
export class UnreadableJournal extends Error {}

/** Told how many exchanges have been read, every thousand. */
export type OnProgress = (exchanges: number, file: string) => void

/** @throws UnreadableJournal */
export async function readJournals(files: readonly string[], onProgress: OnProgress): Promise<JournalsRead> {
  const reading = new Reading(onProgress)
  for (const file of files) await reading.read(file)
  return reading
}

class Reading implements JournalsRead {
  readonly tally = new Tally()
  readonly journals: { readonly file: string; readonly exchanges: number }[] = []
  readonly warnings: string[] = []
  readonly #violations = new Map<string, SeenViolation>()
  readonly #onProgress: OnProgress
  #exchanges = 0

  constructor(onProgress: OnProgress) {
    this.#onProgress = onProgress
  }

  get violations(): readonly SeenViolation[] {
    return [...this.#violations.values()]
  }

  async read(file: string): Promise<void> {
    const before = this.#exchanges
    let line = 0
    let cutOff: UnreadableJournal | undefined
    try {
      for await (const text of createInterface({
        input: createReadStream(file),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        if (cutOff) throw cutOff
        line++
        if (text.trim() === '') continue
        const parsed = parseLine(text)
        // only the last line may be one that a dying process did not finish
        if (parsed === undefined) cutOff = new UnreadableJournal(`${file}:${line} is no JSON of one line.`)
        else if (isEntry(parsed)) this.#note(parsed, file, line)
        else if (!isHead(parsed)) throw new UnreadableJournal(notOurs(file, line))
      }
    } catch (error) {
      if (error instanceof UnreadableJournal) throw error
      throw new UnreadableJournal(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
    }
    if (cutOff && line === 1) throw new UnreadableJournal(notOurs(file, line))
    if (cutOff) this.warnings.push(`${file}:${line} is cut off and left out: the process that wrote it was killed.`)
    this.journals.push({ file, exchanges: this.#exchanges - before })
  }

  #note(entry: JournalEntry, file: string, line: number): void {
    if (hasArrived(entry)) this.tally.note(exerciseOfEntry(entry))
    for (const violation of entry.violations) this.#see(violation, entry, file, line)
    this.#exchanges++
    if (this.#exchanges % 1000 === 0) this.#onProgress(this.#exchanges, file)
  }

  #see(violation: ShownViolation, entry: JournalEntry, journal: string, line: number): void {
    const { operation, sandbox, at, method, path, status } = entry
    const { side, in: place, pointer, message } = violation
    const key = JSON.stringify([operation, side, place, pointer, message])
    const known = this.#violations.get(key)
    const seen: SeenViolation = known
      ? { ...known, calls: known.calls + 1 }
      : {
          ...(operation === undefined ? {} : { operation }),
          ...violation,
          calls: 1,
          first: { journal, line, sandbox, at, method, path, status },
        }
    this.#violations.set(key, seen)
  }
}

const notOurs = (file: string, line: number): string =>
  `${file}:${line} is no exchange of a journal. Give files that "ory-mock --journal FILE" or "ory-mock proxy --journal FILE" wrote.`

function parseLine(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined // said with file and line
  }
}

function isEntry(value: Json): value is Json & JournalEntry {
  return (
    isJsonObject(value) &&
    typeof value['status'] === 'number' &&
    typeof value['method'] === 'string' &&
    typeof value['path'] === 'string' &&
    Array.isArray(value['violations']) &&
    isJsonObject(value['request']) &&
    isJsonObject(value['response'])
  )
}

const isHead = (value: Json): boolean => isJsonObject(value) && typeof value['ory-mock'] === 'string'
