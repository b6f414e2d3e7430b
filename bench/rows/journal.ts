import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spread } from '../figures.ts'
import { inRounds, type LoadRequest, ratios } from '../load.ts'
import { signIn } from '../person.ts'
import type { Row } from '../result.ts'
import { type Server, spawnMock } from '../server.ts'
import { withAndWithout } from '../with-and-without.ts'

const SIZE = { rounds: 7, seconds: 2 }

/** What the journal costs: kept in memory, and written to a file too, against a server without. */
export async function journal(): Promise<readonly Row[]> {
  const kept = await withAndWithout({
    what: 'the journal',
    without: { record: () => undefined },
    atMost: 1.1,
    budget: '≤ 1.1 ×',
  })
  return [...kept, await written()]
}

async function written(): Promise<Row> {
  const file = join(tmpdir(), `ory-mock-bench-${process.pid}.jsonl`)
  const start = (...args: string[]) => spawnMock(['--fixture', 'team', ...args])
  const [without, writing] = [await start('--journal-size', '0'), await start('--journal', file)]
  try {
    const requests = new Map<Server, readonly LoadRequest[]>()
    for (const server of [without, writing]) {
      await server.ready()
      requests.set(server, [(await signIn(server.ask)).whoami])
    }
    const inFile = ratios(await inRounds(requests, SIZE), writing, without, 'cpu')
    return {
      what: 'GET /sessions/whoami with `--journal FILE`, against `--journal-size 0`',
      budget: 'none',
      measured: spread(inFile, ' ×'),
      met: true,
      how: `processor time for each answer, ${SIZE.rounds} interleaved rounds of ${SIZE.seconds} s, median of the rounds' ratios; bodies are masked and written after the answers`,
    }
  } finally {
    await Promise.all([without, writing].map((server) => server.stop()))
    await rm(file, { force: true })
  }
}
