import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../src/http/listen.ts'
import { createMailApp } from '../../src/simulation/mail-app.ts'
import { Chance } from '../../src/state/chance.ts'
import { CONVERSATIONS, configurationOf, readConversations } from '../../src/verify/conversation.ts'
import { type Verdict, type VerifyOptions, verify } from '../../src/verify/verify.ts'
import { startDoctored } from '../support/doctored-server.ts'
import { startOnePort, startSelfHosted } from '../support/running-mock.ts'

const conversations = readConversations([CONVERSATIONS])
const OPTIONS: Omit<VerifyOptions, 'addresses'> = {
  conversations,
  token: undefined,
  mailbox: undefined,
  configurations: [],
  chance: new Chance('test'),
}

const everywhere = (url: string) => ({ public: url, admin: url, read: url, write: url })

const summary = ({ mock, outcomes }: Verdict) => ({
  mock,
  findings: outcomes.flatMap(({ findings }) => findings),
  stopped: outcomes.flatMap(({ name, stopped }) => (stopped === undefined ? [] : [name, stopped])),
  notPlayed: outcomes.flatMap(({ name, notPlayed }) => (notPlayed === undefined ? [] : [name, notPlayed])),
  notCompared: outcomes.flatMap(({ name, notCompared }) => notCompared.map((step) => `${name}: ${step}`)),
})

const NOTHING = { findings: [], stopped: [], notPlayed: [], notCompared: [] }

describe('a mock in the wire dialect', () => {
  it('answers every conversation as recorded, each in a sandbox of its own', async () => {
    const mock = await startSelfHosted({ dialect: 'wire' })
    const at = (port: number) => `http://localhost:${port}`
    try {
      const { ports } = mock
      const addresses = {
        public: at(ports.public),
        admin: at(ports.admin),
        read: at(ports.read),
        write: at(ports.write),
      }
      const verdict = await verify({ ...OPTIONS, addresses })
      expect(summary(verdict)).toEqual({ mock: true, ...NOTHING })
      expect(verdict.outcomes.reduce((sum, { same }) => sum + same, 0)).toBe(
        conversations.reduce((sum, { conversation }) => sum + conversation.observed.length, 0),
      )
      expect(mock.mock.sandboxes.list().map(({ name }) => name)).toEqual(['default'])
      expect(mock.world().identities.size).toBe(0)
    } finally {
      await mock.close()
    }
  })

  it('on one port differs only where an API has to have an address of its own, which is not compared', async () => {
    const mock = await startOnePort({ dialect: 'wire' })
    try {
      const verdict = await verify({ ...OPTIONS, addresses: everywhere(mock.url) })
      const left = ['metadata-health: version', 'routing-edges: admin-on-public']
      expect(summary(verdict)).toEqual({ mock: true, ...NOTHING, notCompared: left })
    } finally {
      await mock.close()
    }
  })
})

describe('a server without our control API is taken for a real one', () => {
  const played = conversations.filter(({ conversation }) =>
    /^(login-password-api|check|totp-lifecycle|oidc-sign-in|recovery-api)$/.test(conversation.name),
  )
  let server: Awaited<ReturnType<typeof startDoctored>>
  let mock: Awaited<ReturnType<typeof startOnePort>>

  beforeAll(async () => {
    const config = configurationOf({ config: 'password' }) ?? {}
    // a base URL of its own would be called instead of the server in front
    const serve = { public: {}, admin: {} }
    mock = await startOnePort({ dialect: 'wire', config: { ...config, serve }, clock: Date.now() })
    server = await startDoctored(mock.url, (call, answer) => {
      if (call.includes('/__mock')) Object.assign(answer, { status: 404, text: '404 page not found\n', headers: {} })
    })
  })
  afterAll(async () => {
    await server.close()
    await mock.close()
  })

  it('plays what was held under the configuration that it is said to run, and says what it did not play', async () => {
    const verdict = await verify({
      ...OPTIONS,
      conversations: played,
      configurations: ['password', 'oidc'],
      addresses: everywhere(server.url),
    })
    expect(summary(verdict)).toEqual({
      mock: false,
      ...NOTHING,
      notPlayed: [
        ...['check', 'held under the configuration "keto"'],
        ...['oidc-sign-in', 'needs a social provider that answers as it is told'],
        ...['recovery-api', 'needs a mailbox'],
        ...['totp-lifecycle', 'held under the configuration "mfa"'],
      ],
    })
  })

  it('can be verified again: the people of each run are new ones', async () => {
    const again = await verify({
      ...OPTIONS,
      conversations: played,
      configurations: ['password'],
      addresses: everywhere(server.url),
    })
    expect(summary(again).findings).toEqual([])
  })

  it('with a mailbox is asked for the mails that it sent', async () => {
    const mailbox = await listen(createMailApp(mock.mock), 0)
    try {
      const { outcomes } = await verify({
        ...OPTIONS,
        conversations: played.filter(({ conversation }) => conversation.name === 'recovery-api'),
        configurations: ['password'],
        mailbox: `http://127.0.0.1:${mailbox.port}`,
        addresses: everywhere(server.url),
      })
      expect(outcomes).toMatchObject([{ name: 'recovery-api', findings: [], notCompared: [] }])
      expect(outcomes[0]?.same).toBe(outcomes[0]?.answers)
    } finally {
      await mailbox.close()
    }
  })

  it('is not asked where it has no address', async () => {
    const { outcomes } = await verify({ ...OPTIONS, conversations: played, addresses: { public: server.url } })
    expect(outcomes.find(({ name }) => name === 'login-password-api')?.notPlayed).toBe('needs an address for admin')
    expect(outcomes.find(({ name }) => name === 'check')?.notPlayed).toBe('needs an address for read and write')
  })
})
