import { beforeAll, describe, expect, it } from 'vitest'
import { publishedRoutes } from '../support/published-routes.ts'
import { startOnePort } from '../support/running-mock.ts'
import { WALKED_PROJECT } from './project.ts'
import { BAD_SERVERS, type BadServer } from './sabotage.ts'
import { shrink } from './shrink.ts'
import { type Step, stepsOf, take } from './steps.ts'
import { Walker, WalkFailure } from './walker.ts'

/*
 * A random walk over all identity operations. The seed decides everything: WALK_SEED repeats a walk that failed.
 */

const STEPS = process.env['TEST_SCALE'] === 'full' ? 10_000 : 500
const USUAL_SEED = 3
const SEED = Number(process.env['WALK_SEED'] ?? USUAL_SEED)
const PATIENCE = 2_400_000
/** A long walk is shortened for so long; the seed is told before. */
const SHRINKING = 1_200_000

/** What a walk came to. */
interface Walk {
  readonly walker: Walker
  readonly failure: WalkFailure | undefined
}

/** Takes the steps in a new world. */
async function walk(steps: readonly Step[], bad?: BadServer): Promise<Walk> {
  const server = await startOnePort({ config: WALKED_PROJECT })
  const walker = new Walker(server)
  try {
    await take(walker, steps, bad?.make())
    return { walker, failure: undefined }
  } catch (failure) {
    if (!(failure instanceof WalkFailure)) throw failure
    return { walker, failure }
  } finally {
    await server.close()
  }
}

/** The shortest part of a walk's steps that breaks the same rule. */
async function shortest(steps: readonly Step[], { walker, failure }: Walk, bad?: BadServer): Promise<readonly Step[]> {
  const breaksIt = async (part: readonly Step[]) => (await walk(part, bad)).failure?.rule === failure?.rule
  return await shrink(steps.slice(0, walker.taken), breaksIt, SHRINKING)
}

/** The seed, and what was sent and answered in the shortest sequence. */
async function report(steps: readonly Step[], walked: Walk): Promise<string> {
  process.stderr.write(`WALK_SEED=${SEED} breaks a rule: ${walked.failure?.message}. Shortening the walk …\n`)
  const short = await shortest(steps, walked)
  const { failure, walker } = await walk(short)
  const head = `WALK_SEED=${SEED}: ${short.length} of ${walked.walker.taken} steps break a rule.`
  return [head, failure?.message ?? walked.failure?.message, ...walker.trace].join('\n')
}

describe(`a random walk of ${STEPS} steps`, () => {
  const steps = stepsOf(SEED, STEPS)
  let walked: Walk
  beforeAll(async () => {
    walked = await walk(steps)
  }, PATIENCE)

  it('breaks no rule', { timeout: PATIENCE }, async () => {
    if (walked.failure) expect.fail(await report(steps, walked))
  })

  it.runIf(SEED === USUAL_SEED)('succeeds with every identity operation', () => {
    const elsewhere = /relation-tuples|^\/projects|^\/health|^\/version/
    const identity = publishedRoutes.filter(([, path]) => !elsewhere.test(path)).map(([, , operationId]) => operationId)
    expect(identity.filter((operationId) => !walked.walker.successes.has(operationId))).toEqual([])
  })

  it.runIf(SEED === USUAL_SEED)('comes to everything that it watches', () => {
    const done = [...walked.walker.deeds.keys()]
    expect(done).toEqual(
      expect.arrayContaining(['signed up', 'signed in', 'signed in again', 'revoked one', 'deleted']),
    )
    const proved = ['totp', 'lookup_secret', 'webauthn'].map((method) => `proved by ${method}`)
    const changed = ['profile', 'password', 'totp', 'codes', 'key'].map((what) => `changed ${what}`)
    const opened = ['recovery', 'verification'].map((kind) => `opened a link of ${kind}`)
    const socially = ['signed up', 'signed in', 'linked'].map((deed) => `${deed} socially`)
    expect(done).toEqual(expect.arrayContaining([...proved, ...changed, ...opened, ...socially]))
  })
})

describe('a walk notices, and tells by the fewest steps,', () => {
  it.each(BAD_SERVERS)('$what', { timeout: PATIENCE }, async (bad) => {
    const steps = stepsOf(USUAL_SEED, 300)
    const walked = await walk(steps, bad)
    expect(walked.failure?.rule).toBe(bad.rule)
    expect((await shortest(steps, walked, bad)).length).toBeLessThanOrEqual(3)
  })
})
