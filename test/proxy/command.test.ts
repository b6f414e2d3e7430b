import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readProxyOptions } from '../../src/cli/proxy-options.ts'
import { runCli, startCli } from '../support/cli-process.ts'
import { startOnePort } from '../support/running-mock.ts'

const folder = mkdtempSync(join(tmpdir(), 'proxy-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('ory-mock proxy', () => {
  it('says where it is and what is behind, passes on, writes the journal, and ends with 0', async () => {
    const mock = await startOnePort({ dialect: 'wire' })
    const journal = join(folder, 'journal.jsonl')
    const proxy = await startCli(['--to', mock.url, '--journal', journal, '--record', folder, '--verbose'], {
      command: 'proxy',
    })
    try {
      expect(proxy.printed()).toContain(`  APIs      ${proxy.url}  →  ${mock.url}`)
      const answer = await fetch(`${proxy.url}/sessions/whoami?aal=nonsense`)
      expect(answer.status).toBe(401)
    } finally {
      expect(await proxy.end('SIGTERM')).toBe(0)
      await mock.close()
    }
    expect(proxy.printed()).toContain('default GET /sessions/whoami 401')
    const recorded = /^recorded: (.*conversations.*)$/m.exec(proxy.printed())?.[1] ?? ''
    expect(JSON.parse(readFileSync(recorded, 'utf8')).steps).toMatchObject([
      { call: 'GET /sessions/whoami?aal=nonsense' },
    ])
    const [head, entry] = readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(head).toMatchObject({ dialect: 'wire' })
    expect(entry).toMatchObject({
      operation: 'toSession',
      status: 401,
      request: { url: `${proxy.url}/sessions/whoami?aal=nonsense` },
    })
  })

  it('ends with 2 and one sentence without a server behind', async () => {
    const { code, printed } = await runCli(['proxy'])
    expect([code, printed]).toEqual([
      2,
      'Name the server behind: --to http://localhost:4433, or --to public=URL,admin=URL.\n',
    ])
  })
})

describe('options', () => {
  it('left out have these values', () => {
    expect(readProxyOptions(['--to', 'public=http://h:1,admin=http://h:2'])).toMatchObject({
      to: { public: 'http://h:1', admin: 'http://h:2' },
      port: 4000,
      rewrite: true,
      checks: true,
      dialect: 'wire',
      timeout: 30_000,
      maxBody: 10_485_760,
    })
  })

  it.each([
    ['an address that is none', ['--to', 'localhost:4433'], '--to takes an address such as'],
    ['a dialect that there is not', ['--to', 'http://h', '--dialect', 'x'], '--dialect takes spec or wire, not "x"'],
    ['a duration that is none', ['--to', 'http://h', '--timeout', 'soon'], '--timeout takes a duration such as'],
    ['an option that there is not', ['--form', 'http://h'], `Unknown option '--form'. "ory-mock proxy --help" lists`],
  ])('%s: one sentence', (_, args, sentence) => {
    expect(() => readProxyOptions(args)).toThrow(sentence)
  })
})
