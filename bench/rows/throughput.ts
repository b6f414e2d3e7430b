import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median, spread } from '../figures.ts'
import { inRounds, type LoadRequest, ratios } from '../load.ts'
import { loginRequest, signIn, whoamiRequest } from '../person.ts'
import type { Row } from '../result.ts'
import { type Server, spawnExpress, spawnMock, spawnPrism } from '../server.ts'

const SIZE = { rounds: 7, seconds: 3 }

/** Rows 1 and 2 of design.md §8: whoami and password login, against bare Express and against Prism. */
export async function throughput(): Promise<readonly Row[]> {
  const bodies = join(tmpdir(), `ory-mock-bench-${process.pid}.json`)
  const mock = await spawnMock(['--fixture', 'team'])
  const servers: Server[] = [mock]
  try {
    await mock.ready()
    const person = await signIn(mock.ask)
    await writeFile(bodies, JSON.stringify(person.bodies))
    const [express, prism] = [await spawnExpress(bodies), await spawnPrism()]
    servers.push(express, prism)
    await Promise.all([express.ready('/sessions/whoami'), prism.ready()])
    // Prism answers a correct password login with 422: it is given a TOTP login, which it takes
    const totp = loginRequest('6f0b6c0e-0000-4000-8000-000000000000', { method: 'totp', totp_code: '123456' })
    return [
      ...(await compare('GET /sessions/whoami', { mock, express, prism }, person.whoami, whoamiRequest('any'))),
      ...(await compare('password login', { mock, express, prism }, person.login, totp)),
    ]
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
    await rm(bodies, { force: true })
  }
}

interface Opponents {
  readonly mock: Server
  readonly express: Server
  readonly prism: Server
}

async function compare(
  what: string,
  { mock, express, prism }: Opponents,
  ours: LoadRequest,
  prisms: LoadRequest,
): Promise<readonly Row[]> {
  const requests = new Map([
    [mock, [ours]],
    [express, [ours]],
    [prism, [prisms]],
  ])
  const rounds = await inRounds(requests, SIZE)
  const refused = (rounds.get(mock) ?? []).reduce((sum, sample) => sum + sample.non2xx, 0)
  if (refused > 0) throw new Error(`ory-mock refused ${refused} requests of ${what}`)
  const how = `answers per second over ten connections, ${SIZE.rounds} interleaved rounds of ${SIZE.seconds} s, median of the rounds' ratios`
  const againstExpress = ratios(rounds, mock, express, 'rate')
  const againstPrism = ratios(rounds, mock, prism, 'rate')
  return [
    {
      what: `${what}, against bare Express`,
      budget: '≥ 1.0 ×',
      measured: spread(againstExpress, ' ×'),
      met: median(againstExpress) >= 1,
      how,
    },
    {
      what: `${what}, against Prism 5.14`,
      budget: '≥ 4 ×',
      measured: spread(againstPrism, ' ×'),
      met: median(againstPrism) >= 4,
      how,
    },
  ]
}
