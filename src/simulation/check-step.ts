import type { Problem } from '../config/problem.ts'
import type { Step } from './scenario.ts'
import { checkSwitch } from './switches/thrown.ts'

/** What a step does that sends no request of its own. */
const ALONE = ['advance', 'throw', 'clear'] as const

/**
 * What a schema cannot say well: a step is a request with its answer, or does one other thing; and its switch exists.
 * @returns problems with pointers from the scenario's root
 */
export function checkStep(step: Step, index: number): Problem[] {
  const pointer = `/steps/${index}`
  const alone = ALONE.find((key) => step[key] !== undefined)
  if (alone !== undefined) {
    const others = Object.keys(step).filter((key) => key !== alone && key !== 'title')
    const wrong = others.map((key) => ({
      pointer: `${pointer}/${key}`,
      ofKey: true as const,
      message: `"${alone}" stands alone in its step.`,
      hint: 'Make two steps of it.',
    }))
    return step.throw === undefined ? wrong : [...wrong, ...checkSwitch(step.throw, `${pointer}/throw`)]
  }
  if (step.request && step.expect) return []
  const hint = 'A step is {"request": …, "expect": …}, {"advance": "31m"}, {"throw": "slow"} or {"clear": true}.'
  return [{ pointer, message: `has no ${step.request ? '"expect"' : '"request"'}.`, hint }]
}
