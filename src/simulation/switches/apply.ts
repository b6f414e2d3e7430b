import type { Reply } from '../../http/reply.ts'
import type { FinalReply } from '../../http/send.ts'
import type { Exchange } from '../../pipeline/exchange.ts'
import { catalogue } from './catalogue.ts'
import { type MeetingSwitch, meetingSwitches, noDoorIsOpen } from './doors.ts'
import type { SwitchContext, Transport } from './switch.ts'
import { chanceOf } from './thrown.ts'

/** The switches that meet a request, in the order in which they were thrown. */
export function findSwitches(exchange: Exchange, operationId: string): readonly MeetingSwitch[] {
  return noDoorIsOpen(exchange) ? NONE : meetingSwitches(exchange, operationId)
}

const NONE: readonly MeetingSwitch[] = []

/** Arranges world and request. @throws OryError where a switch answers by an error of the catalogue */
export async function arrange(exchange: Exchange, operationId: string): Promise<void> {
  for (const meeting of exchange.switches) {
    const change = await meeting.definition.effect.before?.(contextOf(exchange, operationId, meeting))
    if (change) exchange.change(change)
  }
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

/** A preflight's answer as the thrown switches leave it that meet preflights. */
export function afterPreflight(exchange: Exchange, reply: FinalReply): FinalReply {
  for (const thrown of exchange.world.switches.values()) {
    const definition = catalogue.get(thrown.name)
    if (!definition?.onPreflight) continue
    const meeting = { name: thrown.name, definition, request: thrown, count: thrown.met, metAt: thrown.met_at ?? [] }
    reply = definition.effect.onWire?.(reply, contextOf(exchange, '', meeting)) ?? reply
  }
  return reply
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

function contextOf(
  exchange: Exchange,
  operationId: string,
  { definition, request, count, metAt }: MeetingSwitch,
): SwitchContext {
  const parameters: Record<string, string | number | boolean> = {}
  for (const [name, parameter] of Object.entries(definition.parameters ?? {})) {
    const given = request.parameters?.[name]
    parameters[name] =
      typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? given : parameter.default
  }
  let drawn = 0
  const recent = (window: number): number => metAt.filter((at) => at > exchange.world.now() - window).length
  const seed = `${request.name}/${request.seed ?? ''}/${count}`
  return { call: exchange, operationId, parameters, count, recent, chance: () => chanceOf(seed, drawn++) }
}
