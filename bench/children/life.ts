import { demoConfig } from '../../src/config/demo.ts'
import { createMock } from '../../src/create-mock.ts'
import { resetSandbox, type Sandbox } from '../../src/simulation/sandboxes.ts'
import { restoreSnapshot, takeSnapshot } from '../../src/simulation/snapshots.ts'
import { prepareStart } from '../../src/simulation/start.ts'
import { createOryMock } from '../../src/test-api/create-ory-mock.ts'

/*
 * Answers one message: how long it took to make a second mock, and then so many sandboxes, resets and restores.
 */

/** Milliseconds. */
export interface Lives {
  readonly second: number
  readonly emptySandboxes: readonly number[]
  readonly sandboxes: readonly number[]
  readonly resets: readonly number[]
  readonly restores: readonly number[]
}

const TIMES = 50

async function measure(): Promise<Lives> {
  const first = await createOryMock()
  const began = performance.now()
  const other = await createOryMock()
  const second = performance.now() - began
  await Promise.all([first.close(), other.close()])

  const config = demoConfig()
  const empty = createMock({ config })
  const identities = Array.from({ length: 100 }, (_, i) => ({
    email: `person-${i}@example.com`,
    password: 'sand-castle',
  }))
  const full = createMock({ config, start: await prepareStart({ config, fixture: { identities } }) })
  const { sandbox } = full.sandboxes.enter('default')
  const snapshot = takeSnapshot(sandbox.world, sandbox.worlds)
  return {
    second,
    emptySandboxes: times((i) => empty.sandboxes.enter(`sandbox-${i}`)),
    sandboxes: times((i) => full.sandboxes.enter(`sandbox-${i}`)),
    resets: times(() => spoilt(sandbox, () => resetSandbox(sandbox))),
    restores: times(() => spoilt(sandbox, () => restoreSnapshot(sandbox.world, sandbox.worlds, snapshot))),
  }
}

function times(run: (index: number) => unknown): number[] {
  return Array.from({ length: TIMES }, (_, index) => {
    const began = performance.now()
    run(index)
    return performance.now() - began
  })
}

/** @throws when it did not bring back whom it should */
function spoilt({ world }: Sandbox, mend: () => void): void {
  const [someone] = world.identities.values()
  if (someone) world.identities.delete(someone.id)
  mend()
  if (world.identities.size !== 100) throw new Error(`${world.identities.size} identities`)
}

process.on('message', async () => {
  process.send?.(await measure())
})
