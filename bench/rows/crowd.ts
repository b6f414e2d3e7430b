import { Child } from '../child.ts'
import { median, short, spread } from '../figures.ts'
import type { Row } from '../result.ts'

const CROWD = { identities: 20_000, sessions: 100_000, sandboxes: 1_000 }
const ROUNDS = 15
/** Of each request of the mix, in a round. */
const TIMES = 100
const KILOBYTE = 1024

/** Row 3 of design.md §8: what a request costs among many others' records, and what a session weighs. */
export async function crowd(): Promise<readonly Row[]> {
  const crowded = new Child('crowd', ...Object.values(CROWD).map(String))
  const empty = new Child('crowd', '0', '0', '0')
  try {
    const weight = await crowded.ask<number>()
    await empty.ask<number>()
    const ratios: number[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const [one, other] = [await crowded.ask<number>({ rounds: TIMES }), await empty.ask<number>({ rounds: TIMES })]
      // the first round warms up
      if (round > 0) ratios.push(one / other)
    }
    return [
      {
        what: 'a request with 100,000 sessions, 20,000 identities, 1,000 sandboxes, against an empty world',
        budget: '≤ 1.2 ×',
        measured: spread(ratios, ' ×'),
        met: median(ratios) <= 1.2,
        how: `processor time of a mix of eight requests within the process (whoami here and in a sandbox, login and its flow, reading and listing identities and sessions), ${ROUNDS} interleaved rounds of ${TIMES} each, median of the rounds' ratios`,
      },
      {
        what: 'what a session takes',
        budget: '≤ 2 KB',
        measured: `${short(weight / KILOBYTE)} KB`,
        met: weight <= 2 * KILOBYTE,
        how: 'growth of the heap after a collection of garbage, by 100,000 sessions with all indexes, divided by them',
      },
    ]
  } finally {
    crowded.stop()
    empty.stop()
  }
}
