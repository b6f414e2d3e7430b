import { createHash } from 'node:crypto'
import leven from 'leven'
import { parseDuration } from '../../config/duration.ts'
import { type Problem, ProblemError, under } from '../../config/problem.ts'
import type { Call } from '../../http/call.ts'
import { isJsonObject, type JsonObject } from '../../json.ts'
import type { StandingDoor, SwitchRequest, ThrownSwitch } from '../../state/thrown-switch.ts'
import type { World } from '../../state/world.ts'
import { catalogue } from './catalogue.ts'
import { notSwitchable } from './not-switchable.ts'
import { EVERY } from './operation-ids.ts'
import type { SwitchDefinition, SwitchParameter } from './switch.ts'

/**
 * What is wrong with a request to throw a switch, with JSON pointers: an unknown name, an operation that it cannot meet,
 * numbers out of range, parameters that it does not have.
 */
export function checkSwitchRequest(request: SwitchRequest): Problem[] {
  const definition = catalogue.get(request.name)
  if (!definition) return [unknownSwitch(request.name)]
  return [...checkOperation(request, definition), ...checkCounts(request), ...checkParameters(request, definition)]
}

function checkOperation({ name, operation }: SwitchRequest, definition: SwitchDefinition): Problem[] {
  if (operation === undefined || meets(definition, operation)) return []
  const known = EVERY.has(operation)
  const message = known ? `"${name}" cannot meet ${operation}.` : `there is no operation "${operation}".`
  const hint =
    definition.operations === '*'
      ? `${guess(operation, [...EVERY])}"ory-mock operations" lists them.`
      : `It meets ${definition.operations.join(', ')}.`
  return [{ pointer: '/operation', message, hint }]
}

function checkCounts({ times, after, probability }: SwitchRequest): Problem[] {
  const problems = Object.entries({ times, after }).flatMap(([key, value]) => {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) return []
    return [{ pointer: `/${key}`, message: 'must be a whole number above 0.', hint: `${value} is none.` }]
  })
  if (probability === undefined || (probability >= 0 && probability <= 1)) return problems
  const message = 'must be a number from 0 to 1.'
  return [...problems, { pointer: '/probability', message, hint: `${probability} is none.` }]
}

function checkParameters({ name, parameters = {} }: SwitchRequest, definition: SwitchDefinition): Problem[] {
  const known = new Map(Object.entries(definition.parameters ?? {}))
  return Object.entries(parameters).flatMap(([key, value]) => {
    const pointer = `/parameters/${key}`
    const parameter = known.get(key)
    if (!parameter) {
      const hint = known.size > 0 ? `It has ${[...known.keys()].join(', ')}.` : 'It has none.'
      return [{ pointer, message: `"${name}" has no such parameter.`, hint }]
    }
    if (fits(parameter, value)) return []
    return [{ pointer, message: `must be ${kindOf(parameter)}.`, hint: `It says: ${parameter.help}.` }]
  })
}

function fits({ type, pattern, default: otherwise, ...range }: SwitchParameter, value: unknown): boolean {
  if (value === otherwise) return true
  if (type === 'duration') return typeof value === 'string' && isWithin(parseDuration(value), range)
  if (type === 'number') return typeof value === 'number' && isWithin(value, range)
  return typeof value === type && (pattern === undefined || new RegExp(pattern).test(String(value)))
}

function isWithin(
  value: number | undefined,
  { minimum = -Infinity, maximum = Infinity }: Pick<SwitchParameter, 'minimum' | 'maximum'>,
): boolean {
  return value !== undefined && Number.isFinite(value) && value >= minimum && value <= maximum
}

/** What a parameter takes, in words. */
function kindOf({ type, minimum, maximum }: SwitchParameter): string {
  if (type === 'duration') return `a duration${minimum === 0 ? ' of 0s or more' : ''}, such as "300ms" or "1h30m"`
  if (type === 'string') return 'a text that it understands'
  if (type === 'boolean' || (minimum === undefined && maximum === undefined)) return `a ${type}`
  if (maximum === undefined) return `a number from ${minimum}`
  return minimum === undefined ? `a number up to ${maximum}` : `a number from ${minimum} to ${maximum}`
}

/** What is wrong with a list of switches, each a name or a name with what narrows it. */
export function checkSwitches(entries: readonly (string | SwitchRequest)[], pointer: string): Problem[] {
  return entries.flatMap((entry, index) => checkSwitch(entry, `${pointer}/${index}`))
}

/** What is wrong with the switches of a configuration, or of a patch of one, that is otherwise fine. */
export function checkConfiguredSwitches({ mock }: JsonObject): Problem[] {
  const switches = isJsonObject(mock) ? mock['switches'] : undefined
  return Array.isArray(switches) ? checkSwitches(switches as readonly (string | SwitchRequest)[], '/mock/switches') : []
}

/** What is wrong with a switch of a list or a step, named alone or with what narrows it. A name alone has no keys. */
export function checkSwitch(entry: string | SwitchRequest, pointer: string): Problem[] {
  const problems = checkSwitchRequest(asRequest(entry))
  return under(pointer, typeof entry === 'string' ? problems.map((p) => ({ ...p, pointer: '' })) : problems)
}

export const asRequest = (entry: string | SwitchRequest): SwitchRequest =>
  typeof entry === 'string' ? { name: entry } : entry

function unknownSwitch(name: string): Problem {
  const reason = new Map<string, string>(Object.entries(notSwitchable)).get(name)
  if (reason !== undefined) return { pointer: '/name', message: `"${name}" cannot be switched on.`, hint: reason }
  const hint = `${guess(name, [...catalogue.keys()])}"ory-mock switches" lists them.`
  return { pointer: '/name', message: `there is no switch "${name}".`, hint }
}

function guess(name: string, names: readonly string[]): string {
  const [near] = names.map((each) => [leven(name, each), each] as const).sort((a, b) => a[0] - b[0])
  return near && near[0] <= Math.max(3, name.length / 3) ? `Did you mean "${near[1]}"? ` : ''
}

export function meets({ operations }: SwitchDefinition, operationId: string): boolean {
  return operations === '*' ? EVERY.has(operationId) : operations.includes(operationId)
}

/** Whether a switch is about a call of one of its operations, or arranges the world for the one that it is about. */
export function concern({ effect }: SwitchDefinition, call: Call, operationId: string): boolean | 'on the way' {
  return effect.concerns?.(call, operationId) ?? true
}

/**
 * Throws a switch in a world.
 * @throws ProblemError
 */
export function throwSwitch(world: World, request: SwitchRequest, door: StandingDoor): ThrownSwitch {
  const problems = checkSwitchRequest(request)
  if (problems.length > 0) throw new ProblemError(problems)
  const thrown: ThrownSwitch = { id: world.chance.uuid(), ...request, door, seen: 0, met: 0 }
  world.switches.save(thrown)
  return thrown
}

/**
 * Throws the switches that the configuration of a world names, in place of those that it named before.
 * @throws ProblemError
 */
export function throwConfigured(world: World): void {
  const { switches } = world.settings.mock
  const problems = checkSwitches(switches, '/mock/switches')
  if (problems.length > 0) throw new ProblemError(problems)
  for (const { id, door } of [...world.switches.values()]) if (door === 'config') world.switches.delete(id)
  for (const entry of switches) throwSwitch(world, asRequest(entry), 'config')
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
