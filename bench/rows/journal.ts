import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, spread } from '../figures.ts'
import { inRounds, type LoadRequest, ratios } from '../load.ts'
import { type Person, signIn } from '../person.ts'
import type { Row } from '../result.ts'
import { type Server, spawnMock } from '../server.ts'

/**
 * One connection asks, as a test does. Where ten ask as fast as they can, the slower server wakes the clients more often,
 * as it leaves them waiting: the kernel's time for that is not the journal's. The rounds are short and many, so that what
 * else happens on the machine spoils few of them.
 */
const SIZE = { rounds: 41, seconds: 0.4, connections: 1 }
const CROWDED = { ...SIZE, connections: 10 }
const HOW = `processor time for each answer, ${SIZE.rounds} interleaved rounds of ${SIZE.seconds} s, median of the rounds' ratios`

/** What the journal costs: kept in memory, and written to a file too, against a server without. */
export async function journal(): Promise<readonly Row[]> {
  const file = join(tmpdir(), `ory-mock-bench-${process.pid}.jsonl`)
  const start = (...args: string[]) => spawnMock(['--fixture', 'team', ...args])
  const [without, kept, writing] = [await start('--journal-size', '0'), await start(), await start('--journal', file)]
  const servers = [without, kept, writing]
  try {
    const people = new Map<Server, Person>()
    for (const server of servers) {
      await server.ready()
      people.set(server, await signIn(server.ask))
    }
    const requests = (of: readonly Server[], request: 'whoami' | 'login') =>
      new Map(of.map((server): [Server, readonly LoadRequest[]] => [server, requestOf(people.get(server), request)]))
    const whoami = await inRounds(requests(servers, 'whoami'), SIZE)
    const crowded = await inRounds(requests([without, kept], 'whoami'), CROWDED)
    const login = await inRounds(requests([without, kept], 'login'), SIZE)
    return [
      keptRow('GET /sessions/whoami', ratios(whoami, kept, without, 'cpu')),
      keptRow('password login', ratios(login, kept, without, 'cpu')),
      {
        what: `GET /sessions/whoami with the journal, ${CROWDED.connections} connections at once, against without`,
        budget: 'none',
        measured: spread(ratios(crowded, kept, without, 'cpu'), ' ×'),
        met: true,
        how: HOW,
      },
      {
        what: 'GET /sessions/whoami with `--journal FILE`, against without',
        budget: 'none',
        measured: spread(ratios(whoami, writing, without, 'cpu'), ' ×'),
        met: true,
        how: `${HOW}; bodies are masked and written after the answers`,
      },
    ]
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(file, { force: true })
  }
}

function requestOf(person: Person | undefined, request: 'whoami' | 'login'): readonly LoadRequest[] {
  return person ? [person[request]] : []
}

function keptRow(what: string, found: readonly number[]): Row {
  return {
    what: `${what} with the journal, against without (\`--journal-size 0\`)`,
    budget: '≤ 1.1 ×',
    measured: spread(found, ' ×'),
    met: median(found) <= 1.1,
    how: `${HOW}; one connection`,
  }
}
