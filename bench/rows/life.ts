import { Child } from '../child.ts'
import type { Lives } from '../children/life.ts'
import { median, spread } from '../figures.ts'
import type { Row } from '../result.ts'

const PROCESSES = 7

/** Row 5 of design.md §8: what a suite does again and again. */
export async function life(): Promise<readonly Row[]> {
  const lives: Lives[] = []
  for (let i = 0; i < PROCESSES; i++) {
    const child = new Child('life')
    lives.push(await child.ask<Lives>())
    child.stop()
  }
  const within = (what: string, budget: number, figures: readonly number[], of: string): Row => ({
    what,
    budget: `≤ ${budget} ms`,
    measured: spread(figures, ' ms'),
    met: median(figures) <= budget,
    how: `median of ${of} of ${PROCESSES} fresh processes`,
  })
  const each = (figure: (life: Lives) => readonly number[]) => lives.map((life) => median(figure(life)))
  const fifty = 'the medians of 50 in a row'
  return [
    within(
      'second `createOryMock()` in a process',
      5,
      lives.map(({ second }) => second),
      'the one second call',
    ),
    within(
      'new sandbox, empty',
      1,
      each(({ emptySandboxes }) => emptySandboxes),
      fifty,
    ),
    within(
      'new sandbox, from a fixture of 100 identities',
      1,
      each(({ sandboxes }) => sandboxes),
      fifty,
    ),
    within(
      'reset of 100 identities',
      1,
      each(({ resets }) => resets),
      fifty,
    ),
    within(
      'restore of a snapshot of 100 identities',
      1,
      each(({ restores }) => restores),
      fifty,
    ),
  ]
}
