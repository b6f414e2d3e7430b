import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, spread } from '../figures.ts'
import { inRounds, type LoadRequest, ratios } from '../load.ts'
import { type Person, signIn } from '../person.ts'
import type { Row } from '../result.ts'
import { type Server, spawnMock } from '../server.ts'

const SIZE = { rounds: 9, seconds: 2 }

/** What the journal costs: a server that keeps one, and one that writes it too, against a server without. */
export async function journal(): Promise<readonly Row[]> {
  const file = join(tmpdir(), `ory-mock-bench-${process.pid}.jsonl`)
  const start = (...args: string[]) => spawnMock(['--fixture', 'team', ...args])
  const servers = [await start('--journal-size', '0'), await start(), await start('--journal', file)] as const
  try {
    const people = new Map<Server, Person>()
    for (const server of servers) {
      await server.ready()
      people.set(server, await signIn(server))
    }
    const rows: Row[] = []
    for (const [what, requestOf] of Object.entries(REQUESTS)) {
      const requests = new Map([...people].map(([server, person]) => [server, [requestOf(person)]]))
      rows.push(...(await compare(what, servers, requests)))
    }
    return rows
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(file, { force: true })
  }
}

const REQUESTS: Readonly<Record<string, (person: Person) => LoadRequest>> = {
  'GET /sessions/whoami': ({ whoami }) => whoami,
  'password login': ({ login }) => login,
}

async function compare(
  what: string,
  [without, kept, written]: readonly [Server, Server, Server],
  requests: ReadonlyMap<Server, readonly LoadRequest[]>,
): Promise<readonly Row[]> {
  const rounds = await inRounds(requests, SIZE)
  const how = `processor time for each answer, ${SIZE.rounds} interleaved rounds of ${SIZE.seconds} s, median of the rounds' ratios`
  const inMemory = ratios(rounds, kept, without, 'cpu')
  const inFile = ratios(rounds, written, without, 'cpu')
  return [
    {
      what: `${what} with the journal, against without (\`--journal-size 0\`)`,
      budget: '≤ 1.1 ×',
      measured: spread(inMemory, ' ×'),
      met: median(inMemory) <= 1.1,
      how,
    },
    {
      what: `${what} with \`--journal FILE\`, against without`,
      budget: 'none',
      measured: spread(inFile, ' ×'),
      met: true,
      how: `${how}; bodies are masked and written after the answers`,
    },
  ]
}
