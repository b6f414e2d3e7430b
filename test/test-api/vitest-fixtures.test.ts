import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createOryMock, type RecordedExchange } from '../../src/index.ts'
import { outcome, ROOT } from '../package/packed.ts'

/* `ory-mock/vitest`, in a run of Vitest of its own. */

interface Case {
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[]
  readonly meta: { readonly oryMock?: { readonly sandbox: string; readonly journal: readonly RecordedExchange[] } }
}

async function runCases(env: NodeJS.ProcessEnv = {}): Promise<{ cases: Map<string, Case>; printed: string }> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const { printed } = await outcome(
    process.execPath,
    [vitest, 'run', '--config', 'test/test-api/in-vitest/vitest.config.ts'],
    { cwd: ROOT, env: { ...process.env, ...env } },
  )
  const report = printed.split('\n').find((line) => line.startsWith('{"num'))
  if (report === undefined) throw new Error(printed)
  const { testResults } = JSON.parse(report) as { testResults: readonly { assertionResults: readonly Case[] }[] }
  const all = testResults.flatMap(({ assertionResults }) => assertionResults)
  return { cases: new Map(all.map((each) => [each.title, each])), printed }
}

const FAILS = 'Fails: who am I?'

describe('test of ory-mock/vitest', () => {
  test('gives each test a sandbox, and the journal of one that failed', async () => {
    const { cases, printed } = await runCases()
    const failed = [...cases.values()].filter(({ status }) => status !== 'passed').map(({ title }) => title)
    expect(cases.size).toBe(6)
    expect(failed).toEqual([FAILS])
    const told = [...cases.values()].filter(({ meta }) => meta.oryMock !== undefined).map(({ title }) => title)
    expect(told).toEqual([FAILS])
    expect(cases.get(FAILS)?.meta.oryMock).toMatchObject({
      sandbox: expect.stringMatching(/^fails-who-am-i-[0-9a-f]{8}$/),
      journal: [{ operation: 'toSession', status: 500, switches: ['internal-error'] }],
    })
    expect(printed).toContain('GET /sessions/whoami → 500 (toSession)\n  switch: internal-error\n')
  })

  test('uses the server that ORY_MOCK_URL names, and leaves no sandbox there', async () => {
    const server = await createOryMock()
    try {
      const first = await runCases({ ORY_MOCK_URL: server.url })
      expect((await server.sandboxes()).map(({ name }) => name)).toEqual(['default'])
      const { status, failureMessages } = first.cases.get('starts with a team') ?? {}
      expect(status).toBe('failed')
      expect(failureMessages?.[0]).toMatch(/runs already, so that fixture cannot be chosen.*leave out ORY_MOCK_URL/)

      const leftBehind = first.cases.get(FAILS)?.meta.oryMock?.sandbox ?? ''
      await server.sandbox(leftBehind).throw('gateway-502-html')
      const { cases } = await runCases({ ORY_MOCK_URL: server.url })
      expect(cases.get(FAILS)?.meta.oryMock).toMatchObject({ sandbox: leftBehind, journal: [{ status: 500 }] })
    } finally {
      await server.close()
    }
  })

  test('says when no server is at ORY_MOCK_URL', async () => {
    const { cases } = await runCases({ ORY_MOCK_URL: 'http://localhost:1' })
    expect(cases.get(FAILS)?.failureMessages[0]).toContain('There is no mock server at http://localhost:1.')
  })
})
