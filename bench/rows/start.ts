import { median, short, spread } from '../figures.ts'
import type { Row } from '../result.ts'
import { type Server, spawnMock, spawnPrism } from '../server.ts'

const ROUNDS = 7
const MEGABYTE = 2 ** 20

/** Row 4 of design.md §8: from spawn to the first validated answer, and the memory then resident. */
export async function start(): Promise<readonly Row[]> {
  const ratios: number[] = []
  const resident: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = await measure(spawnMock)
    const prisms = await measure(spawnPrism)
    // the first round fills the disk cache
    if (round === 0) continue
    ratios.push(ours.millis / prisms.millis)
    resident.push(ours.rss / MEGABYTE)
  }
  return [
    {
      what: 'spawn to first validated answer, against Prism 5.14',
      budget: '≤ 0.4 ×',
      measured: spread(ratios, ' ×'),
      met: median(ratios) <= 0.4,
      how: `GET /health/alive asked every 5 ms until it is answered, ${ROUNDS} interleaved rounds, median of the rounds' ratios`,
    },
    {
      what: 'memory resident after the first answer',
      budget: '≤ 140 MB',
      measured: `${short(median(resident))} MB`,
      met: median(resident) <= 140,
      how: 'resident set size of the process, median of the same rounds',
    },
  ]
}

async function measure(spawn: () => Promise<Server>): Promise<{ millis: number; rss: number }> {
  const began = performance.now()
  const server = await spawn()
  try {
    await server.ready()
    return { millis: performance.now() - began, rss: (await server.usage()).rss }
  } finally {
    await server.stop()
  }
}
