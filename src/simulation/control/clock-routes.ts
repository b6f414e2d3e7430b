import { parseDuration } from '../../config/duration.ts'
import { ok, type Reply } from '../../http/reply.ts'
import { isJsonObject } from '../../json.ts'
import { instant } from '../../state/clock.ts'
import { type ControlCall, ControlError, type ControlRoute } from './control-route.ts'

const CLOCK = {
  type: 'object',
  required: ['now', 'frozen'],
  properties: { now: { type: 'string', format: 'date-time' }, frozen: { type: 'boolean' } },
}

function getClock({ exchange }: ControlCall): Reply {
  const { clock } = exchange.world
  return ok({ now: instant(clock.now()), frozen: clock.frozen })
}

function putClock(call: ControlCall): Reply {
  const { clock } = call.exchange.world
  const { now, frozen } = isJsonObject(call.body) ? call.body : {}
  const at = typeof now === 'string' ? Date.parse(now) : undefined
  if (
    (now !== undefined && (at === undefined || Number.isNaN(at))) ||
    (frozen !== undefined && typeof frozen !== 'boolean') ||
    (now ?? frozen) === undefined
  ) {
    throw new ControlError(400, 'Send {"now": "2026-01-31T12:00:00Z", "frozen": true}, one of the two or both.')
  }
  // first, so that the clock stands at exactly the time that is set
  if (frozen === true) clock.freeze()
  if (frozen === false) clock.unfreeze()
  if (at !== undefined) clock.set(at)
  return getClock(call)
}

function advance(call: ControlCall): Reply {
  const by = isJsonObject(call.body) ? call.body['by'] : undefined
  const length = typeof by === 'string' ? parseDuration(by) : undefined
  if (length === undefined)
    throw new ControlError(400, 'Send {"by": "1h"}: a Go duration such as "30m", "1h30m" or "300ms".')
  call.exchange.world.clock.advance(length)
  return getClock(call)
}

export const clockRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/clock',
    summary: 'The time of the world, and whether it stands still.',
    answer: CLOCK,
    handle: getClock,
  },
  {
    method: 'PUT',
    path: '/clock',
    summary: 'Sets, stops or starts the clock.',
    body: { type: 'object', properties: { now: { type: 'string', format: 'date-time' }, frozen: { type: 'boolean' } } },
    answer: CLOCK,
    handle: putClock,
  },
  {
    method: 'POST',
    path: '/clock/advance',
    summary: 'Moves the clock on.',
    body: {
      type: 'object',
      required: ['by'],
      properties: { by: { type: 'string', description: 'A Go duration: 1h, 30m, 300ms.' } },
    },
    answer: CLOCK,
    handle: advance,
  },
]
