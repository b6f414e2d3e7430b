import type { Listening } from '../http/listen.ts'

/**
 * On SIGINT and SIGTERM running answers end, what is kept is written, then the process ends.
 * @param write what is still to be written; where it throws, the process ends with 1
 */
export function stopOnSignal(listening: readonly Listening[], write: () => Promise<void>): void {
  const stop = async (): Promise<void> => {
    await Promise.all(listening.map((each) => each.close()))
    const isWritten = await write().then(
      () => true,
      () => false,
    )
    process.exit(isWritten ? 0 : 1)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}
