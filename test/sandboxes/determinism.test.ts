import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliProcess, startCli } from '../support/cli-process.ts'
import { send } from '../support/http-client.ts'
import { START, startOnePort } from '../support/running-mock.ts'
import { WALKED_PROJECT } from '../walk/project.ts'
import { stepsOf, take } from '../walk/steps.ts'
import { Walker } from '../walk/walker.ts'
import { exchange, type Recorded, recordTo } from './recorder.ts'

/*
 * With --seed the same requests give the same ids, codes and tokens, in each sandbox its own; with --clock also the same
 * times, so the same bytes.
 */

const REQUESTS = 500
const CLOCK = new Date(START).toISOString()

/** A random walk over the identity operations, as it went over the wire. */
async function record(): Promise<readonly Recorded[]> {
  const server = await startOnePort({ seed: 'again', config: WALKED_PROJECT })
  const recorder = await recordTo(server.port)
  try {
    await take(new Walker({ ...server, port: recorder.port }), stepsOf(11, 150))
  } finally {
    await recorder.close()
    await server.close()
  }
  return recorder.recorded
}

const running: CliProcess[] = []

async function start(...args: readonly string[]): Promise<number> {
  const process = await startCli(['--config', config, ...args])
  running.push(process)
  return Number(new URL(process.url).port)
}

async function replay(port: number, session: readonly Recorded[]): Promise<readonly string[]> {
  const answers: string[] = []
  for (const { request } of session) answers.push((await exchange(port, request)).toString('latin1'))
  return answers
}

let folder: string
let config: string
let session: readonly Recorded[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ory-mock-determinism-'))
  config = join(folder, 'project.json')
  await writeFile(config, JSON.stringify(WALKED_PROJECT))
  session = await record()
})
afterAll(async () => {
  await Promise.all(running.map((one) => one.end('SIGTERM')))
  await rm(folder, { recursive: true })
})

describe(`a recorded session of ${REQUESTS} requests, played again,`, () => {
  it('gives identical bytes with the same --seed and --clock', async () => {
    expect(session.length).toBeGreaterThanOrEqual(REQUESTS)
    const before = session.map(({ answer }) => answer.toString('latin1'))
    for (const round of ['first', 'second']) {
      const answers = await replay(await start('--seed', 'again', '--clock', CLOCK), session)
      for (const [n, answer] of answers.entries()) expect(answer, `${round} time, answer ${n}`).toBe(before[n])
    }
  })

  it('gives other ids with another seed', async () => {
    const first = session.findIndex(({ answer }) => answer.includes('"id":"'))
    const [answer] = await replay(await start('--seed', 'other', '--clock', CLOCK), session.slice(first, first + 1))
    expect(answer).not.toBe(session[first]?.answer.toString('latin1'))
  })
})

describe('in each sandbox', () => {
  const begin = async (port: number, sandbox: string) => {
    const { text } = await send({ port, method: 'GET', path: `/~${sandbox}/self-service/login/api` })
    return /"id":"([^"]+)"/.exec(text)?.[1]
  }

  it('the ids are its own, whoever was there first', async () => {
    const one = await start('--seed', 'again')
    const other = await start('--seed', 'again')
    const [a, b] = [await begin(one, 'a'), await begin(one, 'b')]
    expect(a).not.toBe(b)
    expect([await begin(other, 'b'), await begin(other, 'a')]).toEqual([b, a])
  })
})
