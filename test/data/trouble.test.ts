import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connectOryMock, type Fixture, type OryMock } from '../../src/index.ts'
import { type CliProcess, startCli } from '../support/cli-process.ts'
import { Random } from '../support/random.ts'

const ROUNDS = process.env['TEST_SCALE'] === 'full' ? 50 : 5
/** A round starts a process, which a busy machine takes its time for. */
const PATIENCE_OF_ROUNDS = ROUNDS * 20_000

let folder: string
let running: CliProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ory-mock-trouble-'))
})
afterEach(async () => {
  await running?.end('SIGKILL')
  running = undefined
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function start(file: string, blocks?: number) {
  running = await startCli(['--data', file], blocks === undefined ? {} : { blocks })
  return { mock: connectOryMock(running.url), process: running }
}

/** Takes snapshots of a growing world until the server dies; notes what was acknowledged, with the number of people in it. */
async function takeSnapshots(mock: OryMock, acknowledged: Map<string, number>): Promise<void> {
  try {
    for (let n = 0; ; n++) {
      const name = `s${n % 20}`
      await mock.identity({ email: `person-${n}@example.com` })
      acknowledged.delete(name)
      acknowledged.set(name, (await mock.snapshot(name)).identities)
    }
  } catch (error) {
    // the one that was under way may be there, or not
    expect(error).toMatchObject({ status: undefined })
  }
}

const title = `killed ${ROUNDS} times at random moments, the file can be read and no acknowledged snapshot is lost`
test(title, { timeout: PATIENCE_OF_ROUNDS }, async () => {
  const file = join(folder, 'killed.json')
  const random = new Random(4711)
  let acknowledged = new Map<string, number>()
  let most = 0
  for (let round = 0; round < ROUNDS; round++) {
    const { mock, process } = await start(file)
    const kept = new Map((await mock.snapshots.list()).map(({ name, identities }) => [name, identities]))
    for (const [name, identities] of acknowledged) {
      // one that was being replaced when the server died may be the later one already
      expect(kept.get(name), `round ${round}, ${name}`).toBeGreaterThanOrEqual(identities)
    }
    for (const name of kept.keys()) await mock.snapshots.delete(name)
    await mock.reset()
    acknowledged = new Map()
    const moment = new Promise((resolve) => setTimeout(resolve, 50 + random.below(600)))
    const killed = moment.then(() => process.end('SIGKILL'))
    await takeSnapshots(mock, acknowledged)
    await killed
    most = Math.max(most, acknowledged.size)
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ ory_mock_data: 1 })
  }
  expect(most).toBeGreaterThan(1)
})

const people = (count: number): Fixture => ({
  identities: Array.from({ length: count }, (_, n) => ({ email: `person-${n}@example.com` })),
})

test('a disk that is full is told, loses no earlier state, and the server goes on', async () => {
  const file = join(folder, 'full.json')
  // 64 blocks are 32 or 64 KB, by the shell
  const { mock, process } = await start(file, 64)
  await mock.setState(people(10))
  await mock.snapshot('small')
  const before = await readFile(file, 'utf8')

  await mock.setState(people(300))
  await expect(mock.snapshot('large')).rejects.toMatchObject({
    status: 507,
    message: expect.stringMatching(/kept in memory only: .*full\.json cannot be written: there is no room for it/),
  })
  expect(process.printed()).toMatch(/cannot be written: there is no room .* The server goes on and tries again/)
  expect(await readFile(file, 'utf8')).toBe(before)
  expect((await mock.state()).identities).toHaveLength(300)

  await mock.snapshots.delete('large').catch(() => undefined)
  await mock.reset()
  await mock.snapshot('again')
  expect(process.printed()).toContain(`${file} is written again.`)
  expect(await process.end('SIGTERM')).toBe(0)
})

test('a read-only file is left as it is and told; a server that ends without writing says so', async () => {
  const file = join(folder, 'read-only.json')
  const first = await start(file)
  await first.mock.snapshot('kept')
  const before = await readFile(file, 'utf8')
  await chmod(file, 0o444)
  await expect(first.mock.snapshot('lost')).rejects.toThrow(/read-only\.json cannot be written: it is read-only/)
  await first.mock.identity({ email: 'ada@example.com' })
  expect(await first.process.end('SIGTERM')).toBe(1)
  expect(await readFile(file, 'utf8')).toBe(before)

  const second = await start(file)
  expect((await second.mock.snapshots.list()).map(({ name }) => name)).toEqual(['kept'])
  await chmod(file, 0o644)
  await second.mock.snapshot('kept-again')
})

test('a file that somebody else writes too is left to them', async () => {
  const file = join(folder, 'shared.json')
  const { mock } = await start(file)
  await mock.snapshot('mine')
  const theirs = '{"ory_mock_data":1,"sandboxes":[]}'
  await writeFile(file, theirs)
  await expect(mock.snapshot('more')).rejects.toThrow(/two servers cannot keep one file/)
  expect(await readFile(file, 'utf8')).toBe(theirs)
  await rm(file)
  await mock.snapshot('more')
  expect(await readFile(file, 'utf8')).toContain('"name":"more"')
})

test('a folder that is not there is told', async () => {
  const { mock, process } = await start(join(folder, 'nowhere', 'x.json'))
  await expect(mock.snapshot('x')).rejects.toThrow(/no such file or directory/)
  expect((await mock.state()).identities).toEqual([])
  expect(await process.end('SIGTERM')).toBe(1)
})
