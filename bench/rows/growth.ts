import { Child } from '../child.ts'
import type { Grown } from '../children/growth.ts'
import { median, short } from '../figures.ts'
import type { Row } from '../result.ts'

const REQUESTS = 1_000_000
const STEP = 100_000
const MEGABYTE = 2 ** 20
/** What the heap may differ by from one collection of garbage to the next: three bytes a request would be more. */
const NOISE = 1.05

/** Row 6 of design.md §8: a server that is used for long becomes neither larger nor slower. */
export async function growth(): Promise<readonly Row[]> {
  const child = new Child('growth')
  const steps: Grown[] = []
  try {
    for (let wanted = STEP; wanted <= REQUESTS; wanted += STEP) {
      const grown = await child.ask<Grown>({ wanted })
      steps.push(grown)
      console.log(`  ${grown.requests} requests: ${short(grown.heap / MEGABYTE)} MB, ${short(grown.cpu)} µs each`)
    }
  } finally {
    child.stop()
  }
  const [first, ...later] = steps
  if (!first) throw new Error('nothing was measured')
  const heap = Math.max(...later.map(({ heap }) => heap)) / first.heap
  // others on the machine disturb a single step
  const slower = median(later.slice(-3).map(({ cpu }) => cpu)) / median(later.slice(0, 3).map(({ cpu }) => cpu))
  const mix = `${REQUESTS.toLocaleString('en')} requests of mixed flows within one process, half an hour of the world's time after every twenty`
  return [
    {
      what: 'growth of the heap from 100,000 to 1,000,000 requests',
      budget: `none (≤ ${NOISE} ×)`,
      measured: `${short(heap)} × at its highest (${short(first.heap / MEGABYTE)} MB at first)`,
      met: heap <= NOISE,
      how: `${mix}; heap in use after a collection of garbage at every 100,000`,
    },
    {
      what: 'a request after 700,000 others, against one after 100,000',
      budget: 'no slower (≤ 1.1 ×)',
      measured: `${short(slower)} ×`,
      met: slower <= 1.1,
      how: 'processor time of a request in the last three hundred thousand of the same, against the second to fourth',
    },
  ]
}
