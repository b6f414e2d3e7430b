import type { Mock } from '../mock.ts'
import { JournalFile } from '../verdict/journal-file.ts'
import { UsageError } from './usage-error.ts'

/**
 * Opens the file of `--journal`, if there is one; what waits to be written is written when the process ends.
 * @throws UsageError when the file cannot be opened
 */
export function openJournal(
  mock: Mock,
  { journal, journalSecrets }: { readonly journal: string | undefined; readonly journalSecrets: boolean },
): void {
  if (journal === undefined) return
  try {
    const file = new JournalFile(journal, {
      dialect: mock.contract.dialect,
      secrets: journalSecrets,
      onError: (error) => console.error(`The journal ${journal} cannot be written any more: ${reasonOf(error)}.`),
    })
    mock.journals.listen((entry) => file.add(entry))
    process.once('exit', () => file.close())
  } catch (error) {
    throw new UsageError(`--journal: ${journal} cannot be opened: ${reasonOf(error)}.`)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
