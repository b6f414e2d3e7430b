import type { Reply } from '../../http/reply.ts'
import type { FinalReply } from '../../http/send.ts'
import type { Mock } from '../../mock.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import { catalogue } from './catalogue.ts'
import { type DoorOptions, type MeetingSwitch, meeting, meetingSwitches, noDoorIsOpen, reaches } from './doors.ts'
import type { SwitchContext, Transport } from './switch.ts'
import { chanceOf, isDue } from './thrown.ts'

/**
 * The switches that meet a request, in the order in which they were thrown.
 * @throws ProblemError when a header or cookie names what does not exist
 */
export function findSwitches(exchange: Exchange, operationId: string, options: DoorOptions): readonly MeetingSwitch[] {
  return noDoorIsOpen(exchange) ? NONE : meetingSwitches(exchange, operationId, options)
}

const NONE: readonly MeetingSwitch[] = []

/**
 * Arranges world and request.
 * @returns the answer of a switch that leaves the operation out
 * @throws OryError where a switch answers by an error of the catalogue
 */
export async function arrange(exchange: Exchange, operationId: string): Promise<Reply | undefined> {
  for (const meeting of exchange.switches) {
    const arranged = await meeting.definition.effect.before?.(contextOf(exchange, operationId, meeting))
    if (arranged === undefined) continue
    if ('status' in arranged) return arranged
    exchange.change(arranged)
  }
  return undefined
}

/** The reply as the switches leave it. */
export function afterwards(exchange: Exchange, operationId: string, reply: Reply): Reply {
  return exchange.switches.reduce(
    (last, meeting) => meeting.definition.effect.after?.(last, contextOf(exchange, operationId, meeting)) ?? last,
    reply,
  )
}

/** The reply, now with all its cookies, as the switches leave it. */
export function afterCookies(exchange: Exchange, reply: Reply): Reply {
  const operationId = exchange.match?.operation.sameAs ?? ''
  return exchange.switches.reduce(
    (last, meeting) =>
      meeting.definition.effect.afterCookies?.(last, contextOf(exchange, operationId, meeting)) ?? last,
    reply,
  )
}

/** A preflight's answer as the switches leave it that meet the request to come. It is not counted: only that request is. */
export function afterPreflight(mock: Mock, exchange: Exchange, reply: FinalReply): FinalReply {
  const { world, headers, path } = exchange
  if (world.switches.size === 0) return reply
  const wanted = headers['access-control-request-method'] ?? ''
  const operationId = mock.contract.match(wanted.toUpperCase(), path)?.operation.sameAs ?? ''
  let last = reply
  for (const thrown of world.switches.values()) {
    const definition = catalogue.get(thrown.name)
    if (!definition?.onPreflight || !reaches(definition, thrown, operationId) || !isDue(thrown)) continue
    last = definition.effect.onWire?.(last, contextOf(exchange, operationId, meeting(thrown, definition))) ?? last
  }
  return last
}

/** What is sent as the switches leave it, and how. */
export function onWire(
  exchange: Exchange,
  reply: FinalReply,
): { readonly reply: FinalReply; readonly transport: Transport } {
  const operationId = exchange.match?.operation.sameAs ?? ''
  let next = reply
  let transport: Transport = {}
  for (const meeting of exchange.switches) {
    const context = contextOf(exchange, operationId, meeting)
    next = meeting.definition.effect.onWire?.(next, context) ?? next
    transport = { ...transport, ...meeting.definition.effect.transport?.(context) }
  }
  return { reply: next, transport }
}

/** Every stage of a call draws the same numbers. */
function contextOf(exchange: Exchange, operationId: string, meeting: MeetingSwitch): SwitchContext {
  const { definition, request, count, metAt, id } = meeting
  const { switches } = exchange.world
  const seed = `${request.name}/${request.seed ?? ''}/${count}`
  let drawn = 0
  return {
    call: exchange,
    operationId,
    parameters: parametersOf(meeting, definition.parameters),
    count,
    metAt,
    chance: () => chanceOf(seed, drawn++),
    memory: switches.get(id)?.memory,
    remember: (memory) => {
      const thrown = switches.get(id)
      if (thrown) switches.save({ ...thrown, memory })
    },
  }
}

/** Those that were given, and defaults for the others. */
function parametersOf(
  { request }: MeetingSwitch,
  known: MeetingSwitch['definition']['parameters'] = {},
): SwitchContext['parameters'] {
  const parameters: Record<string, string | number | boolean> = {}
  for (const [name, parameter] of Object.entries(known)) {
    const given = request.parameters?.[name]
    const isGiven = typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean'
    parameters[name] = isGiven ? given : parameter.default
  }
  return parameters
}
