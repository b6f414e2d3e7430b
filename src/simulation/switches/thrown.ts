import { createHash } from 'node:crypto'
import leven from 'leven'
import { parseDuration } from '../../config/duration.ts'
import { type Problem, ProblemError } from '../../config/problem.ts'
import type { ThrownSwitch } from '../../state/thrown-switch.ts'
import type { World } from '../../state/world.ts'
import { catalogue } from './catalogue.ts'
import type { SwitchDefinition, SwitchRequest } from './switch.ts'

/**
 * What is wrong with a request to throw a switch, with JSON pointers: an unknown name, an operation that it cannot meet,
 * numbers out of range, parameters that it does not have.
 */
export function checkSwitchRequest(request: SwitchRequest): Problem[] {
  const definition = catalogue.get(request.name)
  if (!definition) return [unknownSwitch(request.name)]
  const { operation, times, after, probability, parameters = {} } = request
  const problems: Problem[] = []
  const wrong = (pointer: string, message: string, hint: string) => problems.push({ pointer, message, hint })
  if (operation !== undefined && !meets(definition, operation)) {
    wrong('/operation', `"${request.name}" cannot meet ${operation}.`, `It meets ${list(definition)}.`)
  }
  const counts = { times, after }
  for (const [key, value] of Object.entries(counts)) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1))
      wrong(`/${key}`, 'must be a whole number above 0.', `${value} is none.`)
  }
  if (probability !== undefined && !(probability >= 0 && probability <= 1)) {
    wrong('/probability', 'must be a number from 0 to 1.', `${probability} is none.`)
  }
  for (const [name, value] of Object.entries(parameters)) {
    const known = definition.parameters?.[name]
    const names = Object.keys(definition.parameters ?? {})
    if (!known)
      wrong(
        `/parameters/${name}`,
        `"${request.name}" has no such parameter.`,
        names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.',
      )
    else if (!fits(known.type, value)) wrong(`/parameters/${name}`, `must be a ${known.type}.`, known.help)
  }
  return problems
}

function fits(type: string, value: unknown): boolean {
  if (type === 'duration') return typeof value === 'string' && parseDuration(value) !== undefined
  return typeof value === type
}

const list = ({ operations }: SwitchDefinition): string =>
  operations === '*' ? 'every operation' : operations.join(', ')

/** The names in a list that are no switch's, by pointer. */
export function checkSwitchNames(names: readonly string[], pointer: string): Problem[] {
  return names.flatMap((name, index) =>
    catalogue.has(name) ? [] : [{ ...unknownSwitch(name), pointer: `${pointer}/${index}` }],
  )
}

export function unknownSwitch(name: string): Problem {
  const near = [...catalogue.keys()].map((each) => [leven(name, each), each] as const).sort((a, b) => a[0] - b[0])[0]
  const guess = near && near[0] <= Math.max(3, name.length / 3) ? `Did you mean "${near[1]}"? ` : ''
  return { pointer: '/name', message: `there is no switch "${name}".`, hint: `${guess}"ory-mock switches" lists them.` }
}

export function meets({ operations }: SwitchDefinition, operationId: string): boolean {
  return operations === '*' || operations.includes(operationId)
}

/**
 * Throws a switch in a world.
 * @throws ProblemError
 */
export function throwSwitch(world: World, request: SwitchRequest, door: ThrownSwitch['door']): ThrownSwitch {
  const problems = checkSwitchRequest(request)
  if (problems.length > 0) throw new ProblemError(problems)
  const thrown: ThrownSwitch = { id: world.chance.uuid(), ...request, door, seen: 0, met: 0 }
  world.switches.save(thrown)
  return thrown
}

/** Whether a thrown switch meets its next call: counts, and the share that chance leaves to it. */
export function isDue({
  times,
  after = 1,
  probability = 1,
  seed = '',
  seen,
  met,
}: Omit<ThrownSwitch, 'id' | 'door' | 'met_at'>): boolean {
  if (times !== undefined && met >= times) return false
  return seen + 1 >= after && chanceOf(seed, seen) < probability
}

/** A number from 0 up to 1 that depends on nothing but seed and count. */
export function chanceOf(seed: string, count: number): number {
  return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE(0) / 2 ** 32
}
