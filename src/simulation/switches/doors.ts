import type { Call } from '../../http/call.ts'
import type { Millis } from '../../state/clock.ts'
import { DOORS, type Door, type SwitchRequest, type ThrownSwitch } from '../../state/thrown-switch.ts'
import type { World } from '../../state/world.ts'
import { type Carried, ofCookie, ofHeader, ofPreference, SWITCH_COOKIE, SWITCH_HEADER } from './carried.ts'
import { catalogue } from './catalogue.ts'
import { magicSwitch } from './magic.ts'
import type { SwitchDefinition } from './switch.ts'
import { concern, isDue, meets } from './thrown.ts'

/** A switch that meets this call. */
export interface MeetingSwitch {
  readonly name: string
  readonly door: Door
  readonly definition: SwitchDefinition
  readonly request: SwitchRequest
  /** How often it has met a call, this one included. */
  readonly count: number
  /** When it met them, by the world's clock. */
  readonly metAt: readonly Millis[]
  /** The id under which the world knows it; it may know nothing of it. */
  readonly id: string
}

/** So many of the calls that it met a switch remembers. */
const REMEMBERED = 1000
/** So many switches that calls carry themselves are counted in one world; beyond, the oldest are forgotten. */
const COUNTED = 1000

/** What the server allows. */
export interface DoorOptions {
  /** Whether identifiers such as `SWITCH-NAME@mock.test` are magic. */
  readonly magic: boolean
}

/**
 * The switches that meet a call: those of the narrowest door that has any. A door is looked through, and its calls are
 * counted, only when no narrower one has a switch for the call.
 * @throws ProblemError when a header or cookie names what does not exist
 */
export function meetingSwitches(call: Call, operationId: string, { magic }: DoorOptions): readonly MeetingSwitch[] {
  for (const door of DOORS) {
    if (door === 'magic' && !magic) continue
    const met = throughDoor(call, operationId, door)
    if (met.length > 0) return met
  }
  return []
}

function throughDoor(call: Call, operationId: string, door: Door): readonly MeetingSwitch[] {
  return entriesOf(call, operationId, door).flatMap((thrown) => {
    const definition = catalogue.get(thrown.name)
    if (!definition || !reaches(definition, thrown, operationId)) return []
    const concerned = concern(definition, call, operationId)
    if (concerned === 'on the way') return isDue(thrown) ? [meeting(thrown, definition)] : []
    return concerned ? count(call.world, thrown, definition) : []
  })
}

/** The switches behind a door, with what is known of their earlier calls. */
function entriesOf(call: Call, operationId: string, door: Door): readonly ThrownSwitch[] {
  switch (door) {
    case 'magic': {
      const name = magicSwitch(call, operationId)
      return name === undefined ? [] : [carriedBy(call.world, door, { text: name, request: { name } })]
    }
    case 'header':
      return ofHeader(call).map((carried) => carriedBy(call.world, door, carried))
    case 'prefer':
      return ofPreference(call, operationId).map((carried) => carriedBy(call.world, door, carried))
    case 'cookie':
      return ofCookie(call).map((carried) => carriedBy(call.world, door, carried))
    case 'control':
    case 'scenario':
    case 'config':
      return [...call.world.switches.values()].filter((thrown) => thrown.door === door)
  }
}

function carriedBy(world: World, door: Door, { text, request }: Carried): ThrownSwitch {
  const id = `${door}/${text}`
  return world.switches.get(id) ?? { id, ...request, door, seen: 0, met: 0 }
}

export function reaches(
  definition: SwitchDefinition,
  { operation }: { readonly operation?: string },
  operationId: string,
): boolean {
  return meets(definition, operationId) && (operation === undefined || operation === operationId)
}

/** Counts a call that a switch could meet; answers the switch if it does. A used-up one is cleared. */
function count(world: World, thrown: ThrownSwitch, definition: SwitchDefinition): readonly MeetingSwitch[] {
  const due = isDue(thrown)
  const metAt = [...(thrown.met_at ?? []).slice(1 - REMEMBERED), world.now()]
  const next = { ...thrown, seen: thrown.seen + 1, ...(due ? { met: thrown.met + 1, met_at: metAt } : {}) }
  keep(world, next, definition)
  return due ? [meeting(next, definition)] : []
}

/** A switch that meets a call, as it is thrown. */
export function meeting(thrown: ThrownSwitch, definition: SwitchDefinition): MeetingSwitch {
  const { id, name, door, met, met_at: metAt = [] } = thrown
  return { id, name, door, definition, request: thrown, count: met, metAt }
}

function keep(world: World, thrown: ThrownSwitch, definition: SwitchDefinition): void {
  if (isStanding(thrown)) {
    if (thrown.times !== undefined && thrown.met >= thrown.times) world.switches.delete(thrown.id)
    else world.switches.save(thrown)
    return
  }
  const { times, after, probability } = thrown
  if (!definition.counts && times === undefined && after === undefined && probability === undefined) return
  world.switches.save(thrown)
  const carried = [...world.switches.values()].filter((each) => !isStanding(each))
  for (const { id } of carried.slice(0, -COUNTED)) world.switches.delete(id)
}

/** Thrown until it is cleared, and not carried by a call. */
export function isStanding({ door }: Pick<ThrownSwitch, 'door'>): boolean {
  return door === 'control' || door === 'scenario' || door === 'config'
}

/** Where a magic address stands in a body, as JSON and forms write it. */
const MAGIC = /(@|%40)mock\.test/i

/** True where no door is open, so that the look-up can be left out. */
export function noDoorIsOpen({ world, headers, body }: Call): boolean {
  return (
    world.switches.size === 0 &&
    headers[SWITCH_HEADER] === undefined &&
    headers['prefer'] === undefined &&
    !headers.cookie?.includes(SWITCH_COOKIE) &&
    world.magicIdentities.size === 0 &&
    !MAGIC.test(body.text)
  )
}
