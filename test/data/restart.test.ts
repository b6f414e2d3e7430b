import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { listen } from '../../src/http/listen.ts'
import { connectOryMock, type Fixture, type OryMock } from '../../src/index.ts'
import { DataFile } from '../../src/simulation/data/data-file.ts'
import { loadData } from '../../src/simulation/data/load.ts'
import { runCli, startCli } from '../support/cli-process.ts'
import { makeMock, type RunningOptions } from '../support/running-mock.ts'

let folder: string
let stop: (() => Promise<void>) | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ory-mock-data-'))
})
afterEach(async () => {
  await stop?.()
  stop = undefined
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The program itself, in a process of its own. */
async function startProgram(...args: string[]): Promise<OryMock> {
  const running = await startCli(args)
  stop = async () => {
    expect(await running.end('SIGTERM')).toBe(0)
    stop = undefined
  }
  return connectOryMock(running.url)
}

/** The same in this process. */
async function start(file: string, options: RunningOptions = {}): Promise<OryMock & { notices: readonly string[] }> {
  const { mock, failures } = await makeMock(options)
  const notices = await loadData(file, mock)
  mock.data = new DataFile(file, mock, (message) => failures.push(message))
  await mock.data.start()
  const { port, close } = await listen(createApp(mock), 0)
  stop = async () => {
    await close()
    await mock.data?.close()
    stop = undefined
    expect(failures).toEqual([])
  }
  return Object.assign(connectOryMock(`http://localhost:${port}`), { notices })
}

/** Running clocks have gone on meanwhile. */
const timeless = ({ clock, projects = [], ...rest }: Fixture): unknown => ({
  frozen: typeof clock === 'object' && clock.frozen,
  projects: projects.map(({ world = {}, ...project }) => ({ ...project, world: timeless(world) })),
  ...rest,
})

describe('--data', () => {
  test('keeps everything of all sandboxes across a restart', async () => {
    const file = join(folder, 'all.json')
    const options = ['--data', file, '--fixture', 'team', '--seed', 'x']
    const before = await startProgram(...options)
    const [frozen, moved, staged] = [before.sandbox('frozen'), before.sandbox('moved'), before.sandbox('staged')]
    await frozen.clock.freeze(new Date('2022-07-27T12:00:00Z'))
    await frozen.identity({ email: 'ada@example.com', password: 'sand-castle-4711', totp: true })
    await frozen.session({ identity: 'ada@example.com', aal: 'aal2' })
    await frozen.snapshot('signed-in')
    await frozen.reset()
    await frozen.clock.freeze('2022-07-27T13:00:00Z')
    await moved.clock.advance('48h')
    await moved.config({ namespaces: [{ id: 1, name: 'files' }] })
    await moved.tuple('files:f#view@ada')
    await staged.scenario('aal2-required')
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer any' }
    const made = await fetch(`${moved.url}/projects`, { method: 'POST', headers, body: '{"name":"made"}' })
    const { slug } = (await made.json()) as { slug: string }
    await before.sandbox(slug).identity({ traits: { email: 'bob@example.com' } })
    await moved.snapshot('with-project')

    const names = (await before.sandboxes()).map(({ name }) => name)
    const states = await Promise.all(names.map((name) => before.sandbox(name).state()))
    const snapshot = await moved.snapshots.read('with-project')
    await stop?.()

    const after = await startProgram(...options)
    expect((await after.sandboxes()).map(({ name }) => name)).toEqual(names)
    for (const [index, name] of names.entries()) {
      expect(timeless(await after.sandbox(name).state()), name).toEqual(timeless(states[index] ?? {}))
    }
    // clocks go on where they were
    expect(await after.sandbox('frozen').clock.read()).toEqual({ now: '2022-07-27T13:00:00Z', frozen: true })
    const { now } = await after.sandbox('moved').clock.read()
    expect(Date.parse(now) - Date.now()).toBeGreaterThan(47 * 3_600_000)
    // snapshots and scenarios are still what one comes back to
    expect(await after.sandbox('moved').snapshots.read('with-project')).toEqual(snapshot)
    await after.sandbox('frozen').restore('signed-in')
    expect((await after.sandbox('frozen').state()).sessions).toHaveLength(1 + (states[0]?.sessions?.length ?? 0))
    await after.sandbox('staged').reset()
    expect(await after.sandbox('staged').scenario()).toMatchObject({ name: 'aal2-required' })
    await after.sandbox('moved').restore('with-project')
    expect((await after.sandbox(slug).state()).identities).toHaveLength(1)
  })

  test('a disposed sandbox does not come back', async () => {
    const file = join(folder, 'disposed.json')
    const before = await start(file)
    await before.sandbox('gone').identity({ email: 'ada@example.com' })
    await before.sandbox('stays').identity({ email: 'ada@example.com' })
    await before.snapshot()
    expect(await readFile(file, 'utf8')).toContain('"name":"gone"')
    await before.sandbox('gone').close()
    await stop?.()
    const after = await start(file)
    expect((await after.sandboxes()).map(({ name }) => name)).toEqual(['default', 'stays'])
  })

  test('another configuration than before counts for those that did not change theirs', async () => {
    const file = join(folder, 'configured.json')
    const config = (lifespan: string) => ({ session: { lifespan }, identity: { schemas: SCHEMAS } })
    const before = await start(file, { config: config('7m') })
    await before.sandbox('own').config({ session: { lifespan: '9m' } })
    await stop?.()
    const after = await start(file, { config: config('8m') })
    expect(await after.config()).toMatchObject({ session: { lifespan: '8m' } })
    expect(await after.sandbox('own').config()).toMatchObject({ session: { lifespan: '9m' } })
  })

  test('with --strict-sandboxes those that were kept are known', async () => {
    const file = join(folder, 'strict.json')
    const before = await start(file)
    await before.sandbox('known').identity({ email: 'ada@example.com' })
    await stop?.()
    const after = await start(file, { strictSandboxes: true })
    expect((await after.sandbox('known').state()).identities).toHaveLength(1)
    await expect(after.sandbox('unknown').state()).rejects.toThrow(/--strict-sandboxes/)
  })

  test('a scenario that is gone is told, and its sandbox kept', async () => {
    const file = join(folder, 'scenario.json')
    await writeFile(file, book({ name: 'staged', scenario: 'no-more', state: { identities: [{ email: 'a@b.cd' }] } }))
    const mock = await start(file)
    expect(mock.notices).toEqual([expect.stringMatching(/^The sandbox "staged" was in the scenario "no-more"/)])
    expect((await mock.sandbox('staged').state()).identities).toHaveLength(1)
  })
})

const SCHEMAS = [{ id: 'default', url: 'base64://e30=' }]

/** A data file as it is written, of these sandboxes. */
const book = (...sandboxes: readonly object[]): string =>
  JSON.stringify({
    ory_mock_data: 1,
    sandboxes: sandboxes.map((each) => ({ clock: { offset: 0 }, state: {}, snapshots: [], ...each })),
  })

describe('a file that cannot be used is refused at the start', () => {
  const refuse = async (text: string, options: RunningOptions = {}): Promise<void> => {
    const file = join(folder, 'refused.json')
    await writeFile(file, text)
    const { mock } = await makeMock(options)
    await loadData(file, mock).finally(async () => expect(await readFile(file, 'utf8')).toBe(text))
  }

  test.each([
    ['cut off', '{"ory_mock_data":1,"sandb', /refused.json: it is broken/],
    ['of something else', '{"identities":[]}', /refused.json: this is no data file of ory-mock/],
    [
      'with a state that is none',
      book({ name: 'a' }, { name: 'b', state: { identities: [{ emial: 'x' }] } }),
      /refused.json: \/sandboxes\/1\/identities\/0.*emial/,
    ],
    [
      'with a project of nobody',
      book({ name: 'p', maker: 'm' }),
      /\/sandboxes\/0\/maker: it belongs to the sandbox "m"/,
    ],
  ])('%s', async (_, text, message) => {
    await expect(refuse(text)).rejects.toThrow(message)
  })

  test('with more sandboxes than there may be', async () => {
    await expect(refuse(book({ name: 'a' }, { name: 'b' }), { maxSandboxes: 2 })).rejects.toThrow(/--max-sandboxes/)
  })

  test('of a later version, by the program, in a sentence', async () => {
    const file = join(folder, 'later.json')
    const text = '{"ory_mock_data":2,"sandboxes":[]}'
    await writeFile(file, text)
    const { code, printed } = await runCli(['serve', '--port', '0', '--data', file])
    expect(code).toBe(1)
    expect(printed).toBe(
      `${file}: it was written by a later version of ory-mock (form 2; this one reads 1). Use that version, or start with another --data file.\n`,
    )
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  test('an empty one is a new one', async () => {
    await refuse('')
  })
})
