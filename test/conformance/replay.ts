import { startSelfHosted } from '../support/running-mock.ts'
import { Comparison, type Difference } from './differences.ts'
import { play } from './player.ts'
import { configOf, type Recording } from './recording.ts'
import { targetOf } from './target.ts'

/**
 * Plays a conversation in the `wire` dialect, with a server to itself.
 * @returns the answers that differ from the recorded ones, by step; empty when all are the same
 * @throws when the server failed, or the conversation could not go on
 */
export async function replay(recording: Recording): Promise<Record<string, readonly Difference[]>> {
  const server = await startSelfHosted({ config: configOf(recording), dialect: 'wire' })
  try {
    const seen = await play(recording, targetOf(server))
    if (server.failures.length > 0) throw new Error(server.failures.join('\n'))
    const comparison = new Comparison()
    const differing = recording.observed.map(({ id, ...expected }, index) => {
      const { id: _, ...actual } = seen[index] ?? { id }
      return [id, comparison.differences(expected, actual)] as const
    })
    return Object.fromEntries(differing.filter(([, differences]) => differences.length > 0))
  } finally {
    await server.close()
  }
}
