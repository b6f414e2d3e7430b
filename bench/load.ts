import type { Server } from './server.ts'

/** One request, as the load generator sends it again and again. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What a server did under load. */
export interface Sample {
  /** Answers in a second. */
  readonly rate: number
  /** The server's processor time for each answer, in microseconds. */
  readonly cpu: number
  /** Answers outside 200 to 299. */
  readonly non2xx: number
}

interface Result {
  readonly requests: { readonly total: number }
  readonly duration: number
  readonly non2xx: number
  readonly errors: number
}

type Autocannon = (options: object) => Promise<Result>

/** So many connections ask at the same time, unless said otherwise. */
const CONNECTIONS = 10

/** How long requests are sent, and from how many connections that stay open. */
export interface Load {
  readonly seconds: number
  readonly connections?: number
}

/** Sends the requests in turn. */
export async function load(
  server: Server,
  requests: readonly LoadRequest[],
  { seconds, connections = CONNECTIONS }: Load,
): Promise<Sample> {
  const autocannon = await loadGenerator()
  const before = await server.usage()
  const result = await autocannon({
    url: server.url,
    connections,
    duration: seconds,
    // the load generator ends a run only at a whole sample
    sampleInt: 100,
    requests: requests.map((each) => ({ ...each })),
  })
  const after = await server.usage()
  const { total } = result.requests
  if (total === 0 || result.errors > 0) throw new Error(`${server.name} broke ${result.errors} connections under load`)
  return { rate: total / result.duration, cpu: ((after.cpu - before.cpu) * 1000) / total, non2xx: result.non2xx }
}

async function loadGenerator(): Promise<Autocannon> {
  const file = new URL('opponents/node_modules/autocannon/autocannon.js', import.meta.url)
  const { default: autocannon } = (await import(file.href)) as { default: Autocannon }
  return autocannon
}

/** Each server's samples, one in each round. */
export type Rounds = ReadonlyMap<Server, readonly Sample[]>

/**
 * Puts the servers under the same load in turn, round after round, so that what else happens on the machine hits all of
 * them alike. The first round warms up and is not counted.
 */
export async function inRounds(
  requests: ReadonlyMap<Server, readonly LoadRequest[]>,
  { rounds, ...size }: Load & { readonly rounds: number },
): Promise<Rounds> {
  const samples = new Map<Server, Sample[]>([...requests.keys()].map((server) => [server, []]))
  for (let round = 0; round <= rounds; round++) {
    const order = [...requests.keys()]
    // who begins changes, so that nobody always comes after the same one
    for (const server of round % 2 === 0 ? order : order.reverse()) {
      const sample = await load(server, requests.get(server) ?? [], size)
      if (round > 0) samples.get(server)?.push(sample)
    }
  }
  return samples
}

/** The ratios of one figure of two servers, round by round. */
export function ratios(rounds: Rounds, one: Server, other: Server, figure: 'rate' | 'cpu'): number[] {
  const others = rounds.get(other) ?? []
  return (rounds.get(one) ?? []).map((sample, i) => sample[figure] / (others[i]?.[figure] ?? Number.NaN))
}
