import { ProblemError } from '../../config/problem.ts'
import type { Call } from '../../http/call.ts'
import type { Json } from '../../json.ts'
import type { Millis } from '../../state/clock.ts'
import type { ThrownSwitch } from '../../state/thrown-switch.ts'
import { catalogue } from './catalogue.ts'
import { magicSwitch } from './magic.ts'
import { DOORS, type Door, type SwitchDefinition, type SwitchRequest } from './switch.ts'
import { checkSwitchRequest, isDue, meets } from './thrown.ts'

export const SWITCH_HEADER = 'x-mock-switch'
export const SWITCH_COOKIE = 'mock_switch'

/** A switch that meets this call. */
export interface MeetingSwitch {
  readonly name: string
  readonly definition: SwitchDefinition
  readonly request: SwitchRequest
  /** How often it has met a call, this one included. */
  readonly count: number
  /** When it met them, by the world's clock. */
  readonly metAt: readonly Millis[]
}

/** So many of the calls that it met a thrown switch remembers. */
const REMEMBERED = 1000

/**
 * The switches that meet a call, by the narrowest door that has any; the thrown ones of the world are counted.
 * @throws ProblemError when a header or cookie names what does not exist
 */
export function meetingSwitches(call: Call, operationId: string): readonly MeetingSwitch[] {
  const { world } = call
  const byDoor = new Map<Door, MeetingSwitch[]>()
  const add = (door: Door, request: SwitchRequest, count = 1, metAt: readonly Millis[] = [world.now()]): void => {
    const definition = catalogue.get(request.name)
    if (definition && reaches(definition, request, operationId)) {
      byDoor.set(door, [...(byDoor.get(door) ?? []), { name: request.name, definition, request, count, metAt }])
    }
  }
  const magic = magicSwitch(call, operationId)
  if (magic !== undefined) add('magic', { name: magic })
  for (const request of named(headerOf(call, SWITCH_HEADER), `the header ${SWITCH_HEADER}`)) add('header', request)
  const preferred = preferredSwitch(call, operationId)
  if (preferred !== undefined) add('prefer', { name: preferred })
  for (const request of named(call.cookies.get(SWITCH_COOKIE), `the cookie ${SWITCH_COOKIE}`)) add('cookie', request)
  for (const thrown of [...world.switches.values()]) {
    if (reaches(catalogue.get(thrown.name), thrown, operationId) && count(call, thrown))
      add(thrown.door, thrown, thrown.met + 1, [...(thrown.met_at ?? []), world.now()])
  }
  for (const door of DOORS) {
    const found = byDoor.get(door)
    if (found) return found
  }
  return []
}

/** The status of `Prefer: code=410`; undefined when the header asks for none. */
export function preferredStatus(call: Call): number | undefined {
  const code = /(?:^|[,;\s])code=(\d{3})(?:$|[,;\s])/.exec(headerOf(call, 'prefer') ?? '')?.[1]
  return code === undefined ? undefined : Number(code)
}

/** The first switch of the catalogue that makes the operation answer the preferred status. */
function preferredSwitch(call: Call, operationId: string): string | undefined {
  const status = preferredStatus(call)
  if (status === undefined) return undefined
  for (const [name, definition] of catalogue) {
    if (definition.status === status && definition.operations !== '*' && meets(definition, operationId)) return name
  }
  return undefined
}

/** True where no door is open, so that the look-up can be left out. */
export function noDoorIsOpen({ world, headers, body }: Call): boolean {
  return (
    world.switches.size === 0 &&
    headers[SWITCH_HEADER] === undefined &&
    headers['prefer'] === undefined &&
    !headers.cookie?.includes(SWITCH_COOKIE) &&
    world.magicIdentities.size === 0 &&
    !body.text.includes('@mock.test') &&
    !body.text.includes('%40mock.test')
  )
}

function reaches(
  definition: SwitchDefinition | undefined,
  { operation }: Pick<SwitchRequest, 'operation'>,
  operationId: string,
): boolean {
  return (
    definition !== undefined && meets(definition, operationId) && (operation === undefined || operation === operationId)
  )
}

/** Counts a call that a thrown switch could meet; answers whether it does. A used-up switch is cleared. */
function count({ world }: Call, thrown: ThrownSwitch): boolean {
  const due = isDue(thrown)
  const met = due ? { met: thrown.met + 1, met_at: [...(thrown.met_at ?? []).slice(1 - REMEMBERED), world.now()] } : {}
  const next: ThrownSwitch = { ...thrown, seen: thrown.seen + 1, ...met }
  if (next.times !== undefined && next.met >= next.times) world.switches.delete(thrown.id)
  else world.switches.save(next)
  return due
}

function headerOf(call: Call, name: string): string | undefined {
  const value = call.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** `name[;operation=…][;parameter=…], name…` */
function named(text: string | undefined, where: string): SwitchRequest[] {
  if (text === undefined || text.trim() === '') return []
  return text.split(',').map((part) => {
    const [name = '', ...pairs] = part.split(';').map((each) => each.trim())
    const given = new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
    )
    const request = toRequest(name, given)
    const problems = checkSwitchRequest(request)
    if (problems.length > 0) throw new ProblemError(problems.map((problem) => ({ ...problem, file: where })))
    return request
  })
}

const OPTIONS = new Set(['operation', 'times', 'after', 'probability', 'seed'])

function toRequest(name: string, given: ReadonlyMap<string, string>): SwitchRequest {
  const parameters: Record<string, Json> = {}
  for (const [key, value] of given) {
    const type = catalogue.get(name)?.parameters?.[key]?.type
    if (!OPTIONS.has(key))
      parameters[key] = type === 'number' ? Number(value) : type === 'boolean' ? value === 'true' : value
  }
  const operation = given.get('operation')
  return {
    name,
    ...(operation === undefined ? {} : { operation }),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  }
}
