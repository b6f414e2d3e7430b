import { describe, expect, it } from 'vitest'
import { loadConversations } from '../../src/verify/conversation.ts'
import { replay } from './replay.ts'

const recordings = loadConversations()

describe('a conversation with the real servers is answered the same', () => {
  it.each(recordings.map((recording) => [recording.name, recording.title, recording] as const))(
    '%s: %s',
    async (_, __, recording) => {
      expect(await replay(recording)).toMatchObject({ findings: [], same: recording.observed.length })
    },
  )
})
