import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVerifyOptions } from '../../src/cli/verify-options.ts'
import { CONVERSATIONS } from '../../src/verify/conversation.ts'
import { type CliProcess, runCli, startCli } from '../support/cli-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'verify-'))
let mock: CliProcess

beforeAll(async () => {
  mock = await startCli(['--dialect', 'wire'])
})
afterAll(async () => {
  await mock.end('SIGTERM')
  rmSync(folder, { recursive: true })
})

/** A conversation that is shipped, as one of the user's own, where a whoami has another status. */
function ownConversation(): string {
  const shipped = JSON.parse(readFileSync(join(CONVERSATIONS, 'login-password-api.json'), 'utf8'))
  shipped.observed.find(({ id }: { id: string }) => id === 'whoami-none').status = 403
  const file = join(folder, 'own.json')
  writeFileSync(file, JSON.stringify({ ...shipped, name: 'own' }))
  return file
}

describe('ory-mock verify', () => {
  it('ends with 0 and one sentence when nothing differs', async () => {
    expect(await runCli(['verify', '--against', mock.url, '--only', 'login-password-api', '--only', 'check'])).toEqual({
      code: 0,
      printed: '4 of 4 conversations and 59 of 59 answers are the same as recorded.\n',
    })
  })

  it('ends with 1 and a table of what differs', async () => {
    const { code, printed } = await runCli(['verify', '--against', mock.url, ownConversation()])
    expect(code).toBe(1)
    expect(printed).toMatch(/^\| Where +\| Recorded +\| Here +\| Times +\| Answers of +\| First in +\|$/m)
    expect(printed).toMatch(/^\| \/status \| 403 +\| 401 +\| 1 +\| toSession 403 +\| own: whoami-none +\|$/m)
    expect(printed).toContain('0 of 1 conversations and 6 of 7 answers are the same as recorded.')
  })

  it('prints the same as JSON', async () => {
    const { code, printed } = await runCli(['verify', '--json', '--against', mock.url, ownConversation()])
    expect(code).toBe(1)
    expect(JSON.parse(printed)).toMatchObject({
      mock: true,
      same: false,
      table: [{ where: '/status', recorded: '403', here: '401', times: 1, answers: ['toSession 403'] }],
      conversations: [
        {
          name: 'own',
          answers: 7,
          same: 6,
          differences: [
            { step: 'whoami-none', at: '/status', expected: 403, actual: 401, call: 'GET /sessions/whoami' },
          ],
        },
      ],
    })
  })

  it.each([
    ['no server', ['verify'], 'Name the server to verify: --against'],
    [
      'a server that nobody runs',
      ['verify', '--against', 'http://127.0.0.1:9'],
      'Nobody answers at http://127.0.0.1:9: ',
    ],
  ])('ends with 2 and one sentence for %s', async (_, args, sentence) => {
    const { code, printed } = await runCli(args)
    expect({ code, lines: printed.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
    expect(printed).toContain(sentence)
  })

  it('prints the table of the README: what the recorded servers do otherwise than the document', async () => {
    const { code, printed } = await runCli(['verify', '--recorded'])
    expect(code).toBe(0)
    expect(printed).toMatch(/^\| …\/metadata_public \| must be object +\| 106 /m)
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    expect(readme).toContain(printed.trim())
  })

  it('says with its place what is wrong with a conversation', async () => {
    const file = join(folder, 'broken.json')
    writeFileSync(file, '{\n  "steps": [{ "cal": "GET /" }],\n  "observed": []\n}\n')
    const { code, printed } = await runCli(['verify', '--against', mock.url, file])
    expect(code).toBe(2)
    expect(printed).toContain(`${file}:2:15: /steps/0/cal: `)
    expect(printed).toContain('"call"')
  })
})

describe('options that cannot be followed', () => {
  it.each([
    ['an address that is none', ['--against', 'localhost'], '--against takes an address such as'],
    ['an API that there is not', ['--against', 'front=http://localhost'], 'several as public=URL,admin=URL'],
    ['a configuration that there is not', ['--against', 'http://h', '--configuration', 'x'], 'no configuration "x"'],
    ['an option that there is not', ['--agianst', 'x'], "Unknown option '--agianst'"],
  ])('%s', (_, args, sentence) => {
    expect(() => readVerifyOptions(args, {})).toThrow(sentence)
  })

  it('one address is that of every API, a word stands for the usual ports', () => {
    expect(readVerifyOptions(['--against', 'https://x.projects.oryapis.com/'], {})).toMatchObject({
      addresses: { public: 'https://x.projects.oryapis.com', write: 'https://x.projects.oryapis.com' },
    })
    expect(readVerifyOptions(['--against', 'self-hosted'], {})).toMatchObject({
      addresses: { public: 'http://127.0.0.1:4433', read: 'http://127.0.0.1:4466' },
    })
  })
})
