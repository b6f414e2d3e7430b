import { type Conversation, configurationOf } from '../../src/verify/conversation.ts'
import type { Outcome } from '../../src/verify/verify.ts'
import { compare } from '../../src/verify/verify.ts'
import { startSelfHosted } from '../support/running-mock.ts'
import { targetOf } from './target.ts'

/**
 * Plays a conversation in the `wire` dialect, with a server to itself.
 * @throws when the server failed
 */
export async function replay(conversation: Conversation): Promise<Pick<Outcome, 'findings' | 'stopped' | 'same'>> {
  const server = await startSelfHosted({ config: configurationOf(conversation) ?? {}, dialect: 'wire' })
  try {
    const outcome = await compare({ conversation, file: '' }, targetOf(server))
    if (server.failures.length > 0) throw new Error(server.failures.join('\n'))
    return outcome
  } finally {
    await server.close()
  }
}
