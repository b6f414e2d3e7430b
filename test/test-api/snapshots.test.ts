import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOryMock, type OryMock } from '../../src/index.ts'

const NOON = '2022-07-27T12:00:00Z'
const PASSWORD = 'sand-castle-4711'

describe('snapshots', () => {
  let server: OryMock
  let mock: OryMock
  let count = 0

  beforeAll(async () => {
    server = await createOryMock({ clock: NOON, seed: 'snapshots' })
  })
  beforeEach(() => {
    mock = server.sandbox(`s${++count}`)
  })
  afterEach(() => mock.close())
  afterAll(() => server.close())

  const whoami = async (token: string): Promise<number> =>
    (await fetch(`${mock.url}/sessions/whoami`, { headers: { 'X-Session-Token': token } })).status

  test('bring back everything that the sandbox held, time and switches included', async () => {
    const ada = await mock.identity({ email: 'ada@example.com', password: PASSWORD })
    const { session_token } = await ada.session()
    const before = await mock.state()
    await mock.snapshot('signed-in')

    await mock.clock.advance('25h')
    await mock.identity({ email: 'eve@example.com' })
    await mock.config({ session: { lifespan: '1m' } })
    expect(await whoami(session_token)).toBe(401)

    await mock.restore('signed-in')
    expect(await whoami(session_token)).toBe(200)
    expect(await mock.state()).toEqual(before)
  })

  test('leave other sandboxes alone, and are their own', async () => {
    const other = server.sandbox('other')
    await other.identity({ email: 'bob@example.com' })
    await mock.snapshot('mine')
    await other.snapshot('theirs')
    expect((await mock.snapshots.list()).map(({ name }) => name)).toEqual(['mine'])
    await mock.restore('mine')
    expect((await other.state()).identities).toHaveLength(1)
    await other.close()
  })

  test('after a restore the same requests get the same ids again', async () => {
    await mock.snapshot()
    const first = await mock.identity({ email: 'ada@example.com' })
    await mock.restore()
    const second = await mock.identity({ email: 'ada@example.com' })
    expect(second.body).toEqual(first.body)
  })

  test('can be restored again and again, and outlive a reset', async () => {
    await mock.identity({ email: 'ada@example.com' })
    const taken = await mock.snapshot('one')
    expect(taken).toEqual({ name: 'one', taken_at: NOON, identities: 1, sessions: 0 })
    await mock.reset()
    expect((await mock.state()).identities).toEqual([])
    for (const _ of [1, 2]) {
      await mock.restore(taken)
      expect((await mock.state()).identities).toHaveLength(1)
      await mock.reset()
    }
  })

  test('a name is taken anew by the next snapshot under it; one without a name replaces the last without', async () => {
    await mock.snapshot()
    await mock.identity({ email: 'ada@example.com' })
    await mock.snapshot()
    expect(await mock.snapshots.list()).toEqual([expect.objectContaining({ name: 'unnamed', identities: 1 })])
  })

  test('travel as JSON into another sandbox, and do not touch what it holds', async () => {
    await mock.identity({ email: 'ada@example.com', password: PASSWORD, totp: true })
    await mock.snapshot('one')
    const written = await mock.snapshots.read('one')
    expect(written).toEqual(await mock.state())

    const other = server.sandbox('importer')
    await other.snapshots.write('imported', JSON.parse(JSON.stringify(written)))
    expect((await other.state()).identities).toEqual([])
    await other.restore('imported')
    expect(await other.state()).toEqual(written)
    await other.close()
  })

  test('hold the projects created through the sandbox, with what their worlds hold', async () => {
    const headers = { Authorization: 'Bearer any', 'Content-Type': 'application/json' }
    const create = async (name: string): Promise<{ id: string; slug: string }> => {
      const made = await fetch(`${mock.url}/projects`, { method: 'POST', headers, body: JSON.stringify({ name }) })
      return (await made.json()) as { id: string; slug: string }
    }
    const kept = await create('kept')
    const project = server.sandbox(kept.slug)
    await project.identity({ traits: { email: 'ada@example.com' } })
    await mock.snapshot('with-a-project')
    const written = await mock.snapshots.read('with-a-project')

    await project.setState({})
    const later = await create('later')
    await mock.restore('with-a-project')
    expect((await project.state()).identities).toHaveLength(1)
    expect((await server.sandboxes()).map(({ name }) => name)).not.toContain(later.slug)

    await mock.snapshots.write('written', written)
    await mock.reset()
    expect((await server.sandboxes()).map(({ name }) => name)).not.toContain(kept.slug)
    await mock.restore('written')
    expect(await mock.state()).toEqual(written)
  })

  test('a project whose name somebody else took cannot come back; nothing is changed', async () => {
    const headers = { Authorization: 'Bearer any', 'Content-Type': 'application/json' }
    const made = await fetch(`${mock.url}/projects`, { method: 'POST', headers, body: '{"name":"p"}' })
    const { slug } = (await made.json()) as { slug: string }
    await mock.snapshot('one')
    await mock.reset()
    const squatter = server.sandbox(slug)
    await squatter.identity({ email: 'ada@example.com' })
    await mock.identity({ email: 'bob@example.com' })
    await expect(mock.restore('one')).rejects.toMatchObject({ status: 409, message: expect.stringContaining(slug) })
    expect((await mock.state()).identities).toHaveLength(1)
    expect((await squatter.state()).identities).toHaveLength(1)
    await squatter.close()
  })

  test('one that is not there is refused with the names of those that are', async () => {
    await mock.snapshot('one')
    await expect(mock.restore('two')).rejects.toThrow(/no snapshot "two".*"one"/)
    await expect(mock.snapshots.read('two')).rejects.toMatchObject({ status: 404 })
    await expect(mock.snapshots.delete('two')).rejects.toMatchObject({ status: 404 })
    await mock.snapshots.delete('one')
    await expect(mock.restore('one')).rejects.toThrow(/It has none/)
  })

  test.each(['', '.hidden', 'a/b', '__proto__ ', 'x'.repeat(64)])('%j is no name of a snapshot', async (name) => {
    await expect(mock.snapshot(name)).rejects.toThrow()
    expect(await mock.snapshots.list()).toEqual([])
  })

  test('are bounded', async () => {
    for (let n = 0; n < 100; n++) await mock.snapshot(`n${n}`)
    await expect(mock.snapshot('n100')).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('--max-snapshots'),
    })
    await mock.snapshot('n99')
    await mock.snapshots.delete('n0')
    await mock.snapshot('n100')
  })

  test('a written one must be a fixture', async () => {
    const broken = { identities: [{ emial: 'ada@example.com' }] }
    await expect(mock.snapshots.write('x', broken as object)).rejects.toThrow(/emial/)
    await expect(mock.snapshots.write('x', { flows: [{ kind: 'login', type: 'x' }] } as object)).rejects.toThrow(/type/)
    expect(await mock.snapshots.list()).toEqual([])
  })
})

describe('snapshots of a sandbox whose clock runs', () => {
  beforeEach(() => vi.useFakeTimers({ now: Date.parse(NOON), toFake: ['Date'] }))
  afterEach(() => vi.useRealTimers())

  test('all times move along: what was five minutes old is five minutes old', async () => {
    const mock = await createOryMock()
    const ada = await mock.identity({ email: 'ada@example.com' })
    await ada.session({ age: '5m' })
    await mock.snapshot()
    vi.setSystemTime(Date.parse('2022-07-28T12:00:00Z'))
    await mock.clock.advance('1h')
    await mock.restore()
    expect(await mock.clock.read()).toEqual({ now: '2022-07-28T12:00:00Z', frozen: false })
    const { sessions, identities } = await mock.state()
    expect(sessions?.[0]).toMatchObject({
      authenticated_at: '2022-07-28T11:55:00Z',
      expires_at: '2022-07-29T11:55:00Z',
    })
    expect(identities?.[0]).toMatchObject({ created_at: '2022-07-28T12:00:00Z' })
    await mock.close()
  })
})
