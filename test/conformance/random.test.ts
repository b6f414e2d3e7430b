import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConversations } from '../../src/verify/conversation.ts'
import { replay } from './replay.ts'

const recordings = loadConversations(join(import.meta.dirname, 'random'))
/** Every tenth one, unless everything is asked for. */
const played = process.env['TEST_SCALE'] === 'full' ? recordings : recordings.filter((_, index) => index % 10 === 0)

describe('a random conversation, with valid and broken input, is answered the same', () => {
  it.each(played.map((recording) => [recording.name, recording.title, recording] as const))(
    '%s: %s',
    async (_, __, recording) => {
      expect(await replay(recording)).toMatchObject({ findings: [], same: recording.observed.length })
    },
  )
})
