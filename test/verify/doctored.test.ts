import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Chance } from '../../src/state/chance.ts'
import { CONVERSATIONS, readConversations } from '../../src/verify/conversation.ts'
import { type FindingRow, rowsOf } from '../../src/verify/findings-table.ts'
import { verify } from '../../src/verify/verify.ts'
import { startDoctored } from '../support/doctored-server.ts'
import { type OnePortMock, startOnePort } from '../support/running-mock.ts'
import { type Doctoring, doctorings } from './doctorings.ts'

let mock: OnePortMock

beforeAll(async () => {
  mock = await startOnePort({ dialect: 'wire', auth: 'off' })
})
afterAll(() => mock.close())

/** What `verify` finds in some conversations, where answers are doctored so. */
async function found(doctored: readonly Doctoring[]): Promise<FindingRow[]> {
  const server = await startDoctored(mock.url, (call, answer) => {
    for (const one of doctored) if (one.call === call && one.status === answer.status) one.change(answer)
  })
  try {
    const names = new Set(doctored.map(({ conversation }) => conversation))
    const { outcomes } = await verify({
      addresses: { public: server.url, admin: server.url, read: server.url, write: server.url },
      token: undefined,
      mailbox: undefined,
      configurations: [],
      chance: new Chance('test'),
      conversations: readConversations([CONVERSATIONS]).filter(({ conversation }) => names.has(conversation.name)),
    })
    return rowsOf(
      outcomes.flatMap(({ findings }) => findings),
      () => undefined,
    )
  } finally {
    await server.close()
  }
}

describe('a deliberate difference of a server is found, and nothing else', () => {
  it.each(doctorings.map((one) => [one.kind, one] as const))('%s', async (_, doctoring) => {
    const rows = await found([doctoring])
    const matching = (expected: string | RegExp) =>
      typeof expected === 'string' ? expected : expect.stringMatching(expected)
    expect(rows).toEqual([
      {
        where: doctoring.where,
        recorded: matching(doctoring.recorded),
        here: matching(doctoring.here),
        times: expect.any(Number),
        answers: [expect.stringMatching(new RegExp(`^${doctoring.call.replace(/[/]/g, '\\/')} \\d{3}$`))],
        first: expect.stringMatching(new RegExp(`^${doctoring.conversation}: `)),
      },
    ])
  })
})

it('there are at least twenty kinds of differences', () => {
  expect(new Set(doctorings.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(20)
})
