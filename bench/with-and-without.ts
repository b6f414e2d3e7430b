import { createApp } from '../src/app.ts'
import { demoConfig } from '../src/config/demo.ts'
import { createMock } from '../src/create-mock.ts'
import { STAGES, type Stages } from '../src/pipeline/stages.ts'
import { prepareStart } from '../src/simulation/start.ts'
import { median, spread } from './figures.ts'
import { type Ask, connectInProcess } from './in-process.ts'
import type { LoadRequest } from './load.ts'
import { signIn } from './person.ts'
import type { Row } from './result.ts'

const ROUNDS = 9
/** In each round either server has so many turns, of so many requests: short ones, so that a disturbance spoils few. */
const BLOCKS = 100
const REQUESTS = 20

export interface Comparison {
  /** What is there or not, such as `the journal`. */
  readonly what: string
  /** What replaces the stages of the server that goes without it. */
  readonly without: Partial<Stages>
  /** The highest ratio that meets the budget. */
  readonly atMost: number
  /** The budget in the design's words. */
  readonly budget: string
}

/**
 * What a part of the pipeline costs: two servers in this process that are equal but for it, asked in turn. The figure is
 * the processor time of a request, which others on the machine disturb least; client and HTTP are part of either side.
 */
export async function withAndWithout({ what, without, atMost, budget }: Comparison): Promise<readonly Row[]> {
  const whole = await connect(STAGES)
  const reduced = await connect({ ...STAGES, ...without })
  const rows: Row[] = []
  for (const request of ['whoami', 'login'] as const) {
    const ratios = await inTurn([whole.ask, whole[request]], [reduced.ask, reduced[request]])
    rows.push({
      what: `${request === 'whoami' ? 'GET /sessions/whoami' : 'password login'} with ${what}, against the same server without`,
      budget,
      measured: spread(ratios, ' ×'),
      met: median(ratios) <= atMost,
      how: IN_TURN,
    })
  }
  return rows
}

async function connect(stages: Stages): Promise<{ ask: Ask; whoami: LoadRequest; login: LoadRequest }> {
  const config = demoConfig()
  const mock = createMock({ config, start: await prepareStart({ config, fixture: 'team' }) })
  const ask = connectInProcess(createApp(mock, 'all', stages))
  return { ask, ...(await signIn(ask)) }
}

/** How `inTurn` measures, in a sentence. */
export const IN_TURN = `processor time of ${REQUESTS} requests within the process, ${BLOCKS} turns each in ${ROUNDS} rounds, median of the rounds' ratios of medians`

/** A server and what it is asked. */
export type Asked = readonly [ask: Ask, request: LoadRequest]

/** The ratios of the processor time that two servers of this process take, which are asked in turn; one for each round. */
export async function inTurn(one: Asked, other: Asked): Promise<number[]> {
  const ratios: number[] = []
  // the first round warms up
  for (let round = 0; round <= ROUNDS; round++) {
    const [ones, others] = [[] as number[], [] as number[]]
    for (let block = 0; block < BLOCKS; block++) {
      // who begins changes
      if (block % 2 === 0) ones.push(await timed(one))
      others.push(await timed(other))
      if (block % 2 === 1) ones.push(await timed(one))
    }
    if (round > 0) ratios.push(median(ones) / median(others))
  }
  return ratios
}

/** Processor time of so many requests, one after the other. */
async function timed([ask, request]: Asked): Promise<number> {
  const before = process.cpuUsage()
  for (let i = 0; i < REQUESTS; i++) {
    const { status } = await ask(request)
    if (status !== 200) throw new Error(`${status} to ${request.method} ${request.path}`)
  }
  const { user, system } = process.cpuUsage(before)
  return user + system
}
