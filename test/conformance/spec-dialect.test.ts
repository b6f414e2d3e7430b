import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Conversation, configurationOf, loadConversations } from '../../src/verify/conversation.ts'
import { type Call, CannotGoOn, play } from '../../src/verify/player.ts'
import type { Answer } from '../support/http-client.ts'
import { validatePublished } from '../support/independent-validator.ts'
import { publishedOperation } from '../support/published-routes.ts'
import { startSelfHosted } from '../support/running-mock.ts'
import { targetOf } from './target.ts'

/** What each address serves of the document; elsewhere a path is unknown, or a redirect to where it is served. */
const SERVED = {
  public: /^\/(self-service|sessions|schemas|\.well-known|health)\b/,
  admin: /^\/admin\/(identities|sessions|recovery)\b/,
  read: /^\/(relation-tuples|health|version)\b/,
  write: /^\/(admin\/relation-tuples|health|version)\b/,
} as const

interface Judged {
  readonly step: string
  readonly faults: readonly string[]
}

/** Judges one answer; undefined where the document has no operation on that port. */
function judge({ step, api, method, path }: Call, answer: Answer): Judged | undefined {
  const operationId = SERVED[api].test(path) ? publishedOperation(method, path) : undefined
  if (operationId === undefined) return answer.status < 500 ? undefined : { step, faults: [`${answer.status}`] }
  const body = answer.json ?? (answer.text === '' ? undefined : answer.text)
  const faults = validatePublished(operationId, answer.status, answer.headers['content-type'], body)
  return { step: `${step} (${operationId} ${answer.status})`, faults }
}

/** Plays a conversation in the `spec` dialect; what the server answers is judged, not compared. */
async function judged(recording: Conversation): Promise<Judged[]> {
  const verdicts: Judged[] = []
  const server = await startSelfHosted({ config: configurationOf(recording) ?? {}, dialect: 'spec' })
  try {
    const target = targetOf(server, (call, answer) => {
      const verdict = judge(call, answer)
      if (verdict !== undefined) verdicts.push(verdict)
    })
    await play(recording, target).catch((error: unknown) => {
      // what this dialect refuses, a later step may be made of
      if (!(error instanceof CannotGoOn)) throw error
    })
    expect(server.failures).toEqual([])
  } finally {
    await server.close()
  }
  return verdicts
}

const random = loadConversations(join(import.meta.dirname, 'random'))
const played = process.env['TEST_SCALE'] === 'full' ? random : random.filter((_, index) => index % 10 === 0)

describe.each([
  ['a conversation', loadConversations()],
  ['a random conversation', played],
])('every answer of %s is valid by the document as published', (_, recordings) => {
  it.each(recordings.map((recording) => [recording.name, recording.title, recording] as const))(
    '%s: %s',
    async (_name, _title, recording) => {
      const verdicts = await judged(recording)
      expect(verdicts.filter(({ faults }) => faults.length > 0)).toEqual([])
    },
  )
})

it('most answers of the conversations are judged', async () => {
  const all = await Promise.all(loadConversations().map(judged))
  expect(all.flat().length).toBeGreaterThan(200)
})
